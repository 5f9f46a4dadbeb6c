// Rules about flows that are written as `trigger` and `steps`. The compiler checks them, and the SDK does where nobody asked the compiler; what it finds
// comes along as `findings`.
import { rulesOf, type Example } from "./rule";
import { delay, flowOf } from "./examples";

const plain = flowOf({ pause: delay() });
const found = (rule: string, what: string, path: readonly string[] = ["actions", "pause"]): Example => ({
  flow: { ...plain.flow, findings: [{ rule, path, what }] },
});

export const compositionRules = rulesOf({
  "step-key": {
    severity: "error",
    refusedBy: "meaning",
    text: "The first argument of a step is its id, made of letters, digits, `_` and `-`.",
    why: "People in flight are tied to it, and state, previews and logs show it, so it is not a title",
    cites: "authoring §3",
    fails: found("step-key", '"Wait 3 days" is not an id'),
    passes: plain,
  },
  "step-entry": {
    severity: "error",
    refusedBy: "meaning",
    text: "A list of steps holds steps, lists of steps, `false` and `undefined`, all known in the program.",
    why: "Steps are the structure of the flow",
    cites: "authoring §3",
    fails: found("step-entry", 'expected a step, got the text "welcome"', ["actions"]),
    passes: plain,
  },
  "step-option": {
    severity: "error",
    refusedBy: "meaning",
    text: "A step has only options that its function takes.",
    why: "It would have no effect",
    cites: "authoring §2",
    fails: found("step-option", "`subjct` is not an option of email"),
    passes: plain,
  },
  "step-after-end": {
    severity: "error",
    refusedBy: "meaning",
    text: "Nothing follows `exit` or `goTo` in a list.",
    why: "It is never reached",
    cites: "authoring §3",
    fails: found("step-after-end", "a step after exit() or goTo() is never reached"),
    passes: plain,
  },
  "empty-path": {
    severity: "error",
    refusedBy: "meaning",
    text: "A branch has steps, or is `nothing`.",
    why: "An empty list looks like a forgotten branch",
    cites: "authoring §3",
    fails: found("empty-path", "a branch of this step is empty"),
    passes: plain,
  },
  "branch-paths": {
    severity: "error",
    refusedBy: "meaning",
    text: "A branch step takes branches of its kind, with `otherwise` last.",
    why: "Branches are tried in order, and the last one takes everybody who is left",
    cites: "authoring §3, run time §3.6",
    fails: found("branch-paths", "`otherwise` is not the last branch"),
    passes: plain,
  },
  "share-name": {
    severity: "error",
    refusedBy: "meaning",
    text: "Each share of a split has a different name.",
    why: "The name is its label in metrics",
    cites: "authoring §10",
    fails: found("share-name", 'two shares have the name "offer"'),
    passes: plain,
  },
  "dead-jump": {
    severity: "error",
    refusedBy: "meaning",
    text: "`goTo` names a step of the flow by its first argument.",
    why: "There would be no step to continue with",
    cites: "authoring §3",
    fails: found("dead-jump", 'goTo: no step has the id "welcom"'),
    passes: plain,
  },
  "braces-in-hole": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A plain text in a hole of liquid`…` or hog`…` has no tags.",
    why: "A hole holds data, so its braces are escaped and people see them; nobody's name can become a tag",
    cites: "run time §6.1, §6.2",
    fails: found(
      "braces-in-hole",
      'a plain text with {{ or {% is in a hole, and is sent unchanged: "{{ unsubscribe_url }}"',
    ),
    passes: plain,
  },
});

// Rules about the values that steps are given: conditions, texts, files, output variables. The compiler checks what it can, and the SDK the rest; what it
// finds comes along as `findings`.
import { rulesOf, type Example } from "./rule";
import { delay, flowOf } from "./examples";

const plain = flowOf({ pause: delay() });
const found = (rule: string, what: string): Example => ({
  flow: { ...plain.flow, findings: [{ rule, path: ["actions", "pause"], what }] },
});

export const valueRules = rulesOf({
  "condition-kind": {
    severity: "error",
    refusedBy: "meaning",
    text: "A condition is given where one is expected, and an event where an event is expected.",
    why: "There would be nothing to test",
    cites: "authoring §3",
    fails: found("condition-kind", "is a property, not a condition"),
    passes: plain,
  },
  "condition-scope": {
    severity: "error",
    refusedBy: "meaning",
    text: "A condition is used where PostHog can test it: cohorts in an audience, event properties outside of one, variables in a run.",
    why: "PostHog refuses it, or it would never match",
    cites: "API §3.4, run time §5.2",
    fails: found("condition-scope", "a condition on a cohort cannot be used here"),
    passes: plain,
  },
  "text-language": {
    severity: "error",
    refusedBy: "meaning",
    text: "A text is in the language that its input takes, and all texts of an input are in the same language.",
    why: "PostHog renders one language for each input, and would send the other one as it is written",
    cites: "API §2.3.1, run time §6",
    fails: found("text-language", "is a hog text, but Liquid is expected"),
    passes: plain,
  },
  "text-place": {
    severity: "error",
    refusedBy: "meaning",
    text: "A reference, a template or a file is used only where a text is rendered.",
    why: "Elsewhere PostHog would read it literally",
    cites: "authoring §3",
    fails: found("text-place", "a reference is used where a plain value is expected"),
    passes: plain,
  },
  "text-escape": {
    severity: "error",
    refusedBy: "meaning",
    text: "JavaScript keeps every backslash of a liquid`…` or hog`…` text.",
    why: "JavaScript reads backslashes before the text is created",
    cites: "run time §6.1",
    fails: found("text-escape", "loses the backslash before a brace"),
    passes: plain,
  },
  "secret-in-source": {
    severity: "error",
    refusedBy: "meaning",
    text: "A secret is not written in the program.",
    why: "Everybody who can read the repository could read it",
    cites: "authoring §3",
    fails: found("secret-in-source", "is a secret, but is written in the program"),
    passes: plain,
  },
  "group-name": {
    severity: "error",
    refusedBy: "meaning",
    text: "A text reads a group by the name of its type.",
    why: "Templates find groups by name, filters by index",
    cites: "run time §6.3",
    fails: found("group-name", "a text reads groups by the name of their type, but only the index is given"),
    passes: plain,
  },
  "output-variable": {
    severity: "error",
    refusedBy: "meaning",
    text: "A step's result is stored in a declared variable.",
    why: "PostHog drops a result without a key",
    cites: "run time §3.10",
    fails: found("output-variable", "is not a variable of the flow"),
    passes: plain,
  },
  "file-missing": {
    severity: "error",
    refusedBy: "meaning",
    text: "Files can be read.",
    why: "Paths are relative to the folder of the Pulumi project",
    cites: "authoring §3",
    fails: found("file-missing", "the file mails/welcome.html cannot be read (ENOENT)"),
    passes: plain,
  },
  "file-json": {
    severity: "error",
    refusedBy: "meaning",
    text: "A file of data holds JSON.",
    why: "It is read when the flow is created",
    cites: "authoring §3",
    fails: found("file-json", "the file mails/welcome.design.json is not JSON (Unexpected end of JSON input)"),
    passes: plain,
  },
  "mjml-missing": {
    severity: "error",
    refusedBy: "meaning",
    text: "A program with MJML texts has the package `mjml` installed.",
    why: "It converts MJML to HTML",
    cites: "authoring §3",
    fails: found("mjml-missing", "mails/welcome.mjml needs the package mjml"),
    passes: plain,
  },
});

// Rules about a resource's own arguments: seen by the SDK, by lifecycle/flow-check and place-check, and by lifecycle/acknowledged.
import { rulesOf } from "./rule";
import { delay, flowOf } from "./examples";

const plain = flowOf({ pause: delay() });
const withArgs = (args: object): { flow: Record<string, unknown> } => ({ flow: { ...plain.flow, ...args } });

export const settingRules = rulesOf({
  program: {
    severity: "error",
    refusedBy: "meaning",
    text: "The program describes one flow in one form, with a structure that is known and values that fit in JSON.",
    why: "It could not be sent",
    cites: "design §3",
    fails: withArgs({
      findings: [{ path: ["actions", "pause", "name"], what: "is an output, but must be known in the program" }],
    }),
    passes: plain,
  },
  "unknown-argument": {
    severity: "error",
    refusedBy: "meaning",
    text: "The resource has only known arguments.",
    why: "It would have no effect",
    cites: "design §6",
    fails: withArgs({
      findings: [
        {
          rule: "unknown-argument",
          path: ["exitConditon"],
          what: "`exitConditon` is not an argument of HogFlow",
          suggestion: "`exitCondition`",
        },
      ],
    }),
    passes: withArgs({ exitCondition: "exit_only_at_end" }),
  },
  setting: {
    severity: "error",
    refusedBy: "meaning",
    text: "Lifecycle flags have one of the allowed values.",
    why: "It decides what happens to a live flow",
    cites: "design §4",
    fails: withArgs({ onDelete: "forget" }),
    passes: withArgs({ onDelete: "archive" }),
  },
  "editor-owns-path": {
    severity: "error",
    refusedBy: "meaning",
    text: "`editorOwns` holds paths of fields that have a first value in the program and are not structure.",
    why: "There would be no field to leave to the editor",
    cites: "design L17",
    fails: withArgs({ editorOwns: ["actions.pause.config.delayUntil"] }),
    passes: withArgs({ editorOwns: ["actions.pause.config.delayDuration"] }),
  },
  "acknowledge-unknown": {
    severity: "error",
    refusedBy: "meaning",
    text: "`acknowledge` holds names of rules, with or without a path: `loop`, `loop@actions.pause`.",
    why: "A misspelt name would silence nothing",
    cites: "design §6",
    fails: withArgs({ acknowledge: ["wait-clampd"] }),
    passes: { flow: { ...flowOf({ pause: delay("90m") }).flow, acknowledge: ["wait-clamped"] } },
  },
  "acknowledge-error": {
    severity: "error",
    refusedBy: "meaning",
    text: "Only warnings are acknowledged.",
    why: "An error stops `up` in any case",
    cites: "design §6",
    fails: withArgs({ acknowledge: ["duration"] }),
    passes: { flow: { ...flowOf({ pause: delay("90m") }).flow, acknowledge: ["wait-clamped@actions.pause"] } },
  },
  "acknowledge-idle": {
    severity: "warning",
    refusedBy: "meaning",
    text: "Every entry of `acknowledge` silences a warning.",
    why: "Its warning is gone, and it would silence the next one before you see it",
    cites: "design §6",
    fails: withArgs({ acknowledge: ["wait-clamped"] }),
    passes: { flow: { ...flowOf({ pause: delay("90m") }).flow, acknowledge: ["wait-clamped"] } },
  },
});

/** Rules that need more than a definition: the state, the stack's configuration, or PostHog. They are no part of `validate`. */
export const resourceRules = {
  place: { severity: "error", text: "A resource has a valid host and project.", cites: "design L16" },
  moved: {
    severity: "error",
    text: "A live resource moves to another host or project only with `replaceOnMove`.",
    cites: "design L16",
  },
  "move-refused": {
    severity: "error",
    text: "The target that a resource moves to accepts the key, and its project answers.",
  },
  "move-unseen": { severity: "warning", text: "Preview can ask the target that a resource moves to." },
  adopt: {
    severity: "error",
    text: "An adopted flow or schedule exists, and equals the program unless `overwriteDrift` is set.",
    cites: "design L12",
  },
  "other-owner": {
    severity: "error",
    text: "Only the owner changes a flow. The last marker in its description names the owner; `adoptFrom` takes the flow over.",
    cites: "design L12",
  },
  "key-in-clear": { severity: "warning", text: "The API key in the stack's configuration is set as a secret." },
  "key-unseen": {
    severity: "warning",
    why: "The engine gives a plugin the configuration of its own package alone",
    text: "Where the plugin serves a program, the keys and `adoptFrom` of the stack are in the configuration of `hogflow`.",
  },
  "key-kind": { severity: "warning", text: "The kind of the API key fits what the resource needs." },
  "adopt-secret": {
    severity: "warning",
    text: "A secret of an adopted flow is the one that PostHog has stored: `stored()`.",
  },
  "adopt-unseen": { severity: "warning", text: "Preview can read what is adopted.", cites: "design L12" },
  twin: {
    severity: "warning",
    why: "Whatever starts one also starts the other, so people get everything twice",
    text: "No two active flows of a program have the same trigger and steps.",
  },
  renamed: {
    severity: "warning",
    why: "This `up` creates a second flow, both run until the old one is deleted, and people in flight leave it then",
    text: "A renamed resource has the resource option `aliases`, which keeps its flow.",
  },
  resumes: {
    severity: "warning",
    why: "Somebody may have stopped it for a reason, and the status in the program decides",
    text: "An `up` does not switch on a flow that somebody switched off in PostHog.",
    cites: "design L3",
  },
  "unmanaged-schedule": {
    severity: "error",
    text: "Every live schedule of a flow that carries the stack's marker is managed by a resource, or acknowledged.",
    cites: "design L5",
  },
  "kept-secret": {
    severity: "error",
    text: "`stored()`, or `{ secret: true }`, keeps a value that PostHog has for this step.",
    cites: "API §2.3.3",
  },
  "editor-owned": {
    severity: "warning",
    text: "The program does not change a value that the editor owns.",
    cites: "design L17",
  },
} as const satisfies Record<string, { severity: "error" | "warning"; text: string; why?: string; cites?: string }>;

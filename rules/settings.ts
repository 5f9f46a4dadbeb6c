// Rules about a resource's own arguments: seen by the SDK, by lifecycle/flow-check and place-check, and by lifecycle/acknowledged.
import { rulesOf } from "./rule";
import { delay, flowOf } from "./examples";

const plain = flowOf({ pause: delay() });
const withArgs = (args: object): { flow: Record<string, unknown> } => ({ flow: { ...plain.flow, ...args } });

export const settingRules = rulesOf({
  program: {
    severity: "error",
    refusedBy: "meaning",
    text: "The program says one flow in one form, with structure that is known and values that JSON can carry.",
    why: "Nothing could be sent for it",
    cites: "design §3",
    fails: withArgs({
      findings: [{ path: ["actions", "pause", "name"], what: "is an output, and must be known in the program" }],
    }),
    passes: plain,
  },
  "unknown-argument": {
    severity: "error",
    refusedBy: "meaning",
    text: "The resource has no arguments but its own.",
    why: "Nothing would come of it",
    cites: "design §6",
    fails: withArgs({
      findings: [
        {
          rule: "unknown-argument",
          path: ["exitConditon"],
          what: "`exitConditon` is no argument of HogFlow",
          fix: "Did you mean `exitCondition`?",
        },
      ],
    }),
    passes: withArgs({ exitCondition: "exit_only_at_end" }),
  },
  setting: {
    severity: "error",
    refusedBy: "meaning",
    text: "Flags of the resource have one of their values.",
    why: "It decides about a live flow",
    cites: "design §4",
    fails: withArgs({ onDelete: "forget" }),
    passes: withArgs({ onDelete: "archive" }),
  },
  "editor-owns-path": {
    severity: "error",
    refusedBy: "meaning",
    text: "`editorOwns` holds paths of fields that the program gives a first value, and that are no structure.",
    why: "There would be nothing to hand over",
    cites: "design L17",
    fails: withArgs({ editorOwns: ["actions.pause.config.delayUntil"] }),
    passes: withArgs({ editorOwns: ["actions.pause.config.delayDuration"] }),
  },
  "acknowledge-unknown": {
    severity: "error",
    refusedBy: "meaning",
    text: "`acknowledge` holds names of rules, each alone or with a path: `loop`, `loop@actions.pause`.",
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
    why: "What it was written for is gone, and it would silence the next one unseen",
    cites: "design §6",
    fails: withArgs({ acknowledge: ["wait-clamped"] }),
    passes: { flow: { ...flowOf({ pause: delay("90m") }).flow, acknowledge: ["wait-clamped"] } },
  },
});

/** Rules that need more than a definition: the state, the stack's configuration, or PostHog. They are no part of `validate`. */
export const resourceRules = {
  place: { severity: "error", text: "A resource has a host and a project that are valid.", cites: "design L16" },
  moved: {
    severity: "error",
    text: "A live resource does not move to another host or project by itself.",
    cites: "design L16",
  },
  "move-refused": { severity: "error", text: "Where a resource moves to, the key is taken and the project answers." },
  "move-unseen": { severity: "warning", text: "The place that a resource moves to can be asked in preview." },
  adopt: {
    severity: "error",
    text: "What is adopted exists, and differs only where `overwriteDrift` says so.",
    cites: "design L12",
  },
  "other-owner": {
    severity: "error",
    text: "A flow is changed by its owner alone, which the last marker in its description names, unless `adoptFrom` names whom it is taken over from.",
    cites: "design L12",
  },
  "key-in-clear": { severity: "warning", text: "The API key in the stack's configuration is set as a secret." },
  "key-kind": { severity: "warning", text: "The kind of the API key fits what the resource needs." },
  "adopt-secret": {
    severity: "warning",
    text: "A secret of a flow that is adopted is the one that PostHog has stored: `stored()`.",
  },
  "adopt-unseen": { severity: "warning", text: "What is adopted can be looked up.", cites: "design L12" },
  twin: {
    severity: "warning",
    why: "Whatever starts one starts the other, and people get everything twice",
    text: "No two active flows of a program have the same trigger and steps.",
  },
  renamed: {
    severity: "warning",
    why: "This `up` creates a second flow, both run until the old one is deleted, and people in flight leave it then",
    text: "A resource that is renamed keeps its flow by the resource option `aliases`.",
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
    text: "A value that the editor owns is not changed in the program.",
    cites: "design L17",
  },
} as const satisfies Record<string, { severity: "error" | "warning"; text: string; why?: string; cites?: string }>;

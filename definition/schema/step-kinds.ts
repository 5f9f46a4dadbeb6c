// What is true of each kind of step, one row a kind: a new one does not compile until every column is filled. Code that has to know a kind asks this table, and
// what only code can say of a kind (how it runs, how it reads) is a separate `Record` over `ActionType`, or over the kinds that a column picks.
import type { ActionType } from "./types";

/** How people who come to a step leave it by its branches. */
export interface Branches {
  /** The list in `config` that has one branch for each entry, by index. None: one branch, for those who get what they wait for. */
  list: "conditions" | "cohorts" | undefined;
  /** What is counted where there are more or fewer branches than needed. */
  each: "condition" | "share";
  /** Who goes along `next`: who matches no condition, who waited in vain, or nobody. */
  next: "otherwise" | "timeout" | "nobody";
}

/** Filters inside a step's `config`, in addition to those that every step has. */
interface ConfigFilters {
  /** The key of what holds `filters`. */
  key: "conditions" | "condition" | "events";
  /** Whether it is a list of such. */
  isList: boolean;
  /** What they decide: a branch, or the end of a wait by a change of the person or by an event. */
  decides: "branch" | "wait" | "wait-event";
}

/** The input of a message step that names its recipient. */
interface Recipient {
  input: string;
  /** Where in the value of the input; none where it is the value. */
  members: readonly string[];
  /** Whether PostHog fills in a property of the person where the input is left out. */
  isFilledIn: boolean;
}

/** How a message is sent. */
export type Channel = "email" | "sms" | "push";

export interface StepKind {
  /** What people call it, in reviews and drawings. */
  noun: string;
  /** The same as a first argument of a step function. */
  word: string;
  /** How it is drawn. */
  shape: "stadium" | "subroutine" | "rectangle" | "hexagon" | "rhombus";
  /** What a drawing writes below the title: the noun with what the step does, that alone, or nothing because its edges say it. */
  caption: "noun" | "words" | "none";
  /** The template that its inputs belong to: the one that this kind always has, one that the step names, or none (API §2.3, row 12). */
  template: `template-${string}` | "given" | "none";
  /** How its message is sent. */
  channel: Channel | undefined;
  /** Who receives its message: whoever an input names, or a device of the person. */
  recipient: Recipient | "device" | undefined;
  /** What it needs a person for: to see what they do, or to put them into the same group each time. PostHog refuses both where a run has no person (API §4.3). */
  person: "actions" | "identity" | undefined;
  /** Whether runs stay in it: they wait, or their message is queued or tried again (run time §3). */
  stay: "waits" | "works" | "passes";
  /** The key in `config` of how long it waits, at most. */
  duration: "delayDuration" | "maxWaitDuration" | undefined;
  branches: Branches | undefined;
  filters: readonly ConfigFilters[];
  /** What the step's own filters decide for whoever comes to it: which branch, how long, or whether it does its work (run time §2.3). */
  filtered: "content" | "retimed" | "sorted" | "nothing";
  /** Whether the world outside can make it fail, however it is written. */
  mayFail: boolean;
  /**
   * Whether a failure of the step ends the run in one of the two versions of PostHog's executor when `on_error` is null: the older one goes on for
   * `continue` alone (run time V2). For these, `continue` is written out. An unknown kind counts as one.
   */
  failureMayEndRun: boolean;
  /** Whether there is a result for an output variable. A trigger is never asked for one. */
  hasResult: boolean | "never asked";
  /** Whether it may do without `config`. */
  isConfigOptional: boolean;
  /** Whether PostHog looks into `config` when the flow is saved. */
  isConfigChecked: boolean;
}

/** What steps with a template have in common: they do something in the world outside. */
const works = {
  person: undefined,
  stay: "works",
  duration: undefined,
  branches: undefined,
  filters: [],
  filtered: "content",
  mayFail: true,
  failureMayEndRun: true,
  isConfigOptional: false,
  isConfigChecked: true,
} as const;
/** What steps without one have in common. A step that waits or branches fails over an unreadable duration, or an error in its filters. */
const decides = {
  template: "none",
  channel: undefined,
  recipient: undefined,
  mayFail: false,
  failureMayEndRun: true,
  isConfigOptional: false,
} as const;

export const STEP_KINDS = {
  trigger: {
    ...decides,
    noun: "trigger",
    word: "trigger",
    shape: "stadium",
    caption: "words",
    person: undefined,
    stay: "passes",
    duration: undefined,
    branches: undefined,
    filters: [],
    filtered: "nothing",
    // Its own `on_error` decides nothing.
    failureMayEndRun: false,
    hasResult: "never asked",
    isConfigChecked: true,
  },
  function: {
    ...works,
    noun: "call",
    word: "call",
    shape: "subroutine",
    caption: "noun",
    template: "given",
    channel: undefined,
    recipient: undefined,
    hasResult: true,
  },
  function_email: {
    ...works,
    noun: "e-mail",
    word: "email",
    shape: "rectangle",
    caption: "noun",
    template: "template-email",
    channel: "email",
    recipient: { input: "email", members: ["to", "email"], isFilledIn: false },
    hasResult: false,
  },
  function_sms: {
    ...works,
    noun: "text message",
    word: "sms",
    shape: "rectangle",
    caption: "noun",
    template: "template-twilio",
    channel: "sms",
    recipient: { input: "to_number", members: [], isFilledIn: true },
    hasResult: true,
  },
  function_push: {
    ...works,
    noun: "push notification",
    word: "push",
    shape: "rectangle",
    caption: "noun",
    template: "template-native-push",
    channel: "push",
    recipient: "device",
    hasResult: false,
  },
  delay: {
    ...decides,
    noun: "wait",
    word: "delay",
    shape: "hexagon",
    caption: "noun",
    person: undefined,
    stay: "waits",
    duration: "delayDuration",
    branches: undefined,
    filters: [],
    filtered: "retimed",
    hasResult: false,
    isConfigChecked: true,
  },
  wait_until_condition: {
    ...decides,
    noun: "wait until",
    word: "wait",
    shape: "hexagon",
    caption: "noun",
    person: "actions",
    stay: "waits",
    duration: "maxWaitDuration",
    branches: { list: undefined, each: "condition", next: "timeout" },
    filters: [
      { key: "condition", isList: false, decides: "wait" },
      { key: "events", isList: true, decides: "wait-event" },
    ],
    filtered: "sorted",
    hasResult: true,
    isConfigChecked: true,
  },
  wait_until_time_window: {
    ...decides,
    noun: "time window",
    word: "window",
    shape: "hexagon",
    caption: "noun",
    person: undefined,
    stay: "waits",
    duration: undefined,
    branches: undefined,
    filters: [],
    filtered: "retimed",
    hasResult: false,
    isConfigChecked: false,
  },
  conditional_branch: {
    ...decides,
    noun: "branch",
    word: "branch",
    shape: "rhombus",
    caption: "none",
    person: undefined,
    stay: "passes",
    duration: undefined,
    branches: { list: "conditions", each: "condition", next: "otherwise" },
    filters: [{ key: "conditions", isList: true, decides: "branch" }],
    filtered: "sorted",
    hasResult: true,
    isConfigChecked: true,
  },
  random_cohort_branch: {
    ...decides,
    noun: "random split",
    word: "split",
    shape: "rhombus",
    caption: "none",
    person: "identity",
    stay: "passes",
    duration: undefined,
    branches: { list: "cohorts", each: "share", next: "nobody" },
    filters: [],
    filtered: "sorted",
    hasResult: true,
    isConfigChecked: true,
  },
  exit: {
    ...decides,
    noun: "exit",
    word: "exit",
    shape: "stadium",
    caption: "words",
    person: undefined,
    stay: "passes",
    duration: undefined,
    branches: undefined,
    filters: [],
    filtered: "sorted",
    // The run ends here anyway.
    failureMayEndRun: false,
    hasResult: false,
    isConfigOptional: true,
    isConfigChecked: false,
  },
} as const satisfies Readonly<Record<ActionType, StepKind>>;

/** The kinds of which a column says so. */
type KindsWhere<Column extends keyof StepKind, Value> = {
  [Type in ActionType]: (typeof STEP_KINDS)[Type][Column] extends Value ? Type : never;
}[ActionType];
/** Kinds with branches. */
export type BranchingType = KindsWhere<"branches", Branches>;
/** Kinds that wait. */
export type WaitingType = KindsWhere<"stay", "waits">;
/** Kinds that send a message. */
export type MessageType = KindsWhere<"channel", string>;

/** The row of a kind that is known here. */
export const stepKindOf = (type: unknown): StepKind | undefined =>
  typeof type === "string" && Object.hasOwn(STEP_KINDS, type) ? STEP_KINDS[type as ActionType] : undefined;

/** Kinds of step of which the table says so, in its order. */
export const stepTypesWhere = (holds: (kind: StepKind) => boolean): ActionType[] =>
  (Object.keys(STEP_KINDS) as ActionType[]).filter((type) => holds(STEP_KINDS[type]));

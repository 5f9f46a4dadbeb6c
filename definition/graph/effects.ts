// The table of effects: for every field of a flow and of each kind of step, what a change of it can do to somebody who is in the flow, and to somebody who comes
// later. PostHog's worker reads the live flow at each wake, and keeps of a run its event, its variables and its step (run time §2.1, §4.4). A field or a kind of step
// without a row does not compile. Previews, reviews, `--fail-on` and `protectInFlight` read it through in-flight.ts.
import type {
  Action,
  ActionType,
  Conversion,
  DelayUntil,
  FlowDefinition,
  StepBase,
  TriggerConfig,
  TriggerType,
} from "../schema/types";

/**
 * What becomes of somebody in the flow. `leaves`: the run ends before its exit. `moves`: it goes on at another step. `outcome`: either, but only where a step gives another
 * result or fails, which the world outside decides. `time`: it wakes at another time. `stays`: it stays, where somebody may expect otherwise. `unknown`: nobody can say.
 */
export type Fate = "leaves" | "moves" | "outcome" | "time" | "stays" | "unknown";

/** Every kind of effect, with what becomes of people. */
export const FATES = {
  // What happens to the flow as a whole.
  off: "leaves",
  replaced: "leaves",
  deleted: "leaves",
  // Early ends.
  goal: "leaves",
  mismatch: "leaves",
  refixed: "leaves",
  meets: "outcome",
  remains: "stays",
  // The step that people are in is gone, or is another one.
  ejected: "leaves",
  moved: "moves",
  retyped: "moves",
  // Where a step leads.
  rewired: "moves",
  unrouted: "leaves",
  // Which way a step takes.
  sorted: "moves",
  resorted: "outcome",
  outlasted: "moves",
  // Whether and when it is left.
  retimed: "time",
  undated: "leaves",
  paced: "time",
  // What it does.
  aborts: "leaves",
  recovers: "stays",
  fails: "outcome",
  results: "outcome",
  variable: "stays",
  unsure: "unknown",
} as const satisfies Record<string, Fate>;

export type EffectKind = keyof typeof FATES;

/**
 * What a change of one field does to people in the flow: a kind of effect on whoever is in the step or comes to it, or the name of a question that in-flight.ts answers
 * from more than the field. `nothing`: no run reads it. `content`: what the step sends; people in the flow take the same path, unless the step fails or a condition reads
 * its result. `exit`: who leaves early. `wiring`, `steps`: the graph. `filters`: who skips the step.
 */
type Waits =
  | EffectKind
  | "nothing"
  | "content"
  | "exit"
  | "wiring"
  | "steps"
  | "filters"
  | "status"
  | "variables"
  | "onError"
  | "result";

/** What it does to somebody who comes afterwards: whether a run starts, or what becomes of it. */
type Comes = "nothing" | "starts" | "runs";

export interface Row {
  waits: Waits;
  comes: Comes;
  /** The parts of the value that count, where some do not: a label is for people. */
  part?(value: unknown): unknown;
}

const row = (waits: Waits, comes: Comes = "runs", part?: Row["part"]): Row => ({
  waits,
  comes,
  ...(part ? { part } : {}),
});
const NOTHING = row("nothing", "nothing");
const CONTENT = row("content");
const STARTS = row("nothing", "starts");
type Rows<T> = Readonly<Record<keyof T & string, Row>>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const member =
  (key: string) =>
  (value: unknown): unknown =>
    typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : value;
const filtersOf = member("filters");
const each =
  (part: (value: unknown) => unknown) =>
  (value: unknown): unknown =>
    Array.isArray(value) ? list(value).map(part) : value;

export const FLOW_ROWS: Rows<FlowDefinition> = {
  name: NOTHING,
  description: NOTHING,
  status: row("status", "starts"),
  exitCondition: row("exit"),
  triggerMasking: STARTS,
  conversion: row("exit"),
  emailSendingRateLimit: row("paced"),
  // A run keeps the values that it started with (run time §1.3).
  variables: row("variables"),
  actions: row("steps"),
  leftover: row("wiring"),
  extra: row("unsure"),
};

/** The goal. Its window limits what is counted, not who leaves (run time §4.1). */
export const CONVERSION_ROWS: Rows<Conversion> = { filters: row("exit"), events: row("exit"), window: NOTHING };

type ConfigOf<T extends TriggerType, C = TriggerConfig> = C extends { type: infer X }
  ? T extends X
    ? C
    : never
  : never;
const REQUESTED: Rows<ConfigOf<"webhook">> = {
  type: row("exit", "starts"),
  templateId: STARTS,
  templateUuid: STARTS,
  inputs: STARTS,
};
const WAREHOUSE: Rows<ConfigOf<"data-warehouse-table">> = {
  type: row("exit", "starts"),
  tableName: STARTS,
  filters: STARTS,
  keyProperty: STARTS,
};

/** Of triggers, only the filters of an event trigger are asked again at a wake (run time §4.1). */
export const TRIGGER_ROWS: { readonly [T in TriggerType]: Rows<ConfigOf<T>> } = {
  event: { type: row("exit", "starts"), filters: row("exit", "starts") },
  webhook: REQUESTED,
  manual: REQUESTED,
  tracking_pixel: REQUESTED,
  schedule: { type: row("exit", "starts"), filters: STARTS },
  batch: { type: row("exit", "starts"), filters: STARTS },
  "data-warehouse-table": WAREHOUSE,
  "data-warehouse-view": WAREHOUSE,
  "internal-event": { type: row("exit", "starts"), filters: STARTS },
};

/** What every step has. */
export const STEP_ROWS: Rows<StepBase & Pick<Action, "type" | "config">> = {
  name: NOTHING,
  description: NOTHING,
  type: row("retyped"),
  onError: row("onError"),
  filters: row("filters"),
  outputVariable: row("result"),
  next: row("wiring"),
  branches: row("wiring"),
  // Its rows are those of its kind, below.
  config: row("steps"),
  extra: row("unsure"),
};

const MESSAGE = {
  templateId: CONTENT,
  templateUuid: CONTENT,
  inputs: CONTENT,
  messageCategoryId: CONTENT,
  messageCategoryType: CONTENT,
};

export const CONFIG_ROWS: {
  readonly [T in Exclude<ActionType, "trigger">]: Rows<NonNullable<Extract<Action, { type: T }>["config"]>>;
} = {
  function: { templateId: CONTENT, templateUuid: CONTENT, inputs: CONTENT, mappings: CONTENT },
  function_email: { ...MESSAGE, trackingEnabled: row("nothing") },
  function_sms: MESSAGE,
  function_push: MESSAGE,
  delay: { delayDuration: row("retimed"), delayUntil: row("retimed"), maxDelayDuration: row("retimed") },
  // Who does not get what they wait for takes another path.
  wait_until_condition: {
    condition: row("sorted", "runs", filtersOf),
    events: row("sorted", "runs", each(filtersOf)),
    maxWaitDuration: row("outlasted"),
  },
  wait_until_time_window: {
    timezone: row("retimed"),
    usePersonTimezone: row("retimed"),
    fallbackTimezone: row("retimed"),
    day: row("retimed"),
    time: row("retimed"),
  },
  conditional_branch: { conditions: row("sorted", "runs", each(filtersOf)) },
  random_cohort_branch: { cohorts: row("sorted", "runs", each(member("percentage"))) },
  exit: { reason: NOTHING },
};

/** A moment that cannot be worked out ends the run, whatever `onError` says (run time §3.2); who has waited for one keeps it. */
export const DELAY_UNTIL_ROWS: Rows<DelayUntil> = {
  expression: row("undated"),
  offset: row("retimed"),
  timezone: row("retimed"),
  usePersonTimezone: row("retimed"),
  fallbackTimezone: row("retimed"),
};

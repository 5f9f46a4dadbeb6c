// What the simulation knows while it runs: the live flow, its runs, and the outside world.
import type { Dict } from "../../provider/canonical/values";
import type { Action, ConversionEvent, FlowStatus, PropertyFilter } from "../../provider/schema/types";
import type { FilterContext } from "../filters/match";
import type { KnownGroup, KnownPerson, SignalEvent } from "../filters/globals";
import type { Scenario } from "../input/scenario";
import type { Attempt, Message, Metric, Run, StepVisit } from "../result/run";
import type { FlowModel } from "./flow-model";
import type { People } from "./people";
import type { Queue } from "./queue";

/** The flow as it is live. */
export interface Live {
  model: FlowModel;
  status: FlowStatus | "deleted";
  updatedAt: number;
}

/** A goal as it was when the run started, and how long it counts (run time §4.2). */
export interface Watch {
  properties: readonly PropertyFilter[];
  events: readonly ConversionEvent[];
  until: number;
}

/** A run under way. */
export interface RunState {
  result: Run;
  event: SignalEvent;
  /** A run of a row, an internal event, an account or a schedule: no person is looked up. */
  personless: boolean;
  personId: string | undefined;
  variables: Dict;
  startedAt: number;
  startedWords: string;
  /** Not yet woken for the first time. */
  fresh: boolean;
  position: string | undefined;
  enteredAt: number;
  visit: StepVisit | undefined;
  /** The step as it was when the run parked on it. */
  parkedStep: Action | undefined;
  parkedUntil: number | undefined;
  /** Only the latest planned wake counts. */
  wakeToken: number;
  /** What woke a parked wait: set by the matcher. */
  wakeFlag: "event" | "condition" | undefined;
  conversionFlag: boolean;
  /** The last instant that `delayUntil` yielded on this step. */
  storedUntil: number | undefined;
  /** A rendered message that waits for the rate limit. */
  pending: Message | undefined;
  watch: Watch | undefined;
  canceled: boolean;
  ended: boolean;
  /** Steps since virtual time moved last. */
  burst: number;
  burstAt: number;
}

/** Something planned. */
export type Planned = { kind: "wake"; run: RunState; token: number } | { kind: "do"; act: () => void };

export interface World {
  scenario: Scenario;
  start: number;
  until: number;
  now: number;
  live: Live;
  queue: Queue<Planned>;
  people: People;
  groups: KnownGroup[];
  /** The one that the scenario is about. */
  person: KnownPerson | undefined;
  cohorts: ReadonlySet<number> | "unknown";
  runs: RunState[];
  attempts: Attempt[];
  /** Metrics of the flow that belong to no run: `triggered`, `filtered`, `masked`. */
  metrics: Metric[];
  random: () => number;
  context: FilterContext;
  notes: Set<string>;
  maskingCounters: Map<string, { expires: number; hits: number }>;
  bucket: { tokens: number; at: number } | undefined;
  /** How often each stubbed answer was asked for. */
  asked: Map<string, number>;
}

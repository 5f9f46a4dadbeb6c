// What the simulation knows while it runs: the live flow, its runs, and the outside world.
import type { Dict } from "../../definition/canonical/values";
import type { Action, ConversionEvent, FlowStatus, PropertyFilter } from "../../definition/schema/types";
import type { FilterContext } from "../filters/match";
import type { KnownGroup, KnownPerson, SignalEvent } from "../filters/globals";
import type { ReadScenario } from "../input/scenario";
import type { Notes } from "../notes";
import type { StartAttempt, Metric, Run, StepVisit } from "../result/run";
import type { Message, SentRequest } from "../result/sent";
import type { FlowModel } from "./flow-model";
import type { Observer } from "./observer";
import type { People } from "./people";
import type { Queue } from "./queue";

/** The flow as it is live. */
interface Live {
  model: FlowModel;
  status: FlowStatus | "deleted";
  updatedAt: number;
}

/** A goal as it was when the run started, and how long it counts (run time §4.2). */
interface Watch {
  properties: readonly PropertyFilter[];
  events: readonly ConversionEvent[];
  until: number;
}

/** What a step has rendered and not yet sent: it stays as it was at the entry (run time §3.8). */
interface Pending {
  /** A message that waits for the rate limit, or for another try. */
  message?: Message;
  /** It has its token of the rate limit. */
  released?: boolean;
  attempts?: number;
  /** A request between two tries. */
  request?: SentRequest;
}

/** A run in progress. */
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
  pending: Pending | undefined;
  watch: Watch | undefined;
  canceled: boolean;
  ended: boolean;
  /** Steps since virtual time moved last. */
  burst: number;
  burstAt: number;
}

/** What reaches parked runs. */
export interface Signal {
  kind: "event" | "internal" | "update";
  event: SignalEvent;
  person: KnownPerson | undefined;
}

/** Where something happens: in a run, at the present of its world. */
export interface AtRun {
  world: World;
  run: RunState;
}

/** Something planned. */
type Planned = { kind: "wake"; run: RunState; token: number } | { kind: "do"; act: () => void };

export interface World {
  scenario: ReadScenario;
  start: number;
  until: number;
  now: number;
  live: Live;
  queue: Queue<Planned>;
  people: People;
  groups: KnownGroup[];
  /** The one that the scenario is about. */
  person: KnownPerson | undefined;
  runs: RunState[];
  attempts: StartAttempt[];
  /** Metrics of the flow that belong to no run: `triggered`, `filtered`, `masked`. */
  metrics: Metric[];
  random: () => number;
  context: FilterContext;
  notes: Notes;
  maskingCounters: Map<string, { expires: number; hits: number }>;
  bucket: { tokens: number; at: number } | undefined;
  /** Addresses that got an e-mail of a batch. */
  mailed: Set<string>;
  /** Events so far, for warnings of what came too early. */
  past: { event: SignalEvent; person: KnownPerson | undefined; at: number }[];
  /** Signals that started a run, by event and distinct id. */
  delivered: Set<string>;
  /** How many answers each stub has given. */
  answersGiven: Map<string, number>;
  observer: Observer;
  /** As templates see it. */
  projectId: number;
}

// The result of a simulation, as data.
import type { Message, SentRequest, SkippedMessage } from "./sent";

/** How a step was left. */
export type Outcome =
  | "done"
  | "sent"
  | "requested"
  | "skipped"
  | "filtered"
  | "waited"
  | "matched"
  | "timed out"
  | "branch"
  | "no branch"
  | "failed"
  | "exited"
  | "redirected"
  | "waiting"
  | "ended";

/** A pause of a run. */
export interface Park {
  /** Its start; ISO in UTC. */
  at: string;
  /** Its latest end; a signal may end it earlier. */
  until: string;
  /** Why, in words. */
  reason: string;
}

/** One visit of a step. */
export interface StepVisit {
  /** The step's id. */
  id: string;
  /** The step's title. */
  name: string;
  /** Its type, such as `delay`. */
  type: string;
  /** ISO in UTC. */
  entered: string;
  /** Milliseconds from the run's start to the entry. */
  enteredAfter: number;
  /** Absent while the run is at the step. */
  left?: string;
  /** Milliseconds from the run's start. */
  leftAfter?: number;
  /** In one word. */
  outcome: Outcome;
  /** What happened, in words. */
  reason: string;
  /** Index of the branch that was taken. */
  branch?: number;
  /** Its name, where it has one. */
  branchName?: string;
  /** The step that came next. */
  to?: string;
  /** The error with which it failed. */
  error?: string;
  /** When and why the run paused here. */
  parks: Park[];
  /** The variables when the step was left. */
  variables: Record<string, unknown>;
}

/** How a run ended, in one word. */
export type EndKind =
  | "exit"
  | "conversion"
  | "trigger_not_matched"
  | "workflow_changed"
  | "failed"
  | "canceled"
  | "not_started"
  | "still_running"
  | "endless"
  | "not_simulated";

/** How a run ended. */
export interface End {
  how: EndKind;
  /** PostHog's status of the job. */
  status: "completed" | "failed" | "cancelled" | "none";
  at: string;
  after: number;
  /** In words. */
  reason: string;
  /** The step where the run was. */
  step?: string;
}

/** A row of PostHog's metrics. */
export interface Metric {
  kind: "success" | "failure" | "other" | "email" | "push" | "fetch" | "sms" | "billing";
  name: string;
  step?: string;
  at: string;
}

/** A log line of a run. */
export interface LogLine {
  level: "debug" | "info" | "warn" | "error";
  message: string;
  at: string;
}

/** A conversion that was counted. */
export interface Conversion {
  at: string;
  type: "property" | "event";
}

/** One run of one person. */
export interface Run {
  /** Index among the runs of the simulation, from 0. */
  number: number;
  id: string;
  /** The person's distinct id; absent without a person. */
  person?: string;
  /** What started it, for example `event "user signed up"`. */
  startedBy: string;
  started: string;
  steps: StepVisit[];
  messages: Message[];
  skipped: SkippedMessage[];
  requests: SentRequest[];
  /** The variables at the end. */
  variables: Record<string, unknown>;
  end: End;
  log: LogLine[];
  metrics: Metric[];
  conversions: Conversion[];
}

/** A signal that could have started a run, and its outcome. */
export interface StartAttempt {
  at: string;
  outcome: "started" | "filtered" | "filtering_failed" | "masked" | "refused" | "inactive" | "not_simulated";
  what: string;
  /** The number of the run that it started. */
  run?: number;
  /** The answer of the public URL. */
  answer?: { status: number };
}

// The result of a simulation.
import type { End, Metric, Run, StartAttempt, StepVisit } from "./run";
import type { Message, SentRequest, SkippedMessage } from "./sent";

/** The result of a simulation. Steps, end and variables are those of the first run; messages and requests those of all. */
export interface Simulation {
  /** Name of the flow. */
  flow: string;
  started: string;
  /** Every run, in the order in which they started. The same person may start several. */
  runs: Run[];
  /** Every signal that could have started a run. */
  attempts: StartAttempt[];
  steps: StepVisit[];
  messages: Message[];
  skipped: SkippedMessage[];
  requests: SentRequest[];
  variables: Record<string, unknown>;
  /** How the first run ended; `not_started` when there is none. */
  end: End;
  /** Metrics of the flow that belong to no run. */
  metrics: Metric[];
  /** What the simulator does not know and this simulation depends on. */
  notSimulated: string[];
  /** What you may not expect. */
  warnings: string[];
  /** The story as text. */
  timeline(): string;
}

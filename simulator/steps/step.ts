// What running one step is given, and what it gives back.
import type { Action, ActionType } from "../../definition/schema/types";
import type { FilterGlobals, KnownGroup, KnownPerson } from "../filters/globals";
import type { Outcome } from "../result/run";
import type { AtRun } from "../world/state";

/** A step at a wake. */
interface AnyStepRun extends AtRun {
  id: string;
  step: Action;
  /** The person of this wake; a wait reads it again, for itself and what follows. */
  person: KnownPerson | undefined;
  groups: readonly KnownGroup[];
  /** The step's own time is up: virtual time is exactly there, while PostHog's worker comes a little later. */
  timeIsUp: boolean;
  /** What filters see, with the variables of now. */
  globals(): FilterGlobals;
  /** Loads the person afresh. */
  reread(): void;
}

/** A step of one kind. */
export type StepRun<T extends ActionType = ActionType> = AnyStepRun & { step: Extract<Action, { type: T }> };

export type StepResult =
  | { kind: "go"; edge: "continue" | number; outcome: Outcome; reason: string; result?: unknown; stored?: "unknown" }
  | { kind: "park"; until: number; reason: string; quiet?: boolean; stored?: "unknown" }
  | { kind: "finished" }
  | { kind: "error"; error: string; always?: boolean }
  | { kind: "endless"; reason: string };

export const go = (
  edge: "continue" | number,
  outcome: Outcome,
  reason: string,
): Extract<StepResult, { kind: "go" }> => ({
  kind: "go",
  edge,
  outcome,
  reason,
});
export const park = (until: number, reason: string): Extract<StepResult, { kind: "park" }> => ({
  kind: "park",
  until,
  reason,
});
export const fail = (error: string): StepResult => ({ kind: "error", error });

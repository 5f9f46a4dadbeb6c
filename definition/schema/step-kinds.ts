// What is true of each kind of step, one row a kind: a new one does not compile until every column is filled.
import type { ActionType } from "./types";

export interface StepKind {
  /**
   * Whether a failure of the step ends the run in one of the two versions of PostHog's executor when `on_error` is null: the older one goes on for
   * `continue` alone (run time V2). For these, `continue` is written out. An unknown kind counts as one.
   */
  failureMayEndRun: boolean;
}

const acts: StepKind = { failureMayEndRun: true };
const never: StepKind = { failureMayEndRun: false };

export const STEP_KINDS: Readonly<Record<ActionType, StepKind>> = {
  // Its own `on_error` decides nothing.
  trigger: never,
  function: acts,
  function_email: acts,
  function_sms: acts,
  function_push: acts,
  // A step that waits or branches fails over an unreadable duration, or an error in its filters.
  delay: acts,
  wait_until_condition: acts,
  wait_until_time_window: acts,
  conditional_branch: acts,
  random_cohort_branch: acts,
  // The run ends here anyway.
  exit: never,
};

export const failureMayEndRun = (type: string): boolean =>
  !Object.hasOwn(STEP_KINDS, type) || STEP_KINDS[type as ActionType].failureMayEndRun;

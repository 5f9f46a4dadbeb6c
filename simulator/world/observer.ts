// Who watches a simulation: what each step was given and what it rendered, which results keep in outlines only.
import type { Dict } from "../../definition/canonical/values";
import type { KnownGroup, KnownPerson, SignalEvent } from "../filters/globals";
import type { Run } from "../result/run";

/** What a step sees: all that decides what it does, but for the clock and chance. */
export interface StepState {
  event: SignalEvent;
  /** Absent in a run without one. */
  person: KnownPerson | undefined;
  groups: readonly KnownGroup[];
  variables: Dict;
}

/** Each is told as it happens; none changes anything. */
export interface Observer {
  /** A signal is held against the trigger. */
  onStart?: (state: StepState) => void;
  /** A run comes to a step, once for each visit. */
  onStep?: (step: string, state: StepState, run: Run) => void;
  /** A signal ends the wait of a run that is parked on a step. `state` has that signal as its event. */
  onMatch?: (step: string, state: StepState, run: Run) => void;
  /** What the inputs of a step came to, before anything is sent. Secret inputs are left out. */
  onRendered?: (step: string, inputs: Dict) => void;
}

/** As it is now: what comes later does not change it. */
export const stateNow = ({ event, person, groups, variables }: StepState): StepState => ({
  event,
  person: person && { ...person },
  groups: groups.map((group) => ({ ...group })),
  variables: { ...variables },
});

// One step alone, from what it is given: what PostHog's test runs do, which execute one step and name the next (run time §1.7).
import type { Dict } from "../definition/canonical/values";
import type { FilterGlobals } from "./filters/globals";
import type { ReadScenario } from "./input/scenario";
import { NotSimulated } from "./not-simulated";
import type { NotSimulatedNote } from "./notes";
import type { StepVisit } from "./result/run";
import { signalMatches } from "./steps/wait";
import { executeStep, type Sight } from "./world/advance";
import { stillWorld } from "./world/build";
import { targetOf, type FlowModel } from "./world/flow-model";
import type { StepState } from "./world/observer";
import { cohortsOf } from "./world/people";
import { enter } from "./world/record";
import { newRun, notMatched } from "./world/start";
import type { World } from "./world/state";

/** What a step is executed with. */
export interface OneStep {
  /** Its id. */
  step: string;
  state: StepState;
  /** Unix milliseconds. */
  now: number;
  /** Seed of random choices. */
  seed: number;
  /** What of the project decides: test accounts, actions, time zone. */
  project: Pick<ReadScenario, "testAccounts" | "actions" | "projectTimezone">;
  projectId: number;
}

/** What one step does. */
export interface OneStepResult {
  /** `moves`: on to `to`. `pauses`: until `until`. `ends`: at an exit. `fails`: with `error`; the run goes on at `to`, where there is one. `stays out`: the trigger does not match. `unknown`: see `notes`. */
  how: "moves" | "pauses" | "ends" | "fails" | "stays out" | "unknown";
  to?: string;
  /** Unix milliseconds. */
  until?: number;
  error?: string;
  /** What its inputs came to. Absent for steps without any, and where the step did nothing with them. */
  inputs?: Dict;
  /** The step's own filters kept it from doing anything. */
  isFiltered?: true;
  /** What of this is not known. */
  notes: NotSimulatedNote[];
}

/**
 * Executes one step as a test run does: the trigger's filter is checked, and a wait takes the event of `state` for one that comes while it waits. Nobody has opted
 * out, and every request is answered with 200.
 */
export function simulateStep(model: FlowModel, given: OneStep): OneStepResult {
  const { step, state, now, seed, project, projectId } = given;
  let inputs: Dict | undefined;
  const world = stillWorld(
    model,
    { ...project, person: null, clock: now, savedAt: now, random: seed, abortQuirk: false },
    { onRendered: (_, rendered) => (inputs = rendered) },
  );
  world.projectId = projectId;
  const notes = (): NotSimulatedNote[] => world.notes.unknown();
  try {
    const result = step === model.triggerId ? triggered(world, state) : executed(world, step, state);
    return { ...result, ...(inputs === undefined ? {} : { inputs }), notes: notes() };
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    world.notes.add(error.note);
    return { how: "unknown", notes: notes() };
  }
}

type Result = Omit<OneStepResult, "notes" | "inputs">;

/** Only the filter of an event trigger is checked; whoever comes by another one is let in. */
function triggered(world: World, { event, person }: StepState): Result {
  const { model } = world.live;
  const problem = model.trigger.type === "event" ? notMatched(world, { event, person }) : undefined;
  if (problem?.error !== undefined) return { how: "fails", error: problem.error };
  if (problem) return { how: "stays out" };
  const to = targetOf(model, model.triggerId, "continue");
  return to === undefined ? { how: "fails", error: "nothing follows the trigger" } : { how: "moves", to };
}

function executed(world: World, step: string, state: StepState): Result {
  const { event, person, groups, variables } = state;
  const run = newRun(world, {
    event,
    person,
    words: "a test run",
    personless: person === undefined,
    variables,
    complete: false,
  });
  run.fresh = false;
  enter(world, run, step);
  const sight = sightOf(world, state, () => run.variables);
  const found = world.live.model.actions.get(step);
  if (found?.type === "wait_until_condition") {
    const signal = { ...sight.globals(), cohorts: undefined };
    run.wakeFlag = signalMatches(found.config, signal, world);
  }
  executeStep({ world, run }, { ...sight, groups, person });
  const visit = run.result.steps[0]!;
  if (run.parkedUntil !== undefined) return { how: "pauses", until: run.parkedUntil };
  return { ...left(visit), ...(visit.outcome === "filtered" ? { isFiltered: true } : {}) };
}

function left({ outcome, to, error }: StepVisit): Result {
  const next = to === undefined ? {} : { to };
  if (error !== undefined) return { how: "fails", error, ...next };
  return outcome === "exited" ? { how: "ends" } : { how: "moves", ...next };
}

/** Person and groups are as they were given, whatever the trigger event would set. */
const sightOf = (
  world: World,
  { event, person, groups }: StepState,
  variables: () => Dict,
): Omit<Sight, "person" | "groups"> => ({
  timeIsUp: false,
  globals: (): FilterGlobals => ({
    event,
    person,
    groups,
    variables: variables(),
    cohorts: person ? cohortsOf(person) : undefined,
    now: world.now,
    internal: world.live.model.trigger.type === "internal-event",
  }),
  reread: () => undefined,
});

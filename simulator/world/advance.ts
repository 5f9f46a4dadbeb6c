// The steps of one wake, one after another without a pause, until one parks the run or ends it (run time §2.3).
import { isDict } from "../../definition/canonical/values";
import { matches } from "../filters/match";
import { NotSimulated } from "../not-simulated";
import { handlerOf } from "../steps";
import { go, type StepRun } from "../steps/step";
import { targetOf } from "./flow-model";
import { stateNow } from "./observer";
import { apply, displaced, failed, follow } from "./outcome";
import { action, end, enter, log, metric } from "./record";
import type { AtRun, RunState, World } from "./state";
import type { View } from "./view";

/** A flow that runs in a circle without a pause never stops (run time §0.3, 12); so many rounds in one go are no accident. */
const MAX_ROUNDS_AT_ONCE = 20;
/** So would one that pauses now and then. */
const MAX_STEPS = 2_500;

/** At its first wake a run is at the trigger, which is not executed. */
export function advance({ world, run }: AtRun, view: View): void {
  if (run.position === undefined) {
    const start = targetOf(world.live.model, world.live.model.triggerId, "continue");
    if (start === undefined) {
      log({ world, run }, "error", "Workflow encountered an error: the trigger has no next step");
      return end({ world, run }, "failed", "nothing follows the trigger");
    }
    enter(world, run, start);
  }
  while (!run.ended && run.parkedUntil === undefined) {
    countStep(world, run);
    if (!run.ended) executeStep({ world, run }, view);
    view.timeIsUp = false;
  }
}

function countStep(world: World, run: RunState): void {
  if (run.burstAt !== world.now) {
    run.burstAt = world.now;
    run.burst = 0;
  }
  run.burst += 1;
  if (run.burst > MAX_ROUNDS_AT_ONCE * world.live.model.actions.size)
    end(
      { world, run },
      "endless",
      `runs in a circle without a pause, through ${[...new Set(run.result.steps.slice(-run.burst).map(({ id }) => id))].join(", ")}`,
    );
  else if (run.result.steps.length > MAX_STEPS)
    end({ world, run }, "still_running", `runs in a circle: more than ${MAX_STEPS} steps`);
}

/** What a step sees of its run's surroundings. */
export type Sight = Pick<View, "person" | "groups" | "timeIsUp" | "globals" | "reread">;

/** Executes the step that the run is at. */
export function executeStep({ world, run }: AtRun, view: Sight): void {
  const id = run.position!;
  const found = world.live.model.actions.get(id);
  if (!found) return displaced(world, run, id);
  // Only at the entry: a step that waits, or tries again, is executed more than once.
  if (run.visit?.parks.length === 0) {
    const { event, variables } = run;
    const { person, groups } = view;
    world.observer.onStep?.(id, stateNow({ event, person, groups, variables }), run.result);
  }
  log({ world, run }, "debug", `Executing action ${action(id)}`);
  if (isDict(found.filters) && !matches(found.filters, view.globals(), world.context).matched) {
    log({ world, run }, "info", `${action(id)} Skipped due to filter conditions`);
    metric({ world, run }, { kind: "other", name: "filtered", step: id });
    return follow({ world, run }, id, go("continue", "filtered", "its own filters do not match"));
  }
  const handler = handlerOf(found.type);
  const unread = world.live.model.unreadable.get(id);
  if (unread !== undefined) throw new NotSimulated(unread);
  if (!handler) {
    // As a worker that does not know it either.
    world.notes.add({ kind: "unknown_step", step: id, type: found.type });
    return failed({ world, run }, id, { error: `Action type '${String(found.type)}' not supported`, known: false });
  }
  const result = handler(contextOf({ world, run }, view, found));
  run.wakeFlag = undefined;
  apply({ world, run }, found, result);
}

function contextOf({ world, run }: AtRun, view: Sight, step: StepRun["step"]): StepRun {
  return {
    world,
    run,
    id: run.position!,
    step,
    groups: view.groups,
    timeIsUp: view.timeIsUp,
    get person() {
      return view.person;
    },
    globals: () => view.globals(),
    reread: () => view.reread(),
  };
}

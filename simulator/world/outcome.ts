// What comes of a step: along an edge, parked, failed, or displaced by an edit (run time §2.3 to §2.5, §4.4).
import { store } from "../steps/output-variable";
import type { StepResult, StepRun } from "../steps/step";
import { targetOf } from "./flow-model";
import { parkRun } from "./park";
import { action, end, enter, leave, log, metric } from "./record";
import type { RunState, World } from "./state";

export function apply(world: World, run: RunState, id: string, step: StepRun["step"], result: StepResult): void {
  switch (result.kind) {
    case "endless":
      return end(world, run, "endless", result.reason);
    case "error":
      return failed(world, run, id, result.error, { always: result.always === true });
    case "finished":
      metric(world, run, "success", "succeeded", id);
      log(world, run, "info", "Workflow completed");
      leave(world, run, "exited", "reached the exit");
      return end(world, run, "exit", "reached the exit");
    case "park":
      if (result.stored === "unknown") noteUnknown(world, id, step);
      return parkRun(world, run, step, result.until, result.reason, result.quiet === true);
    case "go": {
      if (result.stored === "unknown") noteUnknown(world, id, step);
      const tooLarge = store(world, run, step.outputVariable, result.result);
      if (tooLarge) return failed(world, run, id, tooLarge, {});
      return follow(world, run, id, result, true);
    }
  }
}

/** What PostHog keeps of some steps is known in its outlines only (run time §3.5). */
function noteUnknown(world: World, id: string, { outputVariable }: StepRun["step"]): void {
  if (outputVariable) world.notes.add({ kind: "step_result", step: id });
}

/** Goes along an edge. */
export function follow(
  world: World,
  run: RunState,
  id: string,
  result: Extract<StepResult, { kind: "go" }>,
  succeeded: boolean,
): void {
  const { edge } = result;
  const to = targetOf(world.live.model, id, edge);
  if (to === undefined) {
    if (world.live.updatedAt > run.enteredAt) return changed(world, run, `the way on from ${id} was removed`);
    return failed(
      world,
      run,
      id,
      `No ${edge === "continue" ? "continue" : `branch ${edge}`} edge leads on from ${id}`,
      {},
    );
  }
  leave(world, run, result.outcome, result.reason, { to, ...(typeof edge === "number" ? { branch: edge } : {}) });
  log(world, run, "info", `Workflow moved to action ${action(to)}`);
  if (succeeded) metric(world, run, "success", "succeeded", id);
  enter(world, run, to);
}

/** An error of a step (run time §2.5). `always`: it ends the run whatever `onError` says; `known`: the step has metrics. */
export function failed(
  world: World,
  run: RunState,
  id: string,
  error: string,
  { always = false, known = true }: { always?: boolean; known?: boolean },
): void {
  const step = world.live.model.actions.get(id);
  log(world, run, "error", `${action(id)} Errored: ${error}`);
  if (known) metric(world, run, "failure", "failed", id);
  const stops =
    always ||
    step?.onError === "abort" ||
    (step?.onError !== "continue" && world.scenario.older?.errorsStopByDefault === true);
  const to = stops ? undefined : targetOf(world.live.model, id, "continue");
  if (to === undefined) {
    log(world, run, "error", `Workflow encountered an error: ${error} at ${action(id)}`);
    if (stops) log(world, run, "info", `Workflow is aborting due to ${action(id)}`);
    leave(world, run, "failed", error, { error });
    return end(world, run, "failed", stops ? error : `${error}; nothing follows ${id}`);
  }
  log(world, run, "info", `Continuing to next action ${action(to)}`);
  if (known) metric(world, run, "success", "succeeded", id);
  leave(world, run, "failed", `${error}; the run goes on`, { to, error });
  // A quirk (run time §2.5): the position has moved already, so the worker asks the step that comes next whether to abort.
  if (world.live.model.actions.get(to)?.onError === "abort" && world.scenario.abortQuirk !== false) {
    run.position = to;
    return end(world, run, "failed", `${error}; and ${to}, which comes next, says onError "abort"`);
  }
  enter(world, run, to);
}

/** The step is gone from the live flow (run time §4.4). */
export function displaced(world: World, run: RunState, id: string): void {
  const successor = world.live.model.redirects[id];
  if (successor === undefined || !world.live.model.actions.has(successor))
    return changed(world, run, `the step ${id} was deleted`);
  metric(world, run, "other", "redirected_workflow_changed", id);
  leave(world, run, "redirected", "the step was deleted, with a successor", { to: successor });
  enter(world, run, successor);
}

function changed(world: World, run: RunState, reason: string): void {
  metric(world, run, "other", "exited_workflow_changed");
  log(world, run, "info", `Workflow exited: ${reason}`);
  end(world, run, "workflow_changed", reason);
}

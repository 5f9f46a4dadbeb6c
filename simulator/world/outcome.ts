// What comes of a step: along an edge, parked, failed, or displaced by an edit (run time §2.3 to §2.5, §4.4).
import { store } from "../steps/output-variable";
import type { StepResult, StepRun } from "../steps/step";
import { targetOf } from "./flow-model";
import { parkRun } from "./park";
import { action, end, enter, leave, log, metric } from "./record";
import type { AtRun, RunState, World } from "./state";

export function apply(at: AtRun, step: StepRun["step"], result: StepResult): void {
  const { world, run } = at;
  const id = run.position!;
  switch (result.kind) {
    case "endless":
      return end({ world, run }, "endless", result.reason);
    case "error":
      return failed(at, id, result);
    case "finished":
      metric({ world, run }, { kind: "success", name: "succeeded", step: id });
      log({ world, run }, "info", "Workflow completed");
      leave(at, { outcome: "exited", reason: "reached the exit" });
      return end({ world, run }, "exit", "reached the exit");
    case "park":
      if (result.stored === "unknown") noteUnknown(world, id, step);
      return parkRun(at, step, result);
    case "go": {
      if (result.stored === "unknown") noteUnknown(world, id, step);
      const tooLarge = store(at, step.outputVariable, result.result);
      if (tooLarge) return failed(at, id, { error: tooLarge });
      return follow(at, id, result);
    }
  }
}

/** What PostHog keeps of some steps is known in its outlines only (run time §3.5). */
function noteUnknown(world: World, id: string, { outputVariable }: StepRun["step"]): void {
  if (outputVariable) world.notes.add({ kind: "step_result", step: id });
}

/** Follows an edge. A step that its own filters skip has not succeeded. */
export function follow(
  { world, run }: AtRun,
  id: string,
  { edge, outcome, reason }: Extract<StepResult, { kind: "go" }>,
): void {
  const to = targetOf(world.live.model, id, edge);
  if (to === undefined) {
    if (world.live.updatedAt > run.enteredAt) return changed(world, run, `the continue edge of ${id} was removed`);
    return failed({ world, run }, id, {
      error: `No ${edge === "continue" ? "continue" : `branch ${edge}`} edge leaves ${id}`,
    });
  }
  leave({ world, run }, { outcome, reason, to, ...(typeof edge === "number" ? { branch: edge } : {}) });
  log({ world, run }, "info", `Workflow moved to action ${action(to)}`);
  if (outcome !== "filtered") metric({ world, run }, { kind: "success", name: "succeeded", step: id });
  enter(world, run, to);
}

interface StepFailure {
  error: string;
  /** It ends the run whatever `onError` says. */
  always?: boolean;
  /** Default true; a step of a kind that is not known has no metrics. */
  known?: boolean;
}

/** An error of a step (run time §2.5). */
export function failed({ world, run }: AtRun, id: string, { error, always = false, known = true }: StepFailure): void {
  const step = world.live.model.actions.get(id);
  log({ world, run }, "error", `${action(id)} Errored: ${error}`);
  if (known) metric({ world, run }, { kind: "failure", name: "failed", step: id });
  const stops =
    always ||
    step?.onError === "abort" ||
    (step?.onError !== "continue" && world.scenario.older?.errorsStopByDefault === true);
  const to = stops ? undefined : targetOf(world.live.model, id, "continue");
  if (to === undefined) {
    log({ world, run }, "error", `Workflow encountered an error: ${error} at ${action(id)}`);
    if (stops) log({ world, run }, "info", `Workflow is aborting due to ${action(id)}`);
    leave({ world, run }, { outcome: "failed", reason: error, error });
    return end({ world, run }, "failed", stops ? error : `${error}; nothing follows ${id}`);
  }
  log({ world, run }, "info", `Continuing to next action ${action(to)}`);
  if (known) metric({ world, run }, { kind: "success", name: "succeeded", step: id });
  leave({ world, run }, { outcome: "failed", reason: `${error}; the run continues`, to, error });
  // A quirk (run time §2.5): the position has moved already, so the worker asks the step that comes next whether to abort.
  if (world.live.model.actions.get(to)?.onError === "abort" && world.scenario.abortQuirk !== false) {
    run.position = to;
    return end({ world, run }, "failed", `${error}; the next step, ${to}, has onError "abort", which ends the run`);
  }
  enter(world, run, to);
}

/** The step is gone from the live flow (run time §4.4). */
export function displaced(world: World, run: RunState, id: string): void {
  const successor = world.live.model.redirects[id];
  if (successor === undefined || !world.live.model.actions.has(successor))
    return changed(world, run, `the step ${id} was deleted`);
  metric({ world, run }, { kind: "other", name: "redirected_workflow_changed", step: id });
  leave(
    { world, run },
    { outcome: "redirected", reason: "the step was deleted; the run moves to its successor", to: successor },
  );
  enter(world, run, successor);
}

function changed(world: World, run: RunState, reason: string): void {
  metric({ world, run }, { kind: "other", name: "exited_workflow_changed" });
  log({ world, run }, "info", `Workflow exited: ${reason}`);
  end({ world, run }, "workflow_changed", reason);
}

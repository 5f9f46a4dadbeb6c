// One wake of a run, up to its steps: status, person, exit condition (run time §2.1, §2.2).
import { NotSimulated } from "../not-simulated";
import { advance } from "./advance";
import { enrol, exitReason } from "./exit-condition";
import { action, end, log, metric } from "./record";
import type { RunState, World } from "./state";
import { View } from "./view";

export function wake(world: World, run: RunState): void {
  try {
    wakeUp(world, run);
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    world.notes.add(error.note);
    end({ world, run }, "not_simulated", `${error.message}, at ${run.position ?? "the trigger"}`);
  }
}

function wakeUp(world: World, run: RunState): void {
  const timeIsUp = run.parkedUntil === world.now;
  run.parkedUntil = undefined;
  if (world.live.status === "deleted" && !run.canceled)
    return end({ world, run }, "failed", "the workflow was deleted");
  if (run.canceled || world.live.status !== "active") {
    metric({ world, run }, { kind: "other", name: "canceled" });
    log({ world, run }, "info", `Run canceled: ${run.canceled ? "on request" : "the workflow is not active"}`);
    return end(
      { world, run },
      "canceled",
      run.canceled ? "canceled on request" : "the workflow was not active when the run woke",
    );
  }
  const view = new View(world, run, timeIsUp);
  const first = run.fresh;
  run.fresh = false;
  if (first) enrol(world, run, view.globals());
  const reason = exitReason(world, run, view.globals());
  // The flag holds for one wake, whatever the exit condition says by then (run time §4.1).
  run.conversionFlag = false;
  if (reason) {
    metric({ world, run }, { kind: "other", name: "early_exit", step: run.position ?? "exit_condition" });
    log({ world, run }, "info", `Workflow exited early due to exit condition: ${reason.words}`);
    return end({ world, run }, reason.how, reason.words);
  }
  if (first) log({ world, run }, "info", `Starting workflow execution at trigger ${run.startedWords}`);
  else
    log(
      { world, run },
      "info",
      `Resuming workflow execution at ${action(run.position!)}${run.wakeFlag ? ` (woken by ${run.wakeFlag})` : ""}`,
    );
  advance({ world, run }, view);
}

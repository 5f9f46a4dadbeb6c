// Standing still, and being made due: a run has one time at which it wakes, and a later plan replaces the earlier one.
import { iso, isoOrFar } from "../input/moment";
import type { StepResult, StepRun } from "../steps/step";
import { RANK } from "./queue";
import { end, log } from "./record";
import type { AtRun, RunState, World } from "./state";

/** Parks the run on its step. */
export function parkRun(
  { world, run }: AtRun,
  step: StepRun["step"],
  { until, reason, quiet = false }: Extract<StepResult, { kind: "park" }>,
): void {
  if (!Number.isFinite(until)) return end({ world, run }, "still_running", reason);
  run.visit?.parks.push({ at: iso(world.now), until: isoOrFar(until), reason });
  run.parkedUntil = until;
  run.parkedStep = step;
  if (!quiet) log({ world, run }, "info", `Workflow will pause until ${isoOrFar(until)}`);
  planWake(world, run, until);
}

/** Makes the run due at this time, and at no other. */
export function planWake(world: World, run: RunState, at: number): void {
  run.wakeToken += 1;
  world.queue.push(at, RANK.wake, { kind: "wake", run, token: run.wakeToken });
}

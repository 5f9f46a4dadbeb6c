// Standing still, and being made due: a run has one time at which it wakes, and a later plan replaces the earlier one.
import type { KnownGroup } from "../filters/globals";
import { iso } from "../input/moment";
import type { StepRun } from "../steps/step";
import { isMap } from "./people";
import { RANK } from "./queue";
import { end, log } from "./record";
import type { RunState, World } from "./state";

/** Parks the run on its step. */
export function parkRun(world: World, run: RunState, step: StepRun["step"], until: number, reason: string, quiet: boolean): void {
  if (!Number.isFinite(until)) return end(world, run, "still_running", reason);
  run.visit?.parks.push({ at: iso(world.now), until: isoOrFar(until), reason });
  run.parkedUntil = until;
  run.parkedStep = step;
  if (!quiet) log(world, run, "info", `Workflow will pause until ${isoOrFar(until)}`);
  planWake(world, run, until);
}

const FARTHEST = 8.64e15;
const isoOrFar = (instant: number): string => iso(Math.min(instant, FARTHEST));

/** Makes the run due at this time, and at no other. */
export function planWake(world: World, run: RunState, at: number): void {
  run.wakeToken += 1;
  world.queue.push(at, RANK.wake, { kind: "wake", run, token: run.wakeToken });
}

/** The groups of the trigger event, read anew at each wake. */
export function groupsOf(world: World, { event }: Pick<RunState, "event">): KnownGroup[] {
  const named = event.properties["$groups"];
  if (!isMap(named)) return [];
  return world.groups.filter(({ type, key }) => String(named[type]) === key);
}


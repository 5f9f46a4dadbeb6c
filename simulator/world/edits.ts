// The live flow changes while people are in it (run time §4.3, §4.4).
import { own, same } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { Action } from "../../definition/schema/types";
import { clampedDuration } from "../duration";
import type { FlowEdit } from "../input/scenario";
import type { ReadFlow } from "../input/flow";
import { offsetOf } from "../input/moment";
import { modelOf } from "./flow-model";
import { RANK } from "./queue";
import type { RunState, World } from "./state";
import { planWake } from "./park";

export function edit(world: World, { flow, status, redirects }: FlowEdit<ReadFlow>): void {
  const enabled = status === "active" && world.live.status !== "active";
  if (status !== undefined) world.live.status = status;
  if (flow !== undefined) replace(world, flow, redirects);
  else if (redirects)
    world.live.model = { ...world.live.model, redirects: { ...world.live.model.redirects, ...redirects } };
  if ((flow !== undefined || enabled) && world.scenario.sweep !== false) planSweep(world);
}

function replace(world: World, flow: ReadFlow, redirects: FlowEdit["redirects"]): void {
  const before = world.live.model;
  const model = modelOf(flow);
  world.live = {
    ...world.live,
    model: { ...model, id: before.id, redirects: { ...before.redirects, ...model.redirects, ...redirects } },
    updatedAt: world.now,
  };
  // The save resolves relative dates again.
  world.context.savedAt = world.now;
  world.context.savedAtGiven = true;
}

/** Some time after an edit, or after the flow is switched on again, waiting runs whose timing changed are checked again, never later than at their old time. A flow that is off is left alone. */
function planSweep(world: World): void {
  const after = offsetOf(world.scenario.sweep || "1m");
  if (after === undefined)
    throw new RangeError(
      `sweep: ${JSON.stringify(world.scenario.sweep)} is not a duration. Write for example "5m", or false`,
    );
  for (const run of world.runs) {
    if (run.parkedUntil === undefined || !isTouched(run, world.live.model.actions.get(run.position ?? ""))) continue;
    world.notes.add({ kind: "edit_sweep" });
    const due = world.now + after;
    if (due < run.parkedUntil)
      world.queue.push(due, RANK.wake, {
        kind: "do",
        act: () =>
          void (
            world.live.status === "active" &&
            run.parkedUntil !== undefined &&
            run.parkedUntil > world.now &&
            planWake(world, run, world.now)
          ),
      });
  }
}

function isTouched({ parkedStep }: RunState, now: Action | undefined): boolean {
  if (!parkedStep || !now) return false;
  if (parkedStep.type !== now.type) return true;
  const kind = stepKindOf(now.type);
  if (kind?.stay !== "waits") return false;
  if (kind.duration === undefined) return !same(parkedStep.config, now.config);
  return isShorter(own(now.config, kind.duration), own(parkedStep.config, kind.duration));
}

function isShorter(now: unknown, before: unknown): boolean {
  const [a, b] = [clampedDuration(now), clampedDuration(before)];
  return a !== undefined && b !== undefined && a < b;
}

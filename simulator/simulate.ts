// One simulation: a flow, what happens around it, and the result.
import { iso } from "./input/moment";
import type { ReadScenario } from "./input/scenario";
import { NotSimulated } from "./not-simulated";
import { timelineOf } from "./report/timeline";
import type { Simulation } from "./result/simulation";
import { buildWorld } from "./world/build";
import type { FlowModel } from "./world/flow-model";
import type { Observer } from "./world/observer";
import { end, statusOf } from "./world/record";
import type { World } from "./world/state";
import { wake } from "./world/wake";

/** Runs the flow in virtual time. */
export function simulateModel(model: FlowModel, scenario: ReadScenario, observer?: Observer): Simulation {
  const world = buildWorld(model, scenario, observer);
  play(world);
  return resultOf(world, model);
}

function play(world: World): void {
  for (;;) {
    const item = world.queue.pop();
    if (!item || item.time > world.until) break;
    world.now = Math.max(world.now, item.time);
    if (item.what.kind === "do") happen(world, item.what.act);
    else if (!item.what.run.ended && item.what.token === item.what.run.wakeToken) wake(world, item.what.run);
  }
  world.now = world.until;
  for (const run of world.runs)
    if (!run.ended) end({ world, run }, "still_running", `still waits on ${run.position ?? "the trigger"}`);
}

/** What cannot be known about a signal is named, and the signal has no effect. */
function happen(world: World, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    world.notes.add(error.note);
    world.attempts.push({ at: iso(world.now), outcome: "not_simulated", what: error.message });
  }
}

function resultOf(world: World, model: FlowModel): Simulation {
  const runs = world.runs.map(({ result }) => result);
  const first = runs[0];
  const byTime = <T extends { at: string }>(items: T[]): T[] =>
    items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const simulation: Simulation = {
    flow: model.name,
    started: iso(world.start),
    runs,
    attempts: world.attempts,
    steps: first?.steps ?? [],
    messages: byTime(runs.flatMap(({ messages }) => messages)),
    skipped: byTime(runs.flatMap(({ skipped }) => skipped)),
    requests: byTime(runs.flatMap(({ requests }) => requests)),
    variables: first?.variables ?? {},
    end: first?.end ?? {
      how: "not_started",
      status: statusOf("not_started"),
      at: iso(world.start),
      after: 0,
      reason: world.attempts[0]?.what ?? "nothing started the flow",
    },
    metrics: world.metrics,
    notSimulated: world.notes.notSimulated(),
    warnings: world.notes.warnings(),
    timeline: () => timelineOf(simulation),
  };
  return simulation;
}

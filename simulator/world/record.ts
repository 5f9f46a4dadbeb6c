// Writes down what happens: log lines, metrics, steps entered and left (run time §8).
import { iso } from "../input/moment";
import type { EndKind, LogLine, Metric, Outcome } from "../result/run";
import { branchName } from "./flow-model";
import type { RunState, World } from "./state";

export const action = (id: string): string => `[Action:${id}]`;

export function log(world: World, run: RunState, level: LogLine["level"], message: string): void {
  run.result.log.push({ level, message, at: iso(world.now) });
}

export function metric(
  world: World,
  run: RunState | undefined,
  kind: Metric["kind"],
  name: string,
  step?: string,
): void {
  (run ? run.result.metrics : world.metrics).push({
    kind,
    name,
    ...(step === undefined ? {} : { step }),
    at: iso(world.now),
  });
}

/** The run comes to a step. Its entry time is now. */
export function enter(world: World, run: RunState, id: string): void {
  const step = world.live.model.actions.get(id);
  run.position = id;
  run.enteredAt = world.now;
  run.storedUntil = undefined;
  run.pending = undefined;
  run.wakeFlag = undefined;
  run.parkedStep = undefined;
  run.visit = {
    id,
    name: step?.name ?? id,
    type: step?.type ?? "unknown",
    entered: iso(world.now),
    enteredAfter: world.now - run.startedAt,
    outcome: "waiting",
    reason: "",
    parks: [],
    variables: run.variables,
  };
  run.result.steps.push(run.visit);
}

/** The run leaves the step that it stands on. */
export function leave(
  world: World,
  run: RunState,
  outcome: Outcome,
  reason: string,
  more: { branch?: number; to?: string; error?: string } = {},
): void {
  const visit = run.visit;
  if (!visit || visit.left !== undefined) return;
  const name = more.branch === undefined ? undefined : branchName(world.live.model.actions.get(visit.id), more.branch);
  Object.assign(visit, {
    left: iso(world.now),
    leftAfter: world.now - run.startedAt,
    outcome,
    reason,
    ...more,
    ...(name === undefined ? {} : { branchName: name }),
    variables: { ...run.variables },
  });
}

const STATUS = {
  exit: "completed",
  conversion: "completed",
  trigger_not_matched: "completed",
  workflow_changed: "completed",
  failed: "failed",
  canceled: "cancelled",
  not_started: "none",
  still_running: "none",
  endless: "none",
  not_simulated: "none",
} as const satisfies Record<EndKind, string>;

export const statusOf = (how: EndKind): (typeof STATUS)[EndKind] => STATUS[how];

export function end(world: World, run: RunState, how: EndKind, reason: string): void {
  if (run.ended) return;
  leave(world, run, "ended", reason);
  run.ended = true;
  run.parkedUntil = undefined;
  run.wakeToken += 1;
  run.result.variables = { ...run.variables };
  run.result.end = {
    how,
    status: STATUS[how],
    at: iso(world.now),
    after: world.now - run.startedAt,
    reason,
    ...(run.position === undefined ? {} : { step: run.position }),
  };
}

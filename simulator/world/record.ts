// Writes down what happens: log lines, metrics, steps entered and left (run time §8).
import { iso } from "../input/moment";
import type { EndKind, LogLine, Metric, StepVisit } from "../result/run";
import { branchName } from "./flow-model";
import type { AtRun, RunState, World } from "./state";

export const action = (id: string): string => `[Action:${id}]`;

export function log({ world, run }: AtRun, level: LogLine["level"], message: string): void {
  run.result.log.push({ level, message, at: iso(world.now) });
}

/** A metric of the run, or of the flow where there is none. */
export function metric({ world, run }: Pick<AtRun, "world"> & Partial<AtRun>, row: Omit<Metric, "at">): void {
  (run ? run.result.metrics : world.metrics).push({ ...row, at: iso(world.now) });
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

/** The run leaves its step. */
export function leave(
  { world, run }: AtRun,
  how: Pick<StepVisit, "outcome" | "reason" | "branch" | "to" | "error">,
): void {
  const visit = run.visit;
  if (!visit || visit.left !== undefined) return;
  const name = how.branch === undefined ? undefined : branchName(world.live.model.actions.get(visit.id), how.branch);
  Object.assign(visit, {
    left: iso(world.now),
    leftAfter: world.now - run.startedAt,
    ...how,
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

export function end({ world, run }: AtRun, how: EndKind, reason: string): void {
  if (run.ended) return;
  leave({ world, run }, { outcome: "ended", reason });
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

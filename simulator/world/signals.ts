// What a signal does to parked runs (run time §3.5, §4.1): only a wait that it satisfies, or an event goal, makes a run due before its time.
import type { FilterGlobals } from "../filters/globals";
import { matches, namesEvent } from "../filters/match";
import { signalMatches } from "../steps/wait";
import { exitsOnConversion, watchSignal } from "./exit-condition";
import { stateNow } from "./observer";
import { planWake } from "./park";
import { groupsOf, isOf } from "./people";
import type { AtRun, Signal, World } from "./state";

export function signalled(world: World, signal: Signal): void {
  const globals: FilterGlobals = {
    event: signal.event,
    person: signal.person,
    groups: groupsOf(world, signal),
    variables: undefined,
    cohorts: undefined,
    now: world.now,
    internal: signal.kind === "internal",
  };
  for (const run of world.runs) {
    if (!isOf(signal, run)) continue;
    if (signal.kind !== "internal") watchSignal({ world, run }, globals, signal.kind);
    if (!run.ended && run.parkedUntil !== undefined && run.parkedUntil > world.now && world.live.status === "active")
      wakeParked({ world, run }, signal, globals);
  }
}

function wakeParked({ world, run }: AtRun, signal: Signal, globals: FilterGlobals): void {
  const { actions, definition } = world.live.model;
  const goals = (definition.conversion?.events ?? []).filter(({ filters }) => namesEvent(filters));
  if (
    signal.kind !== "update" &&
    exitsOnConversion(world) &&
    goals.some(({ filters }) => matches(filters, globals, world.context).matched)
  ) {
    run.conversionFlag = true;
    planWake(world, run, world.now);
    return;
  }
  const step = actions.get(run.position!);
  if (step?.type !== "wait_until_condition" || world.scenario.older?.waitsPollEvery10Minutes || run.wakeFlag) return;
  const matched = signalMatches(step.config, globals, world);
  if (!matched) return;
  run.wakeFlag = matched;
  const { variables } = run;
  const { event, person, groups } = globals;
  world.observer.onMatch?.(run.position!, stateNow({ event, person, groups, variables }), run.result);
  planWake(world, run, world.now);
}

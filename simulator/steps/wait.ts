// Waits for an event or a condition: branch 0 when it comes, the continue edge when the time is out (run time §3.5).
import type { Filters } from "../../definition/schema/types";
import { clampedDuration } from "../duration";
import { asksSomething, matches, namesEvent } from "../filters/match";
import type { FilterGlobals } from "../filters/globals";
import { iso } from "../input/moment";
import { noteCaptured } from "../world/captured";
import { isOf } from "../world/people";
import type { World } from "../world/state";
import { warnOfClamp } from "./clamp";
import { go, park, type StepResult, type StepRun } from "./step";

const TEN_MINUTES = 600_000;

export function wait(context: StepRun<"wait_until_condition">): StepResult {
  const { step, run, world, timeIsUp } = context;
  if (run.wakeFlag) {
    const byEvent = run.wakeFlag === "event";
    return {
      kind: "go",
      edge: 0,
      outcome: "matched",
      reason: byEvent ? "the event came" : "the condition became true",
      ...(byEvent ? { result: { eventMatched: true } } : { stored: "unknown" as const }),
    };
  }
  context.reread();
  const filters = step.config.condition?.filters;
  if (asksSomething(filters) && matches(filters, context.globals(), world.context).matched)
    return { kind: "go", edge: 0, outcome: "matched", reason: "the condition is true", stored: "unknown" };
  const text = step.config.maxWaitDuration;
  if (text === undefined || text === null || text === "")
    return go("continue", "timed out", "without a longest wait, it does not wait");
  const duration = clampedDuration(text);
  if (duration === undefined) return { kind: "error", error: `Invalid max_wait_duration: ${JSON.stringify(text)}` };
  const deadline = run.enteredAt + duration;
  if (world.now > deadline || (timeIsUp && world.now === deadline))
    return {
      kind: "go",
      edge: "continue",
      outcome: "timed out",
      reason: `nothing came within ${text}`,
      stored: "unknown",
    };
  warnOfPast(context);
  warnOfClamp(context, text);
  noteCaptured(world, step.config.events ?? []);
  const until = world.scenario.older?.waitsPollEvery10Minutes ? Math.min(deadline, world.now + TEN_MINUTES) : deadline;
  return {
    ...park(until, `waits for ${wordsOf(step.config.events ?? [], asksSomething(filters))}, at most ${text}`),
    stored: "unknown",
  };
}

/** Events that are already over do not count, which authors tend not to expect. */
function warnOfPast({ step, run, world, id }: StepRun<"wait_until_condition">): void {
  const named = new Set(
    (step.config.events ?? []).flatMap(({ filters }) => (filters?.events ?? []).map((item) => item.id)),
  );
  if (named.has(run.event.event)) world.notes.add({ kind: "waits_for_start", step: id, event: run.event.event });
  for (const { event, person, at } of world.past) {
    if (
      named.has(event.event) &&
      event.uuid !== run.event.uuid &&
      at >= run.startedAt &&
      at <= run.enteredAt &&
      isOf({ event, person }, run)
    )
      world.notes.add({ kind: "waits_for_past", step: id, event: event.event, at: iso(at) });
  }
}

function wordsOf(events: readonly { filters?: Filters; name?: string }[], condition: boolean): string {
  const names = events.flatMap(({ filters, name }) =>
    (filters?.events ?? [])
      .map((item) => (item.id === null ? "any event" : `"${item.name ?? item.id}"`))
      .concat((filters?.actions ?? []).map((item) => name ?? `action ${String(item.id)}`)),
  );
  return [...names, ...(condition ? ["its condition"] : [])].join(" or ") || "nothing";
}

/** Whether a signal ends the wait: any entry of `events`, or the condition, judged on the signal itself. */
export function signalMatches(
  config: StepRun<"wait_until_condition">["step"]["config"],
  globals: FilterGlobals,
  world: World,
): "event" | "condition" | undefined {
  for (const { filters } of config.events ?? [])
    if (namesEvent(filters) && matches(filters, globals, world.context).matched) return "event";
  const condition = config.condition?.filters;
  return asksSomething(condition) && matches(condition, globals, world.context).matched ? "condition" : undefined;
}

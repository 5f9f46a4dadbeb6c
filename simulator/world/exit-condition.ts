// Early ends and conversions (run time §4.1, §4.2): two facts at each wake, and a watcher that outlives the run.
import { DAY_MS } from "../../definition/lengths";
import { isDict, own } from "../../definition/canonical/values";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import type { ExitCondition } from "../../definition/schema/types";
import { plainDuration } from "../duration";
import { matches, matchesAll, namesEvent } from "../filters/match";
import type { FilterGlobals } from "../filters/globals";
import { iso } from "../input/moment";
import { noteCaptured } from "./captured";
import { metric } from "./record";
import type { AtRun, RunState, Signal, World } from "./state";

const DEFAULT_WINDOW = 90 * DAY_MS;
const MAX_WINDOW = 365 * DAY_MS;

function exitConditionOf(world: World): ExitCondition {
  const { trigger, definition } = world.live.model;
  return triggerKindOf(trigger.type)?.isRowScoped
    ? "exit_only_at_end"
    : (definition.exitCondition ?? "exit_on_conversion");
}

/** Which of the two early ends each condition has. */
const EARLY_ENDS: Readonly<Record<ExitCondition, { conversion: boolean; triggerNotMatched: boolean }>> = {
  exit_on_conversion: { conversion: true, triggerNotMatched: false },
  exit_on_trigger_not_matched: { conversion: false, triggerNotMatched: true },
  exit_on_trigger_not_matched_or_conversion: { conversion: true, triggerNotMatched: true },
  exit_only_at_end: { conversion: false, triggerNotMatched: false },
};

export const exitsOnConversion = (world: World): boolean => EARLY_ENDS[exitConditionOf(world)].conversion;

/** True, false, or undefined when it is not known: then nothing ends. */
function triggerMatch(world: World, globals: FilterGlobals): boolean | undefined {
  const { trigger } = world.live.model;
  if (trigger.type !== "event" || !isDict(trigger.filters) || !globals.person) return undefined;
  return matches(trigger.filters, globals, world.context).matched;
}

function conversionMatch(world: World, run: RunState, globals: FilterGlobals): boolean | undefined {
  if (run.conversionFlag) return true;
  const goal = world.live.model.definition.conversion?.filters ?? [];
  return goal.length === 0 || !globals.person ? undefined : matchesAll(goal, globals, world.context).matched;
}

export function exitReason(
  world: World,
  run: RunState,
  globals: FilterGlobals,
): { how: "conversion" | "trigger_not_matched"; words: string } | undefined {
  const early = EARLY_ENDS[exitConditionOf(world)];
  if (early.triggerNotMatched && triggerMatch(world, globals) === false)
    return { how: "trigger_not_matched", words: "the trigger no longer matches" };
  if (early.conversion && conversionMatch(world, run, globals) === true)
    return { how: "conversion", words: "the person converted" };
  return undefined;
}

/** At the first execution: a goal that is reached already counts now, any other is watched for its window. */
export function enrol(world: World, run: RunState, globals: FilterGlobals): void {
  const goal = world.live.model.definition.conversion;
  const properties = goal?.filters ?? [];
  const events = (goal?.events ?? []).filter(({ filters }) => namesEvent(filters));
  if (!goal || (properties.length === 0 && events.length === 0)) return;
  if (run.event.distinctId === "" && !globals.person) return;
  if (properties.length > 0 && globals.person && matchesAll(properties, globals, world.context).matched)
    return count(world, run, "property");
  noteCaptured(world, events);
  run.watch = { properties, events, until: world.now + windowOf(goal) };
}

/** The newer text wins over PostHog's older number of minutes. */
function windowOf(goal: object): number {
  const text = plainDuration(own(goal, "window"));
  if (text !== undefined) return Math.min(text, MAX_WINDOW);
  const minutes = own(goal, "windowMinutes") ?? own(goal, "window_minutes");
  return typeof minutes === "number" && minutes > 0 ? Math.min(minutes * 60_000, DEFAULT_WINDOW) : DEFAULT_WINDOW;
}

/** Counts once, whether the run continues, has ended, or was never parked. */
export function watchSignal({ world, run }: AtRun, globals: FilterGlobals, kind: Signal["kind"]): void {
  const { watch } = run;
  if (!watch || world.now > watch.until) return;
  if (kind === "event" && watch.events.some(({ filters }) => matches(filters, globals, world.context).matched))
    return count(world, run, "event");
  if (watch.properties.length > 0 && globals.person && matchesAll(watch.properties, globals, world.context).matched)
    count(world, run, "property");
}

function count(world: World, run: RunState, type: "property" | "event"): void {
  run.watch = undefined;
  run.result.conversions.push({ at: iso(world.now), type });
  metric({ world, run }, { kind: "other", name: "conversion" });
}

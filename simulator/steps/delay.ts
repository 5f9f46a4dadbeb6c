// Delays: a length, or a moment that is computed for each person (run time §3.1, §3.2).
import { DAY_MS } from "../../definition/lengths";
import { instantOf } from "../../definition/canonical/local-time";
import { clampedDuration, signedDuration } from "../duration";
import { hogGlobals } from "../filters/globals";
import { compileHog, evaluate, HogRefused } from "../hog/evaluate";
import { isoOrFar } from "../input/moment";
import type { Notes } from "../notes";
import { warnOfClamp } from "./clamp";
import { fail, go, park, type StepResult, type StepRun } from "./step";
import { zoneOf } from "./zone";

const DEFAULT_CAP = 30 * DAY_MS;

export function delay(context: StepRun<"delay">): StepResult {
  const { step, run } = context;
  if (step.config.delayUntil) return delayUntil(context);
  const text = step.config.delayDuration;
  const duration = clampedDuration(text);
  if (duration === undefined) return fail(`Invalid delay duration: ${JSON.stringify(text ?? "")}`);
  warnOfClamp(context, text);
  return untilTarget(context, run.enteredAt + duration, `waits ${text}`);
}

function untilTarget({ world, timeIsUp }: StepRun<"delay">, target: number, reason: string): StepResult {
  return world.now > target || (timeIsUp && world.now === target)
    ? go("continue", "waited", reason)
    : park(target, reason);
}

function delayUntil(context: StepRun<"delay">): StepResult {
  const { step, run, world, person } = context;
  const { expression, offset = "", ...zones } = step.config.delayUntil!;
  const shift = offset === "" ? 0 : signedDuration(offset);
  if (shift === undefined) return fail(`Invalid offset: ${JSON.stringify(offset)}`);
  if (typeof expression !== "string" || expression.trim() === "") return fail("delay_until has no expression");
  const found = instantFrom(evaluated(context, expression), zoneOf(zones, person), world.notes);
  if (found === undefined && run.storedUntil === undefined)
    return { kind: "error", error: `The date of delay_until cannot be resolved: ${expression}`, always: true };
  if (found !== undefined) run.storedUntil = found;
  const target = run.storedUntil! + shift;
  warnOfClamp(context, step.config.maxDelayDuration);
  const cap = run.enteredAt + (clampedDuration(step.config.maxDelayDuration) ?? DEFAULT_CAP);
  const until = Math.min(target, cap);
  if (until <= world.now || Number.isNaN(until))
    return go("continue", "waited", target > cap ? "the longest wait is over" : `${isoOrFar(target)} has come`);
  return park(
    until,
    target > cap ? `waits for ${isoOrFar(target)}, at most until ${isoOrFar(cap)}` : `waits for ${isoOrFar(target)}`,
  );
}

/** The value of the expression; undefined when it fails. */
function evaluated({ world, globals }: StepRun<"delay">, expression: string): unknown {
  try {
    const result = evaluate(compileHog(expression), hogGlobals(globals()), { now: world.now, random: world.random });
    return result.ok ? result.value : undefined;
  } catch (error) {
    if (error instanceof HogRefused) return undefined;
    throw error;
  }
}

/** Above this a number of seconds is unusable: the year 9999 ends. */
const MAX_SECONDS = 253_402_300_799;
const ISO_TEXT = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** The instant that a result says: a Hog date-time, Unix seconds, or an ISO text, which without an offset is local time of the zone. */
function instantFrom(value: unknown, zone: string, notes: Notes): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number")
    return Number.isFinite(value) && Math.abs(value) <= MAX_SECONDS ? value * 1000 : undefined;
  if (typeof value === "object" && value !== null) {
    const { dt, year, month, day } = value as { dt?: unknown; year?: unknown; month?: unknown; day?: unknown };
    if (typeof dt === "number") return dt * 1000;
    if (typeof year === "number" && typeof month === "number" && typeof day === "number")
      return instantOf(Date.UTC(year, month - 1, day), zone);
    return undefined;
  }
  const match = typeof value === "string" ? ISO_TEXT.exec(value.trim()) : null;
  if (!match) return undefined;
  const [, date, separator, time = "00:00", offset] = match;
  if (separator === " ") notes.add({ kind: "spaced_date" });
  const local = Date.parse(`${date}T${time.replace(",", ".")}Z`);
  if (Number.isNaN(local)) return undefined;
  if (offset === undefined) return instantOf(local, zone);
  return offset.toUpperCase() === "Z" ? local : local - offsetMs(offset);
}

function offsetMs(offset: string): number {
  const digits = offset.replace(/[^\d]/g, "").padEnd(4, "0");
  return (offset.startsWith("-") ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** How long steps wait: durations, points in time and time windows (run time §3.1 to §3.4). */
import { isObject, type JsonObject } from "../json";
import { DURATION, isTimeZone, SIGNED_DURATION } from "../serializers/durations";
import { fromNaive, toNaive } from "../zones";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const UNITS: Record<string, { ms: number; most: number }> = {
  s: { ms: 1000, most: 60 },
  m: { ms: MINUTE, most: 60 },
  h: { ms: 60 * MINUTE, most: 24 },
  d: { ms: DAY, most: 30 },
};
const LONGEST_DELAY = 30 * DAY;

/** Milliseconds; what is above the most of its unit is cut to it. */
export function waitMs(duration: unknown): number {
  if (typeof duration !== "string" || !DURATION.test(duration))
    throw new Error(`Invalid duration: ${String(duration)}`);
  const unit = UNITS[duration.slice(-1)]!;
  return Math.min(Number(duration.slice(0, -1)), unit.most) * unit.ms;
}

function offsetMs(offset: unknown): number {
  if (offset === undefined || offset === null || offset === "") return 0;
  if (typeof offset !== "string" || !SIGNED_DURATION.test(offset)) throw new Error(`Invalid offset: ${String(offset)}`);
  return Number(offset.slice(0, -1)) * UNITS[offset.slice(-1)]!.ms;
}

/** The zone that a step reads local time in. */
export function zoneOf(config: JsonObject, person: unknown): string {
  const own: unknown = isObject(person) && isObject(person.properties) ? person.properties.$geoip_time_zone : undefined;
  if (!config.use_person_timezone) return (config.timezone as string) || "UTC";
  return isTimeZone(own) ? own : (config.fallback_timezone as string) || (config.timezone as string) || "UTC";
}

const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/;
/** Numbers above are no seconds. */
const LATEST_SECONDS = 253_402_300_799;

/** The instant that an expression gave, in milliseconds; undefined when it is none. */
export function instantOf(value: unknown, zone: string): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value <= LATEST_SECONDS ? value * 1000 : undefined;
  if (isObject(value)) {
    if (value.__hogDateTime__) return Number.isFinite(value.dt) ? value.dt * 1000 : undefined;
    if (value.__hogDate__) return fromNaive(Date.UTC(value.year, value.month - 1, value.day), zone);
    return undefined;
  }
  if (typeof value !== "string") return undefined;
  const text = value.trim().replace(" ", "T");
  const ms = LOCAL.test(value.trim())
    ? fromNaive(Date.parse(`${text.includes("T") ? text : `${text}T00:00`}Z`), zone)
    : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** When a delay until an instant ends; undefined when that is past. */
export function delayEnd(config: JsonObject, target: number, now: number): number | undefined {
  const at = target + offsetMs(config.delay_until.offset);
  let longest = LONGEST_DELAY;
  if (typeof config.max_delay_duration === "string" && DURATION.test(config.max_delay_duration))
    longest = waitMs(config.max_delay_duration);
  return at <= now ? undefined : Math.min(at, now + longest);
}

const WEEK = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function isOpenDay(day: unknown, naive: number): boolean {
  const weekday = new Date(naive).getUTCDay();
  if (day === "any") return true;
  if (day === "weekday") return weekday >= 1 && weekday <= 5;
  if (day === "weekend") return weekday === 0 || weekday === 6;
  return Array.isArray(day) && day.includes(WEEK[weekday]);
}

const minutesOf = (time: unknown): number => {
  const [hours, minutes] = String(time).split(":").map(Number);
  return (hours! * 60 + minutes!) * MINUTE;
};

/** When the window of a step opens; undefined while it is open. */
export function windowOpens({ day, time, ...config }: JsonObject, person: unknown, now: number): number | undefined {
  const zone = zoneOf(config, person);
  const naive = toNaive(now, zone);
  const today = Math.floor(naive / DAY) * DAY;
  const nextDay = (): number => {
    for (let i = 1; i <= WEEK.length; i++) if (isOpenDay(day, today + i * DAY)) return today + i * DAY;
    throw new Error("The time window is open on no day");
  };
  if (time === "any" || !Array.isArray(time)) return isOpenDay(day, today) ? undefined : fromNaive(nextDay(), zone);
  const [start, end] = [minutesOf(time[0]), minutesOf(time[1])];
  const [afterStart, beforeEnd] = [naive >= today + start, naive <= today + end];
  const open =
    start < end
      ? afterStart && beforeEnd && isOpenDay(day, today)
      : (afterStart && isOpenDay(day, today)) || (beforeEnd && isOpenDay(day, today - DAY));
  if (open) return undefined;
  return fromNaive(!afterStart && isOpenDay(day, today) ? today + start : nextDay() + start, zone);
}

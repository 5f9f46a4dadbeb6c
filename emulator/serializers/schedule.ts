/** A schedule's payload: shapes first, then the rule, the zone, the occurrences and their distance. */
import { parseInstant, type Instant } from "../clock";
import { at, FieldError, NeverAnswers } from "../errors";
import { isNull, nested, required, text } from "../fields";
import type { JsonObject } from "../json";
import { InvalidRule, occurrencesAfter, parseRule, type Rule } from "../recurrence";
import { isTimeZone } from "./durations";

export const TIMEZONE_MAX = 64;
const MIN_DISTANCE_MS = 3_600_000;
export const TIMING_KEYS = ["rrule", "starts_at", "timezone"] as const;

export const DATETIME_FORMAT =
  "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";

export interface SchedulePayload {
  rrule?: string;
  starts_at?: Instant;
  timezone?: string;
  variables?: unknown;
}

const FIELDS: readonly { key: keyof SchedulePayload; required?: boolean; read(value: unknown): unknown }[] = [
  { key: "rrule", required: true, read: (v) => text(v) },
  { key: "starts_at", required: true, read: startsAt },
  { key: "timezone", read: (v) => text(v, { max: TIMEZONE_MAX }) },
  { key: "variables", read: anyButNull },
];

export function schedulePayload(body: unknown, partial: boolean): SchedulePayload {
  const raw: JsonObject = nested(body);
  const values: JsonObject = {};
  for (const field of FIELDS) {
    if (field.key in raw) values[field.key] = at(field.key, () => field.read(raw[field.key]));
    else if (field.required && !partial) throw required(field.key);
  }
  return values;
}

function startsAt(value: unknown): Instant {
  if (value === null) throw isNull();
  const instant = typeof value === "string" ? parseInstant(value) : "malformed";
  if (typeof instant !== "number") throw new FieldError([], DATETIME_FORMAT);
  return instant;
}

function anyButNull(value: unknown): unknown {
  if (value === null) throw isNull();
  return value;
}

export interface Timing {
  rrule: string;
  starts_at: Instant;
  timezone: string;
}

/** `now` is in milliseconds. */
export function checkTiming({ rrule, starts_at, timezone }: Timing, now: number): void {
  const rule = readRule(rrule);
  const unknownZone = new FieldError(["timezone"], "Invalid or unknown timezone.");
  if (!isTimeZone(timezone)) throw unknownZone;
  if (rule.interval === 0) throw new NeverAnswers("a rule that never advances");
  // Upstream's expansion fails here in a place where only a bad zone is expected to.
  if (rule.interval < 0) throw unknownZone;
  const [first, second] = occurrencesAfter(
    rule,
    { startsAt: starts_at / 1000, zone: timezone },
    { after: now, limit: 2 },
  );
  if (first === undefined) throw new FieldError(["rrule"], "Schedule produces no future occurrences.");
  if (second !== undefined && second - first < MIN_DISTANCE_MS)
    throw new FieldError(["rrule"], "Schedules must run at most once per hour.");
}

function readRule(text: string): Rule {
  try {
    return parseRule(text);
  } catch (error) {
    if (error instanceof InvalidRule) throw new FieldError(["rrule"], "Invalid RRULE.");
    throw error;
  }
}

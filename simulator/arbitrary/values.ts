// Values that decide a filter one way or the other: for each property, what the flow itself compares it with, and its neighbours.
import { DAY_MS } from "../../definition/lengths";
import { isRelativeDate, fixedDate, dateOf } from "../filters/dates";
import { iso } from "../input/moment";

/** The property is not there at all. */
export const ABSENT = Symbol("absent");

/** What is worth trying for a property that a filter compares with this value. */
export function candidates(operator: string, value: unknown, now: number): unknown[] {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return [...values.flatMap((one) => near(operator, one, now)), `other-${String(values[0] ?? "value")}`, ABSENT];
}

function near(operator: string, value: unknown, now: number): unknown[] {
  if (operator === "is_set" || operator === "is_not_set" || value === null || value === undefined)
    return ["something", true];
  if (operator.startsWith("is_date")) return datesNear(value, now);
  if (operator.startsWith("semver")) return [value, "0.0.1", "999.0.0"];
  if (operator.includes("regex")) return [value, sampleOf(String(value)), "zzz"];
  if (typeof value === "number") return [value, value - 1, value + 1];
  if (typeof value === "boolean") return [value, !value];
  const text = String(value);
  if (text === "true" || text === "false") return [text === "true", text !== "true"];
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return [text, number, number - 1, number + 1];
  return [text, text.replace(/[%_]/g, "x"), `a ${text} b`];
}

function datesNear(value: unknown, now: number): unknown[] {
  const limit = isRelativeDate(value) ? fixedDate(String(value), now, "UTC") : dateOf(value);
  return limit === undefined ? [iso(now)] : [iso(limit), iso(limit - DAY_MS), iso(limit + DAY_MS)];
}

/** Of a longer pattern, the beginning: groups and sets without an end are looked for again and again. */
const LONGEST_PATTERN = 1_000;

/** A text that a simple pattern may match: its letters, without the signs of the language of patterns. */
const sampleOf = (pattern: string): string =>
  pattern
    .slice(0, LONGEST_PATTERN)
    .replace(/\(\?[a-z]+\)/g, "")
    .replace(/\[([^\]^])[^\]]*\]/g, "$1")
    .replace(/\\d/g, "1")
    .replace(/\\w/g, "a")
    .replace(/\\(.)/g, "$1")
    .replace(/\(([^|)]*)(?:\|[^)]*)?\)/g, "$1")
    .replace(/\.[*+]/g, "a")
    .replace(/\|.*$/, "")
    .replace(/[\^$*+?(){}]/g, "");

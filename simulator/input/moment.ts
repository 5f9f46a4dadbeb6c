// Moments of a scenario, as Unix milliseconds.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from "../../definition/lengths";

/**
 * A moment: an offset from the start (`"+2h"`, `"+1d 6h"`), an ISO text (without an offset it is UTC), a Date, or Unix milliseconds.
 *
 * @example
 * const events = [{ event: "project created", at: "+1d 6h" }];
 */
export type Moment = string | number | Date;

/** Monday: so that flows with office hours run on without surprises. */
export const DEFAULT_START = Date.UTC(2026, 0, 5, 9);

const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: WEEK_MS,
};
const HAS_ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i;

/** An offset such as "+1d 6h" in milliseconds; undefined for other texts. */
export function offsetOf(text: string): number | undefined {
  const match = /^\+?\s*((?:\d+(?:\.\d+)?\s*[smhdw]\s*)+)$/.exec(text);
  if (!match) return undefined;
  let total = 0;
  for (const [, number, unit] of match[1]!.matchAll(/(\d+(?:\.\d+)?)\s*([smhdw])/g))
    total += Number(number) * UNIT_MS[unit!]!;
  return total;
}

/** @throws RangeError when the moment cannot be read. */
export function momentOf(moment: Moment, start: number, where: string): number {
  if (typeof moment === "number" && Number.isFinite(moment)) return moment;
  if (moment instanceof Date && !Number.isNaN(moment.getTime())) return moment.getTime();
  if (typeof moment === "string") {
    const offset = offsetOf(moment.trim());
    if (offset !== undefined) return start + offset;
    const text = moment.trim().replace(" ", "T");
    const instant = /^\d{4}-\d\d-\d\d/.test(text)
      ? Date.parse(text.includes("T") && !HAS_ZONE.test(text) ? `${text}Z` : text)
      : Number.NaN;
    if (!Number.isNaN(instant)) return instant;
  }
  throw new RangeError(
    `${where}: ${JSON.stringify(moment)} is not a moment. Write an offset from the start such as "+2h" or "+1d 6h", or an ISO date such as "2026-01-05T09:00:00Z"`,
  );
}

/** A span in words: "+2d 3h", "+0s". */
export function spanText(ms: number): string {
  const sign = ms < 0 ? "-" : "+";
  let rest = Math.abs(Math.round(ms));
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"]) {
    const amount = Math.floor(rest / UNIT_MS[unit]!);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * UNIT_MS[unit]!;
  }
  if (rest > 0) parts.push(`${rest}ms`);
  return `${sign}${parts.join(" ") || "0s"}`;
}

/** The last instant that JavaScript can write. */
const FARTHEST = 8.64e15;

/** As `iso`, for instants that may lie beyond what can be written. */
export const isoOrFar = (instant: number): string => iso(Math.max(-FARTHEST, Math.min(instant, FARTHEST)));

let last: { instant: number; text: string } = { instant: 0, text: "1970-01-01T00:00:00.000Z" };

/** As PostHog writes instants: ISO in UTC. Many things happen at one instant, so the latest text is kept. */
export function iso(instant: number): string {
  if (instant !== last.instant) last = { instant, text: new Date(instant).toISOString() };
  return last.text;
}

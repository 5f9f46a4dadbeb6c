// Dates in filters: what the worker reads, and what becomes of relative ones when a flow is saved (run time §5.4).
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../../definition/lengths";
import { DATE_TEXT } from "../../definition/schema/operators";
import { localOf } from "../../definition/canonical/local-time";

/** The instant of a date or date-time; without a zone it is UTC. Undefined for anything else, numbers included. */
export function dateOf(value: unknown): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value !== "string") return undefined;
  const match = DATE_TEXT.exec(value.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = match;
  const instant = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0").slice(0, 3)}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`,
  );
  return Number.isNaN(instant) ? undefined : instant;
}

const RELATIVE = /^-(\d+)([hdwmMqy])$/;

export const isRelativeDate = (value: unknown): boolean => typeof value === "string" && RELATIVE.test(value);

/** A relative date as the save fixes it: wall-clock time of the project's zone, which the worker then reads as UTC. */
export function fixedDate(value: string, savedAt: number, projectZone: string): number | undefined {
  const match = RELATIVE.exec(value);
  if (!match) return undefined;
  const amount = Number(match[1]);
  const local = localOf(savedAt, projectZone);
  switch (match[2]) {
    case "M":
      return local - amount * MINUTE_MS;
    case "h":
      return local - amount * HOUR_MS;
    case "d":
      return local - amount * DAY_MS;
    case "w":
      return local - amount * WEEK_MS;
    case "m":
      return monthsBefore(local, amount);
    case "q":
      return monthsBefore(local, 3 * amount);
    default:
      return monthsBefore(local, 12 * amount);
  }
}

/** The same day of an earlier month, or that month's last day. */
function monthsBefore(instant: number, months: number): number {
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

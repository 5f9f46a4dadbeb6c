// Local times of a zone and instants. Around a change of clocks: a time that comes twice is the first, one that is left out moves forward by the
// gap, as in Python's zoneinfo, which PostHog uses.
import { DAY_MS } from "../lengths";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that the zone is ahead of UTC at this instant. */
function offsetAt(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const at = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const local = Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second"));
  return local - Math.floor(instant / 1000) * 1000;
}

/** The instant of a local time, which is given as milliseconds as if it were UTC. */
export function instantOf(local: number, zone: string): number {
  const before = offsetAt(local - DAY_MS, zone);
  const after = offsetAt(local + DAY_MS, zone);
  for (const offset of [before, after]) if (offsetAt(local - offset, zone) === offset) return local - offset;
  return local - before;
}

/** The local time of an instant, as milliseconds as if it were UTC. */
export const localOf = (instant: number, zone: string): number => instant + offsetAt(instant, zone);

/** Local times that a zone leaves out when its clocks go forward: from the first one to the first that exists again, as milliseconds as if in UTC. */
export interface Gap {
  from: number;
  to: number;
}

/** The gaps of a zone between two instants. */
export function gapsBetween(zone: string, from: number, to: number): Gap[] {
  const gaps: Gap[] = [];
  for (let day = from; day < to; day += DAY_MS) {
    const before = offsetAt(day, zone);
    const after = offsetAt(Math.min(day + DAY_MS, to), zone);
    if (after <= before) continue;
    let [low, high] = [day, Math.min(day + DAY_MS, to)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle, zone) === before) low = middle;
      else high = middle;
    }
    gaps.push({ from: high + before, to: high + after });
  }
  return gaps;
}

/** A local time as a text: `2027-03-28 02:30`. */
export const localText = (local: number): string => new Date(local).toISOString().slice(0, 16).replace("T", " ");

const MOMENT = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** A moment as PostHog takes it (API §5.3), in UTC to the microsecond; one without an offset is local time of the zone. */
export function utcText(text: string, zone: string): string | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", offset] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(local);
  // Date.UTC carries 31 February over into March.
  if (
    date.getUTCMonth() !== Number(month) - 1 ||
    date.getUTCDate() !== Number(day) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 59
  )
    return undefined;
  const instant = offset === undefined ? instantOf(local, zone) : local - offsetMs(offset);
  const micros = fraction.padEnd(6, "0").slice(0, 6);
  return `${new Date(instant).toISOString().slice(0, 19)}${Number(micros) === 0 ? "" : `.${micros}`}Z`;
}

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const [, sign, hours, minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

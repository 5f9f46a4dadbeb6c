/**
 * Local time of a zone. Recurrence works on wall-clock time, written as if it were UTC ("naive"); these functions translate.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** The wall clock of the zone at an instant (both in milliseconds). */
export function toNaive(instant: number, zone: string): number {
  const whole = Math.floor(instant / 1000) * 1000;
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(whole)
      .map((part) => [part.type, Number(part.value)]),
  );
  return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second) + (instant - whole);
}

const DAY = 86_400_000;

/** The instant of a wall-clock time: the first one when it occurs twice, and after a gap as much later when it does not occur. */
export function fromNaive(naive: number, zone: string): number {
  const offsetAt = (instant: number) => toNaive(instant, zone) - instant;
  const before = offsetAt(naive - DAY);
  const after = offsetAt(naive + DAY);
  for (const offset of [before, after]) if (offsetAt(naive - offset) === offset) return naive - offset;
  return naive - before;
}

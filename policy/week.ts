// Sets of minutes of a week, on the clock of one zone: Monday 00:00 is minute 0. Clock changes are left out: they move a run by an hour twice a year.
import { localOf } from "../definition/canonical/local-time";
import { DAY_MS, MINUTE_MS } from "../definition/lengths";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof DAYS)[number];

/** For each minute of the week, whether it is in the set. */
export type Week = Uint8Array;

export const never = (): Week => new Uint8Array(WEEK);
export const always = (): Week => new Uint8Array(WEEK).fill(1);
export const isEmpty = (week: Week): boolean => !week.includes(1);

/** The minutes of these, all of them in one set. */
export function union(...weeks: readonly Week[]): Week {
  const out = never();
  for (const week of weeks) for (let i = 0; i < WEEK; i += 1) if (week[i]) out[i] = 1;
  return out;
}

/** Adds to a set in place. Returns whether that changed it. */
export function addTo(target: Week, more: Week): boolean {
  let isChanged = false;
  for (let i = 0; i < WEEK; i += 1)
    if (more[i] && !target[i]) {
      target[i] = 1;
      isChanged = true;
    }
  return isChanged;
}

const inWeek = (minute: number): number => ((minute % WEEK) + WEEK) % WEEK;

/** The set, that many minutes later. A part of a minute may end in the next one. */
export function later(week: Week, minutes: number): Week {
  const out = never();
  for (const shift of new Set([Math.floor(minutes), Math.ceil(minutes)]))
    for (let i = 0; i < WEEK; i += 1) if (week[i]) out[inWeek(i + shift)] = 1;
  return out;
}

/** Every minute from the set up to that many minutes later. */
export function within(week: Week, minutes: number): Week {
  if (minutes >= WEEK) return isEmpty(week) ? never() : always();
  const out = never();
  let left = -1;
  // Twice round: what begins on Sunday may end on Monday.
  for (let i = 0; i < 2 * WEEK; i += 1) {
    left = week[i % WEEK] ? Math.ceil(minutes) : left - 1;
    if (left >= 0) out[i % WEEK] = 1;
  }
  return out;
}

/** When a window lets these through: at once while it is open, else when it opens. Empty where it never does. */
export function through(week: Week, open: Week): Week {
  const out = never();
  if (isEmpty(open)) return out;
  let waits = false;
  for (let i = 0; i < 2 * WEEK; i += 1) {
    const minute = i % WEEK;
    if (week[minute]) waits = true;
    if (open[minute]) {
      if (waits) out[minute] = 1;
      waits = false;
    }
  }
  return out;
}

/** Minutes since midnight of `HH:MM`; undefined for anything else. */
export function minuteOf(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d{1,2}):(\d{1,2})(?::\d{1,2})?$/.exec(text.trim()) : null;
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** From one clock time up to another on these days; the end lies on the next day where it does not come after the start. */
export function hours(days: readonly Day[], from: number, to: number): Week {
  const out = never();
  const length = to > from ? to - from : to + DAY - from;
  for (const day of days) {
    const start = DAYS.indexOf(day) * DAY + from;
    for (let i = 0; i < length; i += 1) out[inWeek(start + i)] = 1;
  }
  return out;
}

/** The first minute of both, as `Monday at 22:00`; undefined where there is none. Of a night, its beginning. */
export function firstInBoth(one: Week, other: Week): string | undefined {
  const isIn = (minute: number): boolean => one[inWeek(minute)] === 1 && other[inWeek(minute)] === 1;
  let first: number | undefined;
  for (let i = 0; i < WEEK && first === undefined; i += 1) if (isIn(i) && !isIn(i - 1)) first = i;
  if (first === undefined) return isIn(0) ? minuteWords(0) : undefined;
  return minuteWords(first);
}

function minuteWords(minute: number): string {
  const day = DAYS[Math.floor(minute / DAY)]!;
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${day[0]!.toUpperCase()}${day.slice(1)} at ${two(Math.floor((minute % DAY) / 60))}:${two(minute % 60)}`;
}

/** The minute of the week on the clock of a zone. */
export function minuteAt(instant: number, zone: string): number {
  const local = localOf(instant, zone);
  // 1970 began on a Thursday.
  const day = (Math.floor(local / DAY_MS) + 3) % 7;
  return inWeek(day * DAY + Math.floor((local % DAY_MS) / MINUTE_MS));
}

/** How many minutes the clock of one zone is ahead of another's: each difference that there is within a year. */
export function differences(zone: string, other: string, now: number): number[] {
  if (zone === other) return [0];
  const found = new Set<number>();
  for (let day = 0; day < 366; day += 1) {
    const instant = now + day * DAY_MS;
    found.add((localOf(instant, zone) - localOf(instant, other)) / MINUTE_MS);
  }
  return [...found];
}

// Schedules in words: "every week on Monday at 09:00 (Europe/Berlin)", and their next dates. The rule's words are the rrule library's.
import { rrulestr } from "rrule";
import { localOf } from "../../definition/canonical/local-time";
import { nextOccurrences, skippedOccurrence } from "../../definition/canonical/recurrence";
import { isUnknown, type Dict } from "../../definition/canonical/values";
import { LATER } from "./values";

const zone = (schedule: Dict): string =>
  typeof schedule["timezone"] === "string" && !isUnknown(schedule["timezone"]) ? schedule["timezone"] : "UTC";

function localText(instant: number, timezone: string): { date: string; time: string; day: string } {
  const local = new Date(localOf(instant, timezone));
  const iso = local.toISOString();
  return {
    date: iso.slice(0, 10),
    time: iso.slice(11, 16),
    day: local.toLocaleDateString("en-US", { weekday: "short", timeZone: "UTC" }),
  };
}

/**
 * When a schedule runs.
 *
 * @param schedule Its inputs: `rrule`, `startsAt`, `timezone`.
 * @example
 * ```ts
 * recurrenceWords({ rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T08:00:00Z", timezone: "Europe/Berlin" }); // every week on Monday at 09:00 (Europe/Berlin), from 2026-12-07
 * ```
 */
export function recurrenceWords(schedule: Dict): string {
  const { rrule, startsAt } = schedule;
  if (typeof rrule !== "string" || isUnknown(rrule) || typeof startsAt !== "string" || isUnknown(startsAt))
    return `(${LATER})`;
  let rule: string;
  try {
    rule = rrulestr(rrule.toUpperCase()).toText();
  } catch {
    rule = rrule;
  }
  const instant = Date.parse(startsAt);
  if (Number.isNaN(instant)) return `${rule}, from ${startsAt} (${zone(schedule)})`;
  const { date, time } = localText(instant, zone(schedule));
  // A rule with hours of its own does not run at the hour of its start.
  return /BYHOUR|HOURLY|BYMINUTE/i.test(rrule)
    ? `${rule} (${zone(schedule)}), from ${date} ${time}`
    : `${rule} at ${time} (${zone(schedule)}), from ${date}`;
}

/**
 * What happens on the first day of the next year on which the zone's clocks skip its time; nothing where none does.
 *
 * @example
 * ```ts
 * skippedWords({ rrule: "FREQ=DAILY", startsAt: "2026-12-01T01:30:00Z", timezone: "Europe/Berlin" }, Date.parse("2026-12-01")); // 02:30 is skipped on 28 March 2027, when the clocks go forward; runs at 03:30
 * ```
 */
export function skippedWords(schedule: Dict, now: number): string | undefined {
  const { rrule, startsAt } = schedule;
  if (typeof rrule !== "string" || isUnknown(rrule) || typeof startsAt !== "string" || isUnknown(startsAt))
    return undefined;
  try {
    const skipped = skippedOccurrence(rrule, startsAt, zone(schedule), now);
    if (skipped === undefined) return undefined;
    const [local, instead] = [new Date(skipped.local), new Date(skipped.instead)];
    const day = local.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    return `${clock(local)} is skipped on ${day}, when the clocks go forward; runs at ${clock(instead)}`;
  } catch {
    return undefined;
  }
}

const clock = (local: Date): string => local.toISOString().slice(11, 16);

/** The next dates in the schedule's own time: `Mon 2026-12-07 09:00`. None for a rule that cannot be read or has run out. */
export const nextDates = (schedule: Dict, now: number, count = 3): string[] =>
  nextInstants(schedule, now, count).map((instant) => {
    const { day, date, time } = localText(instant, zone(schedule));
    return `${day} ${date} ${time}`;
  });

/** The next dates of a schedule's inputs in Unix milliseconds. None for a rule that cannot be read or has run out. */
export function nextInstants(schedule: Dict, now: number, count: number): number[] {
  const { rrule, startsAt } = schedule;
  if (
    typeof rrule !== "string" ||
    typeof startsAt !== "string" ||
    isUnknown(rrule) ||
    Number.isNaN(Date.parse(startsAt))
  )
    return [];
  try {
    // An occurrence at the start itself counts.
    return nextOccurrences(
      { rule: rrule, startsAt, zone: zone(schedule) },
      { after: Math.max(now, Date.parse(startsAt) - 1000), count },
    );
  } catch {
    return [];
  }
}

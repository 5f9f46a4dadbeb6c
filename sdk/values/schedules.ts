// Recurrence rules in words. PostHog reads them in local time of the schedule's zone, so 09:00 stays 09:00 when the clocks change (API §5.3).
import type { ClockTime, Weekday } from "./clock-times";

const DAYS: Readonly<Record<Weekday, string>> = {
  monday: "MO",
  tuesday: "TU",
  wednesday: "WE",
  thursday: "TH",
  friday: "FR",
  saturday: "SA",
  sunday: "SU",
};
const at = (time: ClockTime): string => {
  const [hour, minute] = time.split(":");
  return `BYHOUR=${Number(hour)};BYMINUTE=${Number(minute)};BYSECOND=0`;
};

/**
 * Every week, on one day or on several.
 *
 * @param time Local time of the schedule's `timezone`.
 * @param options `every: 2` is every other week. Default 1.
 * @example
 * ```ts
 * new HogFlowSchedule("mondays", { flow: winback, rrule: weekly("monday", "09:00"), startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export const weekly = (
  days: Weekday | readonly [Weekday, ...Weekday[]],
  time: ClockTime,
  options: { every?: number } = {},
): string =>
  rule(
    "WEEKLY",
    options.every,
    `BYDAY=${(typeof days === "string" ? [days] : days).map((day) => DAYS[day]).join(",")}`,
    time,
  );

/**
 * Every day.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("every-day", { flow: winback, rrule: daily("09:00"), startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export const daily = (time: ClockTime, options: { every?: number } = {}): string =>
  rule("DAILY", options.every, undefined, time);

/**
 * Monday to Friday.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("working-days", { flow: winback, rrule: weekdays("09:00"), startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export const weekdays = (time: ClockTime): string => rule("WEEKLY", undefined, "BYDAY=MO,TU,WE,TH,FR", time);

/**
 * Every month, on a day of the month; `-1` is the last. Months that lack the day are left out, so the 31st comes seven times a year.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("first-of-the-month", { flow: winback, rrule: monthly(1, "09:00"), startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export const monthly = (day: number, time: ClockTime, options: { every?: number } = {}): string =>
  rule("MONTHLY", options.every, `BYMONTHDAY=${day}`, time);

/**
 * Every month, on the first, second … or last of a day of the week.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("first-mondays", { flow: winback, rrule: monthlyOn("first", "monday", "09:00"), startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export const monthlyOn = (
  which: "first" | "second" | "third" | "fourth" | "last",
  day: Weekday,
  time: ClockTime,
): string =>
  rule(
    "MONTHLY",
    undefined,
    `BYDAY=${{ first: 1, second: 2, third: 3, fourth: 4, last: -1 }[which]}${DAYS[day]}`,
    time,
  );

/**
 * Once, at `startsAt`.
 *
 * @example
 * ```ts
 * new HogFlowSchedule("launch", { flow: winback, rrule: once(), startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
 * ```
 */
export const once = (): string => "FREQ=DAILY;COUNT=1";

const rule = (frequency: string, every: number | undefined, by: string | undefined, time: ClockTime): string =>
  [`FREQ=${frequency}`, every === undefined || every === 1 ? undefined : `INTERVAL=${every}`, by, at(time)]
    .filter((part) => part !== undefined)
    .join(";");

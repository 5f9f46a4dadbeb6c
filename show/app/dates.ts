// Dates and times as the page writes them: in UTC, so that two people who look at one page speak of the same hour.

const format = (options: Intl.DateTimeFormatOptions): ((at: string | Date) => string) => {
  const formatter = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  return (at) => formatter.format(new Date(at));
};

/** `Mon 30 Nov` */
export const dayText = format({ weekday: "short", day: "numeric", month: "short" });
/** `Monday 30 November 2026` */
export const longDayText = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
/** `09:30` */
export const timeText = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** `30 Nov 2026, 09:30 UTC` */
export const momentText = (at: string): string => `${dateText(at)}, ${timeText(at)} UTC`;
const dateText = format({ day: "numeric", month: "short", year: "numeric" });

const DAY = 86_400_000;

/** The date of a day of the calendar, at midnight in UTC. */
export const dateOfDay = (madeAt: string, day: number): Date =>
  new Date(Math.floor(Date.parse(madeAt) / DAY) * DAY + day * DAY);

/** The day of the calendar on which something is: 0 is the day on which the page was made, in UTC. */
export const dayOf = (madeAt: string, at: string): number =>
  Math.floor(Date.parse(at) / DAY) - Math.floor(Date.parse(madeAt) / DAY);

// Lengths of time in milliseconds.

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** When the day of an instant began in UTC, both in Unix milliseconds; of a local time that is written as one, in its zone. */
export const dayStart = (instant: number): number => Math.floor(instant / DAY_MS) * DAY_MS;

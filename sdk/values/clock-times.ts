// Times of day and days of the week, as literals.
type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Hour = `0${Digit}` | `1${Digit}` | "20" | "21" | "22" | "23";
type Minute = `${0 | 1 | 2 | 3 | 4 | 5}${Digit}`;

/** Local time of day with two digits each, such as `09:00`. */
export type ClockTime = `${Hour}:${Minute}`;

/** A day of the week. */
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

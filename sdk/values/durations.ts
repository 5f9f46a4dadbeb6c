// Lengths of time as PostHog writes them: one number and one unit (API §3.11). At run time a wait is cut at 60s, 60m, 24h or 30d, without carry into
// the next unit (run time §3.1), so longer ones do not compile.
import type { Closed, Wrong } from "./closed";

type To24 =
  1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24;
type To30 = To24 | 25 | 26 | 27 | 28 | 29 | 30;
type To60 =
  | To30
  | 31
  | 32
  | 33
  | 34
  | 35
  | 36
  | 37
  | 38
  | 39
  | 40
  | 41
  | 42
  | 43
  | 44
  | 45
  | 46
  | 47
  | 48
  | 49
  | 50
  | 51
  | 52
  | 53
  | 54
  | 55
  | 56
  | 57
  | 58
  | 59
  | 60;

type Whole = `${To60}${"s" | "m"}` | `${To24}h` | `${To30}d`;
/** `1.5h`, `0.5d`: below the last whole number of the unit. Digits after the point are checked in preview. */
type Fraction =
  | `${0 | Exclude<To60, 60>}.${bigint}${"s" | "m"}`
  | `${0 | Exclude<To24, 24>}.${bigint}h`
  | `${0 | Exclude<To30, 30>}.${bigint}d`;

/** A wait of full length: `1s`–`60s`, `1m`–`60m`, `1h`–`24h`, `1d`–`30d`, or a fraction such as `1.5h`. */
export type Duration = Whole | Fraction;

/** What the compiler says to any other length. An alias shows it only where it is written out as an argument: a default is not printed. */
export type WaitHelp =
  "write a number and a unit, such as `30m`, `2h` or `3d`: at most 60s, 60m, 24h or 30d; for a longer wait, use a larger unit or two delays";

/** A {@link Duration}, or an output of one. */
export type WaitDuration<Why extends string = WaitHelp> = Closed<Duration> | Wrong<Why>;

/** A length that is not cut: a number and `s`, `m`, `h` or `d`. At most 365d as a conversion window. */
export type ConversionWindow = `${number}${"s" | "m" | "h" | "d"}`;

/** A signed length, such as `-3d` or `+2h`. */
export type SignedDuration = `${"" | "+" | "-"}${number}${"s" | "m" | "h" | "d"}`;

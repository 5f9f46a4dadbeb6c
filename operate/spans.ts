// Spans of time as PostHog writes them: `-7d`, `-24h`, `-30m`, `-2w`, or a moment in ISO 8601.
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../definition/lengths";
import { OperateError } from "./errors";

const UNITS_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS };

/** The moment that a span or an ISO text means, as ISO 8601 in UTC; some endpoints take nothing else (API §1.11). */
export function momentOf(text: string, now: number): string {
  const span = /^-?(\d{1,4})([mhdw])$/.exec(text);
  const ms = span ? now - Number(span[1]) * UNITS_MS[span[2]!]! : Date.parse(text);
  if (Number.isNaN(ms))
    throw new OperateError({
      what: `"${text}" is no span of time and no moment`,
      fix: "Write a span such as -7d or -24h, or a moment such as 2026-12-01T09:00:00Z",
    });
  return new Date(ms).toISOString();
}

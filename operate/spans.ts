// Spans of time as PostHog writes them: `-7d`, `-24h`, `-30m`, `-2w`, or a moment in ISO 8601.
import { OperateError } from "./errors";

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

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

// Occurrences of a recurrence rule as PostHog expands them: in naive local time of the schedule's zone (API §5.3), so that 09:00 stays 09:00
// when the clocks change. The expansion itself is the rrule library's.
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lengths";
import type { RRule, RRuleSet } from "rrule";
import { gapsBetween, instantOf, localOf } from "./local-time";

type Rule = RRule | RRuleSet;

/** Values that a part may have; rrule lets more pass, PostHog does not. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  INTERVAL: [1, Number.MAX_SAFE_INTEGER],
  COUNT: [0, Number.MAX_SAFE_INTEGER],
  BYSECOND: [0, 59],
  BYMINUTE: [0, 59],
  BYHOUR: [0, 23],
  BYMONTH: [1, 12],
  BYMONTHDAY: [-31, 31],
  BYYEARDAY: [-366, 366],
  BYWEEKNO: [-53, 53],
  BYSETPOS: [-366, 366],
};

/** Parts that count from 1 or from the end: PostHog passes over a 0, and a monthly rule would run every day (API §5.3). */
const WITHOUT_ZERO: ReadonlySet<string> = new Set(["BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"]);

/** Why this is no rule that PostHog takes, or undefined. */
export function ruleFault(text: string): string | undefined {
  const rule = text.trim();
  if (rule === "") return "may not be empty";
  if (/DTSTART/i.test(rule)) return "holds no DTSTART: write the first moment in `startsAt`";
  for (const part of rule
    .split("\n")[0]!
    .replace(/^RRULE:/i, "")
    .split(";")) {
    const [name = "", value = ""] = part.split("=");
    if (part === "") return "has an empty part: remove the `;` at its end";
    const bounds = BOUNDS[name.toUpperCase()];
    if (!bounds) continue;
    for (const item of value.split(",")) {
      const number = Number(item);
      if (number === 0 && WITHOUT_ZERO.has(name.toUpperCase()))
        return `${name.toUpperCase()}=${value} counts from 1, or from -1 at the end (PostHog passes over a 0, and would run on other days than meant)`;
      if (!Number.isInteger(number) || number < bounds[0] || number > bounds[1])
        return `${name.toUpperCase()}=${value} is out of range${name.toUpperCase() === "INTERVAL" ? " (PostHog would compute for ever)" : ""}`;
    }
  }
  if (!/(^|;|:)\s*FREQ=/i.test(rule)) return "has no FREQ, such as FREQ=WEEKLY;BYDAY=MO";
  try {
    parse(rule, 0);
    return undefined;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** With its start in the text: the library's `dtstart` option does not reach the rules of a set, which would count from today. */
function parse(rule: string, localStart: number): Rule {
  const start = new Date(localStart).toISOString().replace(/[-:]|\.\d+/g, "");
  // Loaded where there is a schedule: most stacks have none.
  const { rrulestr } = require("rrule") as typeof import("rrule");
  return rrulestr(`DTSTART:${start}\n${rule.trim().toUpperCase()}`, { forceset: true });
}

const UNIT_MS: Readonly<Record<string, number>> = {
  SECONDLY: 1_000,
  MINUTELY: MINUTE_MS,
  HOURLY: HOUR_MS,
  DAILY: DAY_MS,
};

/** A start shortly before `after` that keeps the rule's beat: the library walks every occurrence since the start, and a second is a short step. */
function nearStart(rule: string, start: number, after: number): number {
  const unit = UNIT_MS[/FREQ=([A-Z]+)/i.exec(rule)?.[1]?.toUpperCase() ?? ""];
  if (unit === undefined || /COUNT=|EXRULE/i.test(rule)) return start;
  const beat = unit * Number(/INTERVAL=(\d+)/i.exec(rule)?.[1] ?? 1);
  return start + Math.max(0, Math.floor((after - start) / beat) - 1) * beat;
}

/** Steps of a rule that are looked at for its next occurrence: 136 years of days. One that comes later than that is taken for none. */
const MAX_STEPS = 50_000;

class TooFar extends Error {}

/**
 * The library walks a rule that never comes (30 February) to the year 9999, for half a minute, and knows no limit. It reads the interval once a step, so that is
 * where the steps are counted.
 */
function limited(set: Rule): { restart(): void } {
  let steps = 0;
  for (const { options } of "_rrule" in set ? set._rrule : [set]) {
    const { interval } = options;
    Object.defineProperty(options, "interval", {
      get: () => {
        if (++steps > MAX_STEPS) throw new TooFar();
        return interval;
      },
    });
  }
  return {
    restart: () => {
      steps = 0;
    },
  };
}

/** The next occurrences after an instant, as instants. */
export function nextOccurrences(
  { rule, startsAt, zone }: { rule: string; startsAt: string; zone: string },
  { after, count }: { after: number; count: number },
): number[] {
  const start = Date.parse(startsAt);
  const set = parse(rule, nearStart(rule, Math.floor(localOf(start, zone) / 1000) * 1000, localOf(after, zone)));
  const limit = limited(set);
  const found: number[] = [];
  let local: Date | null = new Date(localOf(after, zone));
  try {
    while (found.length < count) {
      limit.restart();
      local = set.after(local, false);
      if (!local) break;
      const instant = instantOf(local.getTime(), zone);
      if (instant > after) found.push(instant);
    }
  } catch (error) {
    if (!(error instanceof TooFar)) throw error;
  }
  return found;
}

/** An occurrence at a local time that the zone leaves out, and the local time at which it runs instead. */
export interface SkippedOccurrence {
  local: number;
  instead: number;
}

const YEAR_MS = 366 * DAY_MS;

/** The first occurrence that falls into a gap of the zone's clocks, within a year after an instant or after the start, whichever is later. */
export function skippedOccurrence(
  rule: string,
  startsAt: string,
  zone: string,
  after: number,
): SkippedOccurrence | undefined {
  const first = Math.max(after, Date.parse(startsAt));
  const gaps = gapsBetween(zone, first, first + YEAR_MS);
  if (gaps.length === 0) return undefined;
  const start = Math.floor(localOf(Date.parse(startsAt), zone) / 1000) * 1000;
  for (const { from, to } of gaps) {
    const set = parse(rule, nearStart(rule, start, from));
    limited(set);
    try {
      const local = set.after(new Date(from), true)?.getTime();
      if (local !== undefined && local < to) return { local, instead: localOf(instantOf(local, zone), zone) };
    } catch (error) {
      if (!(error instanceof TooFar)) throw error;
    }
  }
  return undefined;
}

// Occurrences of a recurrence rule as PostHog expands them: in naive local time of the schedule's zone (API §5.3), so that 09:00 stays 09:00
// when the clocks change. The expansion itself is the rrule library's.
import { RRule, rrulestr, type RRuleSet } from "rrule";
import { instantOf, localOf } from "./local-time";

export type Rule = RRule | RRuleSet;

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

/** Why this is no rule that PostHog takes, or undefined. */
export function ruleProblem(text: string): string | undefined {
  const rule = text.trim();
  if (rule === "") return "may not be empty";
  if (/DTSTART/i.test(rule)) return "holds no DTSTART: the first moment goes into `startsAt`";
  for (const part of rule.split("\n")[0]!.replace(/^RRULE:/i, "").split(";")) {
    const [name = "", value = ""] = part.split("=");
    if (part === "") return "has an empty part: remove the `;` at its end";
    const bounds = BOUNDS[name.toUpperCase()];
    if (!bounds) continue;
    for (const item of value.split(",")) {
      const number = Number(item);
      if (!Number.isInteger(number) || number < bounds[0] || number > bounds[1]) return `${name.toUpperCase()}=${value} is out of range${name.toUpperCase() === "INTERVAL" ? " (PostHog would compute for ever)" : ""}`;
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

const parse = (rule: string, localStart: number): Rule => rrulestr(rule.trim(), { dtstart: new Date(localStart), forceset: true });

/** The next occurrences after an instant, as instants. */
export function nextOccurrences(rule: string, startsAt: string, zone: string, after: number, count: number): number[] {
  const start = Date.parse(startsAt);
  const set = parse(rule, Math.floor(localOf(start, zone) / 1000) * 1000);
  const found: number[] = [];
  let local: Date | null = new Date(localOf(after, zone));
  while (found.length < count) {
    local = set.after(local, false);
    if (!local) break;
    const instant = instantOf(local.getTime(), zone);
    if (instant > after) found.push(instant);
  }
  return found;
}

/**
 * Recurrence rules (RFC 5545), expanded in the wall-clock time of a zone. The text is read as strictly as the server's parser
 * reads it; the expansion itself is the rrule package's.
 */
import { RRule, RRuleSet, type Options } from "rrule";
import { fromNaive, toNaive } from "./zones";

/** A rule that cannot be read. */
export class InvalidRule extends Error {}

export interface Rule {
  parts: Map<string, string>;
  interval: number;
  count: number | undefined;
  until: number | undefined;
  /** Further dates and excluded ones, as wall-clock time. */
  extra: number[];
  excluded: number[];
}

interface Range {
  min: number;
  max: number;
}

/** Parts of a rule; numeric ones with the values that the parser itself refuses to leave. */
const PARTS: Record<string, Range | "text"> = {
  FREQ: "text",
  UNTIL: "text",
  COUNT: { min: 0, max: Infinity },
  INTERVAL: { min: -Infinity, max: Infinity },
  BYSETPOS: { min: -366, max: 366 },
  BYMONTH: { min: -Infinity, max: Infinity },
  BYMONTHDAY: { min: -Infinity, max: Infinity },
  BYYEARDAY: { min: -Infinity, max: Infinity },
  BYWEEKNO: { min: -Infinity, max: Infinity },
  BYEASTER: { min: -Infinity, max: Infinity },
  BYDAY: "text",
  BYWEEKDAY: "text",
  BYHOUR: { min: 0, max: 23 },
  BYMINUTE: { min: 0, max: 59 },
  BYSECOND: { min: 0, max: 59 },
  WKST: "text",
};
const FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"];
const WEEKDAY = /^(?:[+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$|^(MO|TU|WE|TH|FR|SA|SU)\([+-]?\d{1,2}\)$/;
const DATE = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d)?)?Z?$/;

export function parseRule(text: string): Rule {
  if (text.toUpperCase().includes("DTSTART")) throw new InvalidRule("DTSTART is not allowed");
  const rule: Rule = { parts: new Map(), interval: 1, count: undefined, until: undefined, extra: [], excluded: [] };
  let rules = 0;
  for (const line of text
    .split("\n")
    .map((part) => part.trim())
    .filter(Boolean)) {
    const [, name = "RRULE", value] = /^(?:([A-Za-z]+)(?:;[^:]*)?:)?(.*)$/.exec(line) ?? [];
    const upper = (value ?? "").toUpperCase();
    if (name.toUpperCase() === "RRULE") {
      rules += 1;
      readParts(rule, upper);
    } else if (name.toUpperCase() === "RDATE") rule.extra.push(...upper.split(",").map(readDate));
    else if (name.toUpperCase() === "EXDATE") rule.excluded.push(...upper.split(",").map(readDate));
    else throw new InvalidRule(`unsupported property ${name}`);
  }
  if (rules !== 1) throw new InvalidRule("exactly one rule is expected");
  return rule;
}

function readParts(rule: Rule, text: string): void {
  for (const part of text.split(";")) {
    const [key = "", value = "", ...rest] = part.split("=");
    const range = PARTS[key];
    if (!range || value === "" || rest.length > 0) throw new InvalidRule(`cannot read ${part}`);
    if (
      range !== "text" &&
      !value.split(",").every((n) => /^[+-]?\d+$/.test(n) && Number(n) >= range.min && Number(n) <= range.max)
    )
      throw new InvalidRule(`bad ${key}`);
    rule.parts.set(key === "BYWEEKDAY" ? "BYDAY" : key, value);
  }
  const days = rule.parts.get("BYDAY");
  if (!FREQUENCIES.includes(rule.parts.get("FREQ") ?? "")) throw new InvalidRule("bad FREQ");
  if (days !== undefined && !days.split(",").every((day) => WEEKDAY.test(day))) throw new InvalidRule("bad BYDAY");
  if (rule.parts.has("WKST") && !/^(MO|TU|WE|TH|FR|SA|SU)$/.test(rule.parts.get("WKST")!))
    throw new InvalidRule("bad WKST");
  const number = (key: string) => (rule.parts.has(key) ? Number(rule.parts.get(key)) : undefined);
  rule.interval = number("INTERVAL") ?? 1;
  rule.count = number("COUNT");
  if (rule.parts.has("UNTIL")) rule.until = readDate(rule.parts.get("UNTIL")!);
}

/** A date of a rule is wall-clock time of the zone, with or without `Z`. */
function readDate(text: string): number {
  const match = DATE.exec(text.trim());
  if (!match) throw new InvalidRule(`bad date ${text}`);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(match[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
    throw new InvalidRule(`bad date ${text}`);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const UNIT_MS: Record<string, number> = { HOURLY: 3_600_000, MINUTELY: 60_000, SECONDLY: 1000 };
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Where a rule begins, and the zone whose wall-clock time it counts in. All instants are in milliseconds. */
export interface Timeline {
  startsAt: number;
  zone: string;
}

/** Up to `limit` occurrences after an instant, as wall-clock times. */
export function occurrencesAfter(
  rule: Rule,
  { startsAt, zone }: Timeline,
  { after, limit }: { after: number; limit: number },
): number[] {
  // Rules count in whole seconds.
  const start = Math.floor(toNaive(startsAt, zone) / 1000) * 1000;
  const from = toNaive(after, zone);
  const { anchor, count } = fastForward(rule, start, from);
  const set = new RRuleSet();
  const until = rule.until === undefined ? undefined : new Date(rule.until);
  if (count !== 0 && happens(rule))
    set.rrule(new RRule({ ...optionsOf(rule), count, dtstart: new Date(anchor), until }));
  for (const date of rule.extra) set.rdate(new Date(date));
  for (const date of rule.excluded) set.exdate(new Date(date));
  const found: number[] = [];
  let cursor = from;
  while (found.length < limit) {
    const next = set.after(new Date(cursor), false);
    if (!next) break;
    cursor = next.getTime();
    found.push(cursor);
  }
  return found;
}

/** Whether the days of a rule exist at all. The expansion of one like 30 February would go on to the year 9999. */
function happens(rule: Rule): boolean {
  const numbers = (key: string) => rule.parts.get(key)?.split(",").map(Number);
  const months = numbers("BYMONTH") ?? LONGEST_MONTHS.map((_, i) => i + 1);
  const days = numbers("BYMONTHDAY") ?? [1];
  return months.some((month) => days.some((day) => day !== 0 && Math.abs(day) <= (LONGEST_MONTHS[month - 1] ?? 0)));
}

/** Moves the start of a frequent rule close to the present, where that changes none of its later occurrences. */
function fastForward(rule: Rule, start: number, from: number): { anchor: number; count: number | undefined } {
  const unit = UNIT_MS[rule.parts.get("FREQ")!];
  const filtered = [...rule.parts.keys()].some((key) => key.startsWith("BY"));
  if (!unit || from <= start || (rule.count !== undefined && filtered)) return { anchor: start, count: rule.count };
  const step = unit * rule.interval;
  const skipped = Math.max(0, Math.floor((from - start) / step) - 1);
  return {
    anchor: start + skipped * step,
    count: rule.count === undefined ? undefined : Math.max(0, rule.count - skipped),
  };
}

function optionsOf(rule: Rule): Partial<Options> {
  const text = [...rule.parts]
    .filter(([key]) => key !== "UNTIL" && key !== "COUNT")
    .map(([key, value]) => `${key}=${key === "BYDAY" ? plainDays(value) : value}`)
    .join(";");
  return RRule.parseString(text);
}

const plainDays = (days: string) =>
  days
    .split(",")
    .map((day) => day.replace(/^(..)\(([+-]?\d+)\)$/, "$2$1"))
    .join(",");

/** The first occurrence after an instant, as an instant. */
export function nextRun(rule: Rule, timeline: Timeline, after: number): number | null {
  const [naive] = occurrencesAfter(rule, timeline, { after, limit: 1 });
  return naive === undefined ? null : fromNaive(naive, timeline.zone);
}

// Rules about the values that property tests compare with: what can never match, because the worker cannot read it (run time §5.4). A flow that PostHog
// has already may keep such a test.
import { containsUnknown, isUnknown } from "../definition/canonical/values";
import { DATE_OPERATORS, DATE_TEXT, RELATIVE_DATE } from "../definition/schema/operators";
import { operatorOf, propertiesIn, type LocatedProperty } from "../definition/graph/properties";
import { rulesOf } from "./rule";
import type { FlowView } from "../definition/graph/view";
import { person, when } from "./examples";

/** The values of tests with one of these operators, each with its path, less those that PostHog has stored already. */
function* valuesOf(
  flow: FlowView,
  operators: ReadonlySet<string>,
): Generator<{ value: unknown; path: LocatedProperty["path"] }> {
  for (const { path, property } of propertiesIn(flow)) {
    const { value } = property;
    const at = [...path, "value"];
    if (
      isUnknown(property["operator"]) ||
      !operators.has(operatorOf(property)) ||
      property["type"] === "cohort" ||
      value === undefined ||
      containsUnknown(value) ||
      flow.isStored(at, value)
    )
      continue;
    if (!Array.isArray(value)) yield { value, path: at };
    else for (const [i, item] of value.entries()) yield { value: item, path: [...at, i] };
  }
}

const REGEX_OPERATORS: ReadonlySet<string> = new Set(["regex", "not_regex"]);

const TEXT_OF_DIGITS = /^\d+$/;

/** Whether the day and the time of day exist. */
function isDate(text: string): boolean {
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = DATE_TEXT.exec(text.trim()) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return (
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  );
}

/** Why RE2, which knows no look-around and no back references, cannot read the pattern; undefined where it can. */
function regexFault(pattern: string): string | undefined {
  // Loaded where a pattern is met: few flows have one.
  const { RE2JS } = require("re2js") as typeof import("re2js");
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const filterValueRules = rulesOf({
  "filter-date": {
    severity: "error",
    refusedBy: "meaning",
    text: "A date in a filter is a calendar date, in the form 2026-06-01 or 2026-06-01T09:00:00Z.",
    why: "PostHog cannot read it, and the test never matches",
    cites: "run time §5.4",
    fails: when(person("last_seen", "2026-13-45", "is_date_after")),
    passes: when(person("last_seen", "2026-06-01 09:00", "is_date_after")),
    *find(flow) {
      for (const { value, path } of valuesOf(flow, DATE_OPERATORS)) {
        if (typeof value !== "string" || (!RELATIVE_DATE.test(value) && !isDate(value))) {
          const isNumber = typeof value === "number" || (typeof value === "string" && TEXT_OF_DIGITS.test(value));
          yield {
            path,
            what: isNumber ? "is a number, not a date" : "is not a date",
            fix: "Write it as in 2026-06-01 or 2026-06-01T09:00:00Z",
          };
        }
      }
    },
  },
  "filter-regex": {
    severity: "error",
    refusedBy: "meaning",
    text: "A regular expression in a filter is valid in RE2, which has no look-around and no back references.",
    why: "PostHog cannot run it, and the test never matches",
    cites: "run time §5.4",
    fails: when(person("email", "(?<!test)@example\\.com$", "regex")),
    passes: when(person("email", "@example\\.com$", "regex")),
    *find(flow) {
      for (const { value, path } of valuesOf(flow, REGEX_OPERATORS)) {
        const problem = typeof value === "string" ? regexFault(value) : undefined;
        if (problem !== undefined) yield { path, what: `is not a valid RE2 regular expression (${problem})` };
      }
    },
  },
});

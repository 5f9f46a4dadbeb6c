// Dates and regular expressions in filters: what the worker can read passes, what it cannot is found, and what PostHog has already stays (run time §5.4).
import { expect, it } from "vitest";
import { validate } from "../../sdk/index";
import { examineFlow } from "../../rules/examine-flow";
import { flowOf, branch, person, where } from "../../rules/examples";

const flow = (operator: string, value: unknown): Record<string, unknown> =>
  flowOf({ ways: branch([where(person("seen", value, operator))], ["exit_node"]) }).flow as Record<string, unknown>;
const rulesOf = (operator: string, value: unknown): string[] =>
  validate(flow(operator, value) as never)
    .map(({ rule }) => rule)
    .filter((rule) => rule.startsWith("filter-"));

it.each([
  "2026-02-28",
  "2024-02-29",
  "2026-06-01T09:00:00Z",
  "2026-06-01 09:00",
  "2026-06-01T09:00:00.123+02:00",
  "-7d",
  "-1mStart",
])("%s is a date", (date) => {
  expect(rulesOf("is_date_before", date)).toEqual([]);
  expect(rulesOf("is_date_exact", [date])).toEqual([]);
});

it.each(["2026-13-01", "2026-02-30", "2025-02-29", "2026-06-01T25:00:00Z", "yesterday", "", "1764000000", 5, "7d"])(
  "%s is none",
  (date) => {
    expect(rulesOf("is_date_after", date)).toEqual(["filter-date"]);
    expect(rulesOf("exact", date)).toEqual([]);
  },
);

it.each([
  ["^a+$", []],
  ["(?i)pro", []],
  ["(?<!x)y", ["filter-regex"]],
  ["(a", ["filter-regex"]],
  ["(.)\\1", ["filter-regex"]],
] as const)("the regular expression %s", (pattern, found) => {
  expect(rulesOf("regex", pattern)).toEqual(found);
  expect(rulesOf("not_regex", pattern)).toEqual(found);
});

it("finds the one of several values that cannot be read, at its place", () => {
  const found = validate(flow("regex", ["a", "(b"]) as never).find(({ rule }) => rule === "filter-regex");
  expect(found?.path).toBe("actions.ways.config.conditions[0].filters.properties[0].value[1]");
});

it("leaves alone what PostHog has already", () => {
  const stored = flow("is_date_before", "2026-13-01");
  expect(examineFlow(stored, {}).findings.hasErrors).toBe(true);
  expect(examineFlow(stored, stored).findings.hasErrors).toBe(false);
});

// The operators of property filters (run time §5.4), row by row, and the structure of filters around them (run time §5.1, §5.2).
import { execSync } from "@posthog/hogvm";
import { describe, expect, it } from "vitest";
import { simulate, type Scenario } from "../../testing";
import { applyOperator, OPERATORS } from "../../simulator/filters/operators";
import { OP } from "../../simulator/hog/bytecode";
import { branch, events, flow, person, properties, webhook } from "./flows";
import type { Json } from "../support/reference-flows";

/** Whether a branch condition matches a person with this property, and what was not simulated on the way. */
function asked(
  filters: Json,
  given: Record<string, unknown>,
  scenario: Scenario = {},
): { matched: boolean; notes: string[] } {
  const steps = [branch("B", [filters]), webhook("A"), webhook("N")];
  const result = simulate(
    flow({
      steps,
      bare: true,
      edges: [
        ["B", "A", 0],
        ["B", "N"],
        ["A", "X"],
        ["N", "X"],
      ],
    }),
    { trigger: "signup", person: { properties: given }, ...scenario },
  );
  return { matched: result.steps[1]!.id === "A", notes: result.notSimulated };
}
const MISSING = Symbol("missing");
const test = (operator: string, value: unknown, x: unknown, scenario: Scenario = {}): boolean =>
  asked(properties(person("p", value, operator)), x === MISSING ? {} : { p: x }, scenario).matched;

const TRUE_OF: [operator: string, value: unknown, ...matching: unknown[]][] = [
  ["exact", "5", "5", 5],
  ["exact", 5, "5", 5],
  ["exact", "true", true, "true"],
  ["exact", true, "true", 1, true],
  ["exact", "Pro", "Pro"],
  ["exact", ["a"], "a"],
  ["exact", ["a", 5], "a", 5],
  ["exact", null, MISSING, null],
  ["is_not", "a", "b", "A", MISSING],
  ["is_not", ["a", "5"], "b", 5, MISSING],
  ["in", ["a", "b"], "a"],
  ["not_in", ["a", "b"], "c", MISSING],
  ["icontains", "PRO", "a pro b", "Pro"],
  ["icontains", "a%c", "abc", "xaYYc"],
  ["icontains", "a_c", "abc"],
  ["icontains", "ul", "full", MISSING],
  ["icontains", ["x", "pro"], "a PRO"],
  ["icontains", ["a%c"], "abc"],
  ["icontains", "5", 15],
  ["not_icontains", "pro", "free", MISSING],
  ["not_icontains", ["x", "y"], "abc", MISSING],
  ["regex", "^a.*z$", "abcz"],
  ["regex", "b", "abc"],
  ["regex", "null", MISSING],
  ["not_regex", "^a", "b", "", MISSING],
  ["gt", 5, 6, "7", 5.5],
  ["gte", 0, 0, MISSING, "0"],
  ["lt", 5, 4, MISSING, "-1", false],
  ["lte", 5, 5],
  ["gt", "b", "c"],
  ["lt", "10", "09"],
  ["min", 5, 5],
  ["max", 5, 5],
  ["between", [1, 3], 1, 2, 3, "2"],
  ["between", [0, 3], MISSING],
  ["not_between", [1, 3], 0, 4, MISSING],
  ["is_set", undefined, "", 0, false, "x"],
  ["is_not_set", undefined, MISSING, null],
  ["is_date_exact", "2026-01-05", "2026-01-05T00:00:00Z", "2026-01-05 00:00", "2026-01-05T01:00:00+01:00"],
  ["is_date_before", "2026-01-05", "2026-01-04T23:59:59"],
  ["is_date_after", "2026-01-05T10:00:00Z", "2026-01-05T10:00:01Z"],
  ["semver_gt", "1.2.3", "1.10.0"],
  ["semver_eq", "1.2", "1.2.0"],
  ["semver_lt", "2.0.0", "1.9.9"],
  ["semver_gte", "1.0.0", "1.0.0"],
  ["semver_lte", "1.0.0", "1.0.0"],
  ["semver_neq", "1.0.0", "1.0.1"],
];
const FALSE_OF: typeof TRUE_OF = [
  ["exact", "5", "6", "a", MISSING],
  ["exact", "Pro", "pro"],
  ["exact", ["5", "6"], 5, MISSING, "7"],
  ["is_not", "5", 5, "5"],
  ["is_not", ["a", "b"], "a"],
  ["in", ["a", "b"], "c", MISSING],
  ["not_in", ["a", "b"], "a"],
  ["icontains", "pro", "free", MISSING],
  ["icontains", ["a%c", "q"], "abc", MISSING],
  ["not_icontains", "nul", MISSING],
  ["not_icontains", ["x", "b"], "abc"],
  ["regex", "^A", "abc"],
  ["regex", "", "abc"],
  ["regex", "a", "", MISSING],
  ["not_regex", "null", MISSING],
  ["gt", 5, 5, "abc", MISSING],
  ["gt", 0, MISSING],
  ["lt", 5, "abc", 5],
  ["gte", 5, "x", 4],
  ["between", [1, 3], 0, 4, "x", MISSING],
  ["not_between", [1, 3], 2],
  ["is_set", undefined, MISSING, null],
  ["is_not_set", undefined, "", 0],
  ["is_date_before", "2026-01-05", "soon", 5, MISSING, "2026-01-05"],
  ["is_date_after", "2026-01-05", "2026-01-05"],
  ["is_date_exact", "2026-01-05", "2026-01-06"],
  ["semver_gt", "1.2.3", "1.2.3"],
];
const shown = (value: unknown): string => (value === MISSING ? "nothing" : (JSON.stringify(value) ?? "no value"));

describe("operators (run time §5.4)", () => {
  it.each(
    TRUE_OF.flatMap(([operator, value, ...xs]) => xs.map((x) => [operator, shown(value), shown(x), value, x] as const)),
  )("%s %s matches %s", (operator, _, __, value, x) => expect(test(operator, value, x)).toBe(true));
  it.each(
    FALSE_OF.flatMap(([operator, value, ...xs]) =>
      xs.map((x) => [operator, shown(value), shown(x), value, x] as const),
    ),
  )("%s %s does not match %s", (operator, _, __, value, x) => expect(test(operator, value, x)).toBe(false));

  it("has cases here for each", () => {
    const tested = new Set(TRUE_OF.map(([operator]) => operator));
    expect(Object.keys(OPERATORS).filter((name) => !tested.has(name) && !name.endsWith("_multi"))).toEqual([]);
  });

  it("is exact without an operator", () =>
    expect(asked({ properties: [{ key: "p", value: "a", type: "person" }] }, { p: "a" }).matched).toBe(true));

  it("freezes relative dates at the save, in the project's zone, and says so when the save is not known", () => {
    const since = (value: string, x: string, scenario: Scenario): boolean => test("is_date_after", value, x, scenario);
    const saved: Scenario = { savedAt: "2026-03-31T12:00:00Z" };
    for (const [value, limit] of [
      ["-7d", "2026-03-24T12:00:00"],
      ["-3h", "2026-03-31T09:00:00"],
      ["-2w", "2026-03-17T12:00:00"],
      ["-1m", "2026-02-28T12:00:00"],
      ["-10M", "2026-03-31T11:50:00"],
      ["-1q", "2025-12-31T12:00:00"],
      ["-1y", "2025-03-31T12:00:00"],
    ] as const) {
      expect([since(value, `${limit}.001Z`, saved), since(value, `${limit}Z`, saved)], value).toEqual([true, false]);
    }
    expect(since("-1h", "2026-03-31T12:59:00Z", { ...saved, projectTimezone: "Europe/Berlin" })).toBe(false);
    expect(asked(properties(person("p", "-7d", "is_date_after")), { p: "2026-01-01" }).notes.join()).toContain(
      "give `savedAt`",
    );
    expect(asked(properties(person("p", "-7d", "is_date_after")), { p: "2026-01-01" }, saved).notes).toEqual([]);
  });

  it("says what it does not know", () => {
    expect(asked(properties(person("p", "1.0.0", "semver_gt")), { p: "new" }).notes.join()).toContain(
      "not simulated: how a version",
    );
    expect(asked(properties(person("p", "x", "resembles")), { p: "x" })).toMatchObject({
      matched: false,
      notes: [expect.stringContaining("`resembles`")],
    });
    expect(
      asked(properties({ key: "text", value: "x", operator: "exact", type: "element" }), {}).notes.join(),
    ).toContain("`element`");
    expect(asked(properties(person("p", "a", "icontains")), { p: ["a"] }).notes.join()).toContain("list or map");
  });

  it("takes an invalid pattern for an error, which matches nothing", () => {
    expect(test("regex", "(", "a")).toBe(false);
    expect(test("not_regex", "(", "a")).toBe(false);
  });
});

describe("against PostHog's own virtual machine (run time §5.4)", () => {
  const VALUES = [
    null,
    true,
    false,
    0,
    1,
    5,
    -1.5,
    "",
    " ",
    "0",
    "1",
    "5",
    "5.0",
    "abc",
    "Abc",
    "true",
    "false",
    "True",
    "null",
  ];
  const CONTEXT = { savedAt: 0, projectZone: "UTC", savedAtGiven: true, notSimulated: () => undefined };
  it.each([
    ["exact", OP.EQ],
    ["is_not", OP.NOT_EQ],
    ["gt", OP.GT],
    ["gte", OP.GT_EQ],
    ["lt", OP.LT],
    ["lte", OP.LT_EQ],
  ] as const)("%s compares as it does", (operator, code) => {
    const different: unknown[] = [];
    for (const x of VALUES) {
      for (const v of VALUES) {
        // Operands come from globals, as properties do.
        const compared = execSync(["_H", 1, OP.STRING, "v", OP.GET_GLOBAL, 1, OP.STRING, "x", OP.GET_GLOBAL, 1, code], {
          globals: { x, v },
        });
        if (applyOperator({ operator: operator, found: x, value: v }, CONTEXT) !== compared)
          different.push([x, v, compared]);
      }
    }
    expect(different).toEqual([]);
  });
});

describe("structure (run time §5.1)", () => {
  const trigger = (filters: Json, scenario: Scenario = {}): string =>
    simulate(flow({ trigger: { type: "event", filters }, steps: [] }), { trigger: "signup", ...scenario }).attempts[0]!
      .outcome;
  const PRO = person("plan", ["pro"]);
  const pro: Scenario = { person: { properties: { plan: "pro" } } };

  it("all properties, and any of the events", () => {
    expect(trigger({ ...events("other", "signup"), ...properties(PRO) }, pro)).toBe("started");
    expect(trigger({ ...events("other", "signup"), ...properties(PRO) })).toBe("filtered");
    expect(trigger({ ...events("other"), ...properties(PRO) }, pro)).toBe("filtered");
    expect(trigger(events("Signup"))).toBe("filtered");
    expect(trigger({ events: [{ id: null, type: "events" }] })).toBe("started");
    expect(
      trigger(
        { events: [{ id: "signup", type: "events", properties: [{ key: "plan", value: "pro", type: "event" }] }] },
        { trigger: { event: "signup", properties: { plan: "pro" } } },
      ),
    ).toBe("started");
    expect(
      trigger({
        events: [{ id: "signup", type: "events", properties: [{ key: "plan", value: "pro", type: "event" }] }],
      }),
    ).toBe("filtered");
  });

  it("nothing at all always matches", () => expect(trigger({})).toBe("started"));

  it("an incomplete property is neutral among others, and matches nothing alone", () => {
    expect(trigger(properties({ key: "plan", value: [], operator: "exact", type: "person" }))).toBe("filtered");
    expect(
      trigger({ ...events("signup"), ...properties({ key: "plan", value: [], operator: "exact", type: "person" }) }),
    ).toBe("started");
  });

  it("an error anywhere fails the whole filter", () => {
    const broken = { key: "lower(1) = missing_root.x", type: "hogql" };
    expect(trigger({ ...events("other", "signup"), ...properties(broken) })).toBe("filtering_failed");
    // Of an event with another name nothing more is asked, unless there are actions.
    expect(trigger({ ...events("other"), ...properties(broken) })).toBe("filtered");
    expect(
      trigger(
        { ...events("other"), actions: [{ id: 7, type: "actions" }], ...properties(broken) },
        { actions: { 7: () => false } },
      ),
    ).toBe("filtering_failed");
    expect(trigger(properties({ key: "1 + 1", type: "hogql" }))).toBe("filtered");
    expect(trigger(properties({ key: "event = 'signup'", type: "hogql" }))).toBe("started");
  });

  it("test accounts are left out where the project's filters are given, and named where not", () => {
    const filters = { ...events("signup"), filter_test_accounts: true };
    const testAccounts = [{ key: "email", value: "@example.org", operator: "not_icontains", type: "person" }];
    expect(trigger(filters, { testAccounts, person: { properties: { email: "a@example.org" } } })).toBe("filtered");
    expect(trigger(filters, { testAccounts, person: { properties: { email: "a@example.com" } } })).toBe("started");
    expect(
      simulate(flow({ trigger: { type: "event", filters }, steps: [] }), { trigger: "signup" }).notSimulated.join(),
    ).toContain("give them in `testAccounts`");
  });

  it("cohorts among them are named", () => {
    const testAccounts = [{ key: "id", value: 1, operator: "not_in", type: "cohort" }];
    expect(
      simulate(
        flow({ trigger: { type: "event", filters: { ...events("signup"), filter_test_accounts: true } }, steps: [] }),
        { trigger: "signup", testAccounts },
      ).notSimulated.join(),
    ).toContain("cohorts among the test-account filters");
  });

  it("PostHog actions are asked of the scenario", () => {
    const filters = { actions: [{ id: 7, name: "Paid", type: "actions", order: 0 }] };
    expect(trigger(filters, { actions: { 7: ({ event }) => event === "signup" } })).toBe("started");
    expect(trigger(filters, { actions: { 7: () => false } })).toBe("filtered");
    expect(trigger(filters)).toBe("filtered");
  });
});

describe("where properties are read (run time §5.2)", () => {
  const matched = (property: Json, scenario: Scenario = {}, given: Record<string, unknown> = {}): boolean =>
    asked(properties(property), given, scenario).matched;
  it("event, person, group, metadata, variables", () => {
    expect(
      matched(
        { key: "plan", value: "pro", type: "event" },
        { trigger: { event: "signup", properties: { plan: "pro" } } },
      ),
    ).toBe(true);
    expect(matched({ key: "distinct_id", value: "person-1", type: "person" })).toBe(true);
    expect(
      matched(
        { key: "tier", value: "gold", type: "group", group_type_index: 1 },
        { groups: { company: { index: 1, key: "acme", properties: { tier: "gold" } } } },
      ),
    ).toBe(true);
    expect(
      matched(
        { key: "tier", value: "gold", type: "group", group_type_index: 0 },
        { groups: { company: { index: 1, key: "acme", properties: { tier: "gold" } } } },
      ),
    ).toBe(false);
    expect(
      matched(
        { key: "$group_1", value: "acme", type: "event_metadata" },
        { groups: { company: { index: 1, key: "acme" } } },
      ),
    ).toBe(true);
    expect(matched({ key: "distinct_id", value: "person-1", type: "event_metadata" })).toBe(true);
    expect(
      matched({ key: "score", value: 9, operator: "gte", type: "workflow_variable" }, { variables: { score: 10 } }),
    ).toBe(true);
  });

  it("parts of an autocaptured element are not simulated", () => {
    const { matched, notes } = asked(properties({ key: "elements_chain_href = '/pricing'", type: "hogql" }), {});
    expect([matched, notes]).toEqual([false, [expect.stringContaining("elements_chain_href")]]);
  });

  it.each(["next_years_type", "constructor", "__proto__", "toString"])(
    "a property of type %s is not simulated, and is no match",
    (type) => {
      const { matched, notes } = asked(properties({ key: "plan", value: "pro", operator: "exact", type }), {
        plan: "pro",
      });
      expect([matched, notes]).toEqual([false, [expect.stringContaining(`filters on \`${type}\` (plan)`)]]);
    },
  );

  it("a key with dots is one key", () => {
    expect(matched(person("a.b", "x"), {}, { "a.b": "x" })).toBe(true);
    expect(matched(person("a.b", "x"), {}, { a: { b: "x" } })).toBe(false);
  });

  it("flags are neutral, cohorts are asked of the scenario", () => {
    const cohort = { key: "id", value: 42, operator: "in", type: "cohort" };
    expect(matched(cohort, { cohorts: [42] })).toBe(true);
    expect(matched(cohort, { cohorts: [1] })).toBe(false);
    expect(matched({ ...cohort, operator: "not_in" }, { cohorts: [1] })).toBe(true);
    expect(asked(properties(cohort), {}).notes.join()).toContain("give them in `cohorts`");
    expect(
      asked(
        { properties: [{ key: "flag", value: true, operator: "flag_evaluates_to", type: "flag" }, person("p", "a")] },
        { p: "a" },
      ).matched,
    ).toBe(true);
  });
});

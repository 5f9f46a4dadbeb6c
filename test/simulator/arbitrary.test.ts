// People made from the flow's own filters: they take every branch, and what nobody takes is named with its reason.
import { describe, expect, it } from "vitest";
import {
  branch as way,
  delay as pause,
  email as mail,
  event,
  eventProperty,
  on,
  otherwise,
  person as whose,
  variables,
  waitUntil,
  webhook as call,
  when,
  type HogFlowArgs,
} from "../../sdk";
import { arbitrary, simulateMany, type ArbitraryOptions } from "../../testing";
import { OPERATORS } from "../../simulator/filters/operators";
import { random, randomFlow } from "../support/random-flow";
import { branch, delay, events, flow, person, properties, split, timeWindow, wait, webhook } from "./flows";

describe("arbitrary", () => {
  const RICH: HogFlowArgs = {
    trigger: on.event("signup", { where: eventProperty("source").is("ads", "web") }),
    variables: variables({ score: "number" }),
    steps: [
      call("rate", {
        url: "https://example.com",
        outputVariable: variables({ score: "number" }).score.from("body.score"),
      }),
      way(
        "seats",
        [
          when(
            [whose("seats").gte(50), whose("seats").lt(60), whose("country").is("DE")],
            [mail("big", { from: { integrationId: 7 }, subject: "x", text: "x" })],
          ),
          when(whose("email").matches("@example\\.com$"), [pause("later", "5d")]),
        ],
        {},
      ),
      waitUntil("paid", {
        events: event("paid", eventProperty("amount").gt(100)),
        maxWaitDuration: "3d",
        onMatch: [mail("thanks", { from: { integrationId: 7 }, subject: "x", text: "x" })],
      }),
      waitUntil("active", {
        condition: whose("active").is(true),
        maxWaitDuration: "2d",
        onMatch: [mail("great", { from: { integrationId: 7 }, subject: "x", text: "x" })],
      }),
      way("score", [
        when(variables({ score: "number" }).score.gte(9), [
          mail("promoter", { from: { integrationId: 7 }, subject: "x", text: "x" }),
        ]),
        otherwise([mail("others", { from: { integrationId: 7 }, subject: "x", text: "x" })]),
      ]),
    ],
  };

  it("reaches every branch of a flow with waits, ranges, patterns and variables", () => {
    const many = simulateMany(RICH, arbitrary(RICH, { count: 400 }));
    expect(many.coverage.branches.missed).toEqual([]);
    expect(many.coverage.steps.missed).toEqual([]);
  });

  it("is the same for the same seed, and another for another", () => {
    const made = (seed: number): string => JSON.stringify(arbitrary(RICH, { count: 20, seed }));
    expect(made(1)).toBe(made(1));
    expect(made(1)).not.toBe(made(2));
  });

  it("says what cannot be reached, and what it cannot know", () => {
    const impossible = flow({
      steps: [
        branch("B", [
          properties(person("n", 5, "gt"), person("n", 3, "lt")),
          properties({ key: "person.properties.a = concat('x', 'y')", type: "hogql" }),
        ]),
        webhook("A"),
        webhook("H"),
        webhook("lost"),
      ],
      bare: true,
      edges: [
        ["B", "A", 0],
        ["B", "H", 1],
        ["B", "X"],
        ["A", "X"],
        ["H", "X"],
        ["lost", "X"],
      ],
    });
    const { coverage } = simulateMany(impossible, arbitrary(impossible, { count: 100 }));
    expect(coverage.steps.missed).toEqual([
      { id: "A", why: "none of 100 scenarios reaches it" },
      { id: "H", why: "none of 100 scenarios reaches it" },
      { id: "lost", why: "no edge leads here" },
    ]);
    expect(coverage.branches.missed.map(({ branch, why }) => [branch, why])).toEqual([
      [0, "none of 100 scenarios reaches it: no value of n was found that is gt 5 and lt 3"],
      [
        1,
        "none of 100 scenarios reaches it: it has the Hog expression person.properties.a = concat('x', 'y'), which no scenario of `arbitrary` satisfies; add one that does",
      ],
    ]);
  });

  it("asks a webhook as its trigger wants to be asked, and says that one without a method starts nobody", () => {
    const asked = (inputs: object): ReturnType<typeof flow> =>
      flow({ trigger: { type: "webhook", template_id: "template-source-webhook", inputs }, steps: [webhook("A")] });
    for (const method of ["POST", "GET", "DELETE"])
      expect(
        simulateMany(
          asked({ method: { value: method } }),
          arbitrary(asked({ method: { value: method } }), { count: 3 }),
        ).coverage.steps.missed,
      ).toEqual([]);
    expect(simulateMany(asked({}), arbitrary(asked({}), { count: 3 })).coverage.steps.missed[0]).toEqual({
      id: "A",
      why: "none of 3 scenarios reaches it: the trigger has no input `method`, so every request is answered with 405",
    });
  });

  it("has people for audiences, splits and groups", () => {
    const batch = flow({
      trigger: { type: "batch", filters: { properties: [person("plan", ["trial"])] } },
      steps: [
        split("S", [90, 10]),
        webhook("A"),
        branch("G", [
          properties({ key: "tier", value: "gold", operator: "exact", type: "group", group_type_index: 0 }),
          properties({ key: "id", value: 42, operator: "in", type: "cohort" }),
        ]),
      ],
      bare: true,
      edges: [
        ["S", "A", 0],
        ["S", "G", 1],
        ["A", "X"],
        ["G", "X", 0],
        ["G", "X", 1],
        ["G", "X"],
      ],
    });
    // Batch runs have no groups of their own.
    expect(simulateMany(batch, arbitrary(batch)).coverage.branches.missed.map(({ label }) => label)).toEqual([
      "branch 1",
    ]);
  });

  const missedOf = (definition: ReturnType<typeof flow>, options: ArbitraryOptions = {}): string[] =>
    simulateMany(definition, arbitrary(definition, options)).coverage.branches.missed.map(
      ({ step, label, why }) => `${step} → ${label}: ${why}`,
    );
  /** A step with a branch to A and a way on to N. */
  const forked = (
    step: ReturnType<typeof branch>,
    more: Partial<Parameters<typeof flow>[0]> = {},
  ): ReturnType<typeof flow> =>
    flow({
      steps: [step, webhook("A"), webhook("N")],
      bare: true,
      edges: [
        [String(step["id"]), "A", 0],
        [String(step["id"]), "N"],
        ["A", "X"],
        ["N", "X"],
      ],
      ...more,
    });

  const VALUES: Readonly<Record<string, unknown>> = {
    exact: "a",
    is_not: "a",
    in: ["a", "b"],
    not_in: ["a", "b"],
    icontains: "a%b",
    icontains_multi: ["a", "b"],
    not_icontains: "ab",
    not_icontains_multi: ["a", "b"],
    regex: "^a[bc]+@x\\.com$",
    not_regex: "^a",
    gt: 5,
    gte: 5,
    lt: 5,
    lte: 5,
    min: 5,
    max: 5,
    between: [3, 9],
    not_between: [3, 9],
    is_set: undefined,
    is_not_set: undefined,
    is_date_exact: "2026-01-02",
    is_date_before: "-7d",
    is_date_after: "2026-01-02T03:04:05Z",
    semver_eq: "1.2.3",
    semver_neq: "1.2.3",
    semver_gt: "1.2.3",
    semver_gte: "1.2.3",
    semver_lt: "1.2.3",
    semver_lte: "1.2.3",
  };
  it.each(Object.keys(OPERATORS))(
    "answers %s with yes and with no, for people, events, groups and variables",
    (operator) => {
      expect(VALUES).toHaveProperty([operator]);
      const value = VALUES[operator];
      const asks = (type: string, more: object = {}): ReturnType<typeof flow> =>
        properties({ key: "p", operator, ...(value === undefined ? {} : { value }), type, ...more });
      for (const filters of [asks("person"), asks("event"), asks("group", { group_type_index: 1 })])
        expect(missedOf(forked(branch("B", [filters])), { count: 60 })).toEqual([]);
      const rated = webhook("R", { output_variable: { key: "p", result_path: "body.rating" } });
      const variable = flow({
        steps: [rated, branch("B", [asks("workflow_variable")]), webhook("A"), webhook("N")],
        bare: true,
        edges: [
          ["R", "B"],
          ["B", "A", 0],
          ["B", "N"],
          ["A", "X"],
          ["N", "X"],
        ],
      });
      expect(missedOf(variable, { count: 60 })).toEqual([]);
    },
  );

  it("makes people who mostly start the flow, and often meet a condition that chance would hardly meet", () => {
    const rare = properties(
      person("a", ["x"]),
      person("b", ["x"]),
      person("c", ["x"]),
      person("d", ["x"]),
      person("e", ["x"]),
    );
    const trigger = {
      type: "event",
      filters: { ...events("signup"), ...properties(person("f", ["x"]), person("g", ["x"]), person("h", ["x"])) },
    };
    const many = simulateMany(
      forked(branch("B", [rare]), { trigger }),
      arbitrary(forked(branch("B", [rare]), { trigger }), { count: 200 }),
    );
    // By chance alone one in sixty would start, and one in a thousand of these would meet the condition; but not everybody does.
    expect(many.runs).toBeGreaterThan(150);
    expect(many.runs).toBeLessThan(200);
    expect(many.steps["A"]!.count).toBeGreaterThan(20);
    expect(many.steps["N"]!.count).toBeGreaterThan(20);
  });

  it("draws rare shares, and names those that nobody can draw", () => {
    const shared = flow({
      steps: [split("S", [98.4, 1, 0.6, 0]), ...["A", "B", "C", "D"].map((id) => webhook(id))],
      bare: true,
      edges: ["A", "B", "C", "D"].flatMap((id, i): [string, string, number?][] => [
        ["S", id, i],
        [id, "X"],
      ]),
    });
    expect(missedOf(shared, { count: 20 })).toEqual(["S → branch 4: none of 20 scenarios reaches it: its share is 0"]);
  });

  it("knows that the way on of a split leads nobody anywhere", () => {
    const shared = flow({
      steps: [split("S", [50, 50]), webhook("A"), webhook("N")],
      bare: true,
      edges: [
        ["S", "A", 0],
        ["S", "A", 1],
        ["S", "N"],
        ["A", "X"],
        ["N", "X"],
      ],
    });
    expect(simulateMany(shared, arbitrary(shared, { count: 20 })).coverage.steps.missed).toEqual([
      { id: "N", why: "no edge leads here" },
    ]);
  });

  it("sends what waits wait for, in time, and lets them time out", () => {
    const any = {
      events: [
        {
          filters: {
            events: [{ id: "paid", properties: [{ key: "amount", value: 100, operator: "gt", type: "event" }] }],
          },
        },
      ],
      max_wait_duration: "30s",
    };
    expect(missedOf(forked(wait("W", any)), { count: 20 })).toEqual([]);
    const member = {
      condition: { filters: properties({ key: "id", value: 7, operator: "in", type: "cohort" }) },
      max_wait_duration: "1d",
    };
    expect(missedOf(forked(wait("W", member)), { count: 20 })).toEqual([]);
    const both = {
      condition: {
        filters: properties({ key: "source", value: "ads", operator: "exact", type: "event" }, person("plan", ["pro"])),
      },
      max_wait_duration: "1d",
    };
    expect(missedOf(forked(wait("W", both)), { count: 20 })).toEqual([]);
    expect(
      missedOf(forked(timeWindow("B", { day: "weekend", time: ["10:00", "11:00"] }) as never), { count: 5 }),
    ).toEqual([]);
    const action = { events: [{ filters: { actions: [{ id: 7, type: "actions" }] } }], max_wait_duration: "1d" };
    expect(missedOf(forked(wait("W", action)), { count: 20 })).toEqual([
      "W → matched: none of 20 scenarios reaches it: it needs the PostHog action 7: give it in `actions`, and an event that matches it",
    ]);
  });

  it("changes people on the way, where one condition needs what another forbids", () => {
    const plan = (value: string) => properties(person("plan", [value]));
    const upgraded = flow({
      steps: [
        branch("first", [plan("trial")]),
        delay("D", "7d"),
        branch("second", [plan("pro")]),
        wait("paid", { events: [{ filters: events("paid") }], max_wait_duration: "1d" }),
        branch("third", [plan("enterprise")]),
        webhook("A"),
        webhook("N"),
      ],
      bare: true,
      edges: [
        ["first", "D", 0],
        ["first", "X"],
        ["D", "second"],
        ["second", "paid", 0],
        ["second", "X"],
        ["paid", "third", 0],
        ["paid", "X"],
        ["third", "A", 0],
        ["third", "N"],
        ["A", "X"],
        ["N", "X"],
      ],
    });
    expect(missedOf(upgraded, { count: 60 })).toEqual([]);
  });

  it("finds its way through many conditions, one behind the other", () => {
    const depth = 12;
    const steps = Array.from({ length: depth }, (_, i) =>
      branch(`B${i}`, [
        properties(person(`a${i}`, ["yes"]), { key: `e${i}`, value: i, operator: "gt", type: "event" }),
      ]),
    );
    const deep = flow({
      steps: [...steps, webhook("A")],
      bare: true,
      edges: [
        ...steps.flatMap(({ id }, i): [string, string, number?][] => [
          [String(id), i === depth - 1 ? "A" : `B${i + 1}`, 0],
          [String(id), "X"],
        ]),
        ["A", "X"],
      ],
    });
    expect(missedOf(deep, { count: 100 })).toEqual([]);
  });

  it("gives variables a value where the trigger or a step can, and names those that nothing gives one", () => {
    const asks = branch("B", [properties({ key: "score", value: 9, operator: "gte", type: "workflow_variable" })]);
    expect(missedOf(forked(asks), { count: 20 })).toEqual([
      "B → branch 1: none of 20 scenarios reaches it: nothing sets the variable score",
    ]);
    expect(missedOf(forked(asks, { trigger: { type: "batch", filters: { properties: [] } } }), { count: 20 })).toEqual(
      [],
    );
    const spread = webhook("R", { output_variable: { key: "r", result_path: "body", spread: true } });
    const asksSpread = branch("B", [
      properties({ key: "r_score", value: 9, operator: "gte", type: "workflow_variable" }),
    ]);
    expect(
      missedOf(
        flow({
          steps: [spread, asksSpread, webhook("A")],
          bare: true,
          edges: [
            ["R", "B"],
            ["B", "A", 0],
            ["B", "X"],
            ["A", "X"],
          ],
        }),
        { count: 20 },
      ),
    ).toEqual([]);
  });

  it("takes every branch of random flows whose branches can all be taken", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const definition = satisfiable(seed);
      expect(missedOf(definition, { count: 120, seed }), `seed ${seed}`).toEqual([]);
    }
  }, 120_000);

  it("covers every step and branch of any flow, or names it with a reason", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const definition = randomFlow(seed, { steps: 6 });
      const { coverage, branches } = simulateMany(definition, arbitrary(definition, { count: 20, seed }));
      expect(branches.filter(({ count }) => count === 0).map(({ step, branch: index }) => [step, index])).toEqual(
        coverage.branches.missed.map(({ step, branch: index }) => [step, index]),
      );
      expect(coverage.branches.reached + coverage.branches.missed.length).toBe(coverage.branches.total);
      expect([...coverage.steps.missed, ...coverage.branches.missed].filter(({ why }) => why === "")).toEqual([]);
    }
  }, 120_000);
});

/** A random tree of branches, waits, splits and pauses, each with questions of its own, so that nothing stands in the way. */
function satisfiable(seed: number): ReturnType<typeof flow> {
  const r = random(seed);
  const steps: ReturnType<typeof branch>[] = [];
  const edges: [string, string, number?][] = [];
  const ask = (key: string): ReturnType<typeof branch> => {
    const operator = r.pick(["exact", "is_not", "icontains", "gt", "lte", "is_set", "is_date_after", "not_regex"]);
    return {
      key,
      operator,
      ...(operator === "is_set" ? {} : { value: VALUE_OF[operator] }),
      type: r.pick(["person", "event"]),
    };
  };
  const grow = (depth: number): string => {
    if (depth === 0 || r.chance(0.15)) return "X";
    const id = `s${steps.length}`;
    const kind = r.pick(["branch", "branch", "wait", "split", "delay"]);
    const fork = (ways: number): void => {
      for (let i = 0; i < ways; i += 1) edges.push([id, grow(depth - 1), i]);
      // Nobody takes the way on of a split.
      if (kind !== "split") edges.push([id, grow(depth - 1)]);
    };
    if (kind === "branch") {
      steps.push(
        branch(
          id,
          Array.from({ length: 1 + r.int(2) }, (_, i) =>
            properties(...Array.from({ length: 1 + r.int(3) }, (_, k) => ask(`${id}_${i}_${k}`))),
          ),
        ),
      );
      fork((steps.at(-1)!["config"] as { conditions: unknown[] }).conditions.length);
    } else if (kind === "wait") {
      steps.push(
        wait(
          id,
          r.chance(0.5)
            ? { events: [{ filters: events(`event of ${id}`) }], max_wait_duration: "1d" }
            : {
                condition: {
                  filters: properties({ ...ask(`${id}_w`), type: "person", operator: "exact", value: "yes" }),
                },
                max_wait_duration: "1d",
              },
        ),
      );
      fork(1);
    } else if (kind === "split") {
      steps.push(split(id, [80, 20]));
      fork(2);
    } else {
      steps.push(delay(id, "1d"));
      edges.push([id, grow(depth - 1)]);
    }
    return id;
  };
  const root = grow(4);
  if (root === "X") return flow({ steps: [] });
  return flow({ steps, bare: true, edges });
}
const VALUE_OF: Readonly<Record<string, unknown>> = {
  exact: "a",
  is_not: "a",
  icontains: "ab",
  gt: 5,
  lte: 5,
  is_date_after: "2026-01-02",
  not_regex: "^a",
};

// Waits for events and conditions (run time §3.5).
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import { DAY, delay, events, HOUR, MINUTE, path, person, properties, run, told, wait, webhook } from "../flows";

describe("§3.5 waits", () => {
  const waits = (config: Json, scenario: Scenario = {}): [string, number] => {
    const result = run(
      {
        steps: [wait("W", config), webhook("M"), webhook("N")],
        bare: true,
        edges: [
          ["W", "M", 0],
          ["W", "N"],
          ["M", "X"],
          ["N", "X"],
        ],
      },
      scenario,
    );
    return [result.requests[0]!.step, result.requests[0]!.after];
  };
  const PURCHASE = { events: [{ filters: events("purchase") }], max_wait_duration: "1d" };
  it("3.5: an event or the condition, whichever comes; strangers do not count", () => {
    const both = { ...PURCHASE, condition: { filters: properties(person("paid", ["true"])) } };
    expect(waits(both, { events: [{ event: "purchase", at: "+2h" }] })).toEqual(["M", 2 * HOUR]);
    expect(waits(both, { personUpdates: [{ at: "+3h", set: { paid: true } }] })).toEqual(["M", 3 * HOUR]);
    expect(
      waits(both, {
        events: [{ event: "purchase", at: "+2h", distinctId: "stranger" }],
        others: [{ distinctId: "stranger" }],
      }),
    ).toEqual(["N", DAY]);
    expect(waits(both, { events: [{ event: "other", at: "+2h" }] })).toEqual(["N", DAY]);
    expect(
      waits(
        { ...PURCHASE, events: [{ filters: properties(person("paid", ["true"])) }] },
        { personUpdates: [{ at: "+1h", set: { paid: true } }] },
      ),
    ).toEqual(["N", DAY]);
  });

  it("3.5: an update of the person satisfies only entries that take any event", () => {
    const any = {
      events: [{ filters: { events: [{ id: null, type: "events", properties: [person("paid", ["true"])] }] } }],
      max_wait_duration: "1d",
    };
    expect(waits(any, { personUpdates: [{ at: "+3h", set: { paid: true } }] })).toEqual(["M", 3 * HOUR]);
  });

  it("3.5: a condition on variables is judged on entry alone; cohorts have no members among signals", () => {
    const variable = {
      condition: { filters: properties({ key: "n", value: 1, operator: "exact", type: "workflow_variable" }) },
      max_wait_duration: "1h",
    };
    expect(waits(variable, { variables: { n: 1 } })).toEqual(["M", 0]);
    const cohort = (operator: string): Json => ({
      condition: { filters: properties({ key: "id", value: 1, operator, type: "cohort" }) },
      max_wait_duration: "1h",
    });
    expect(waits(cohort("in"), { cohorts: [], events: [{ event: "any", at: "+10m" }] })).toEqual(["N", HOUR]);
    expect(waits(cohort("not_in"), { cohorts: [1], events: [{ event: "any", at: "+10m" }] })).toEqual([
      "M",
      10 * MINUTE,
    ]);
  });

  it("3.5: a missing longest wait waits for nobody, one that cannot be read is an error; clamps hold", () => {
    expect(waits({ events: PURCHASE.events })).toEqual(["N", 0]);
    expect(waits({ ...PURCHASE, max_wait_duration: "48h" })).toEqual(["N", DAY]);
    expect(waits({ ...PURCHASE, max_wait_duration: "a day" })).toEqual(["N", 0]);
  });

  it("3.5: the person is read anew, without the event's $set; a signal at the very end comes too late", () => {
    const scenario: Scenario = {
      trigger: { event: "signup", properties: { $set: { plan: "pro" } } },
      personUpdates: [{ at: "+1m", set: { plan: "free" } }],
    };
    const config = { condition: { filters: properties(person("plan", ["pro"])) }, max_wait_duration: "1h" };
    const result = run(
      {
        steps: [delay("D", "2m"), wait("W", config), webhook("M")],
        bare: true,
        edges: [
          ["D", "W"],
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
      },
      scenario,
    );
    expect(path(result)).toEqual(["D", "W", "X"]);
    expect(waits(PURCHASE, { events: [{ event: "purchase", at: "+1d" }] })).toEqual(["N", DAY]);
    expect(waits(PURCHASE, { events: [{ event: "purchase", at: "+86399s" }] })[0]).toBe("M");
  });

  it("3.5: a merge wakes the run for a re-check", () => {
    const condition = { condition: { filters: properties(person("paid", ["true"])) }, max_wait_duration: "1d" };
    const scenario: Scenario = {
      person: { distinctId: "known", properties: { paid: true } },
      trigger: { event: "signup", distinctId: "anonymous" },
      merges: [{ at: "+2h", distinctId: "anonymous" }],
    };
    expect(waits(condition, scenario)).toEqual(["M", 2 * HOUR]);
    expect(waits(condition, { ...scenario, merges: [] })).toEqual(["N", DAY]);
  });

  it("3.5, V1 older: waits look every ten minutes, and no signal wakes them", () => {
    const condition = { condition: { filters: properties(person("paid", ["true"])) }, max_wait_duration: "1d" };
    const older = { waitsPollEvery10Minutes: true };
    expect(waits(condition, { older, personUpdates: [{ at: "+4m", set: { paid: true } }] })).toEqual([
      "M",
      10 * MINUTE,
    ]);
    expect(waits(PURCHASE, { older, events: [{ event: "purchase", at: "+2h" }] })).toEqual(["N", DAY]);
  });

  it("3.5: what comes of a match for variables", () => {
    const result = run(
      {
        steps: [wait("W", PURCHASE, { output_variable: { key: "w" } }), webhook("M")],
        bare: true,
        edges: [
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
      },
      { events: [{ event: "purchase", at: "+1h" }] },
    );
    expect(result.variables).toEqual({ w: { eventMatched: true } });
  });

  it("3.5: a match and a goal at one instant: the run ends as converted", () => {
    const settings = {
      exit_condition: "exit_on_conversion",
      conversion: { filters: [], events: [{ filters: events("purchase") }] },
    };
    const result = run(
      {
        steps: [wait("W", PURCHASE), webhook("M")],
        bare: true,
        edges: [
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
        settings,
      },
      { events: [{ event: "purchase", at: "+2h" }] },
    );
    expect(result).toMatchObject({ requests: [], end: { how: "conversion", after: 2 * HOUR } });
  });

  it("3.5: signals know of no variables, so no condition on them is met, nor its opposite", () => {
    const asks = (operator: string, value?: unknown): Json => ({
      condition: {
        filters: properties({
          key: "n",
          ...(value === undefined ? {} : { value }),
          operator,
          type: "workflow_variable",
        }),
      },
      max_wait_duration: "1h",
    });
    const later: Scenario = { variables: { n: 1 }, events: [{ event: "any", at: "+10m" }] };
    expect(waits(asks("is_not_set"), later)).toEqual(["N", HOUR]);
    expect(waits(asks("is_not", 1), later)).toEqual(["N", HOUR]);
    expect(
      waits(
        { condition: { filters: properties({ key: "variables.n is null", type: "hogql" }) }, max_wait_duration: "1h" },
        later,
      ),
    ).toEqual(["N", HOUR]);
  });

  it("3.5: what came before the wait is told to be missed", () => {
    const chain = { steps: [delay("D", "1h"), wait("W", PURCHASE)] };
    expect(run(chain, { events: [{ event: "purchase", at: "+30m" }] }).warnings.join()).toContain(
      'W waits for "purchase", which came at 2026-01-05T09:30:00.000Z, before the wait',
    );
    expect(run(chain, { events: [{ event: "purchase", at: "+30m", distinctId: "stranger" }] }).warnings).toEqual([]);
    expect(run(chain, { events: [{ event: "purchase", at: "+90m" }] }).warnings).toEqual([]);
    // Neither what came before the run began, nor what came to the wait and did not satisfy it.
    expect(
      run(
        { steps: [wait("W", PURCHASE)] },
        {
          trigger: "other",
          events: [
            { event: "purchase", at: "+1m" },
            { event: "signup", at: "+10m" },
          ],
        },
      ).warnings,
    ).toEqual([]);
    const dear = {
      events: [
        {
          filters: {
            events: [{ id: "purchase", properties: [{ key: "amount", value: 100, operator: "gt", type: "event" }] }],
          },
        },
      ],
      max_wait_duration: "1d",
    };
    expect(
      run(
        { steps: [wait("W", dear)] },
        {
          events: [{ event: "purchase", at: "+10m", properties: { amount: 1 } }],
          merges: [{ at: "+20m", distinctId: "person-1" }],
        },
      ).warnings,
    ).toEqual([]);
    expect(run({ steps: [wait("W", { ...PURCHASE, max_wait_duration: "48h" })] }).warnings.join()).toContain(
      "W says 48h",
    );
  });

  it("3.5: entries that name neither an event nor an action are ignored, also by later events", () => {
    expect(
      waits(
        { events: [{ filters: properties(person("paid", ["true"])) }], max_wait_duration: "1h" },
        { person: { properties: { paid: true } }, events: [{ event: "any", at: "+1m" }] },
      ),
    ).toEqual(["N", HOUR]);
  });

  it("3.5: who is deleted keeps the properties that the wake found", () => {
    const asks = { condition: { filters: properties(person("plan", ["pro"])) }, max_wait_duration: "1h" };
    const deleted = run(
      {
        steps: [wait("W", asks), webhook("M")],
        bare: true,
        edges: [
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
      },
      { person: { properties: { plan: "free" } }, personUpdates: [{ at: "+1m", deleted: true }] },
    );
    expect(deleted.end).toMatchObject({ how: "exit", after: HOUR });
  });

  it("3.5: what is kept of a wait is not known, and named where a variable takes it", () => {
    expect(
      told(run({ steps: [wait("W", PURCHASE, { output_variable: { key: "w" } })], edges: [["W", "X", 0]] })),
    ).toContain("the result that W writes");
    expect(told(run({ steps: [wait("W", PURCHASE)], edges: [["W", "X", 0]] }))).toBe("");
  });

  it("3.5: signals are taken while parked alone, and by the step on which a run is parked", () => {
    const second = { events: [{ filters: events("second") }], max_wait_duration: "1h" };
    const result = run(
      {
        steps: [
          wait("V", { events: [{ filters: events("first") }], max_wait_duration: "1h" }),
          wait("W", second),
          webhook("M"),
        ],
        bare: true,
        edges: [
          ["V", "W", 0],
          ["V", "W"],
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
      },
      {
        events: [
          { event: "second", at: "+10m" },
          { event: "first", at: "+20m" },
        ],
      },
    );
    expect(result.steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(["V matched", "W timed out", "X exited"]);
  });
});

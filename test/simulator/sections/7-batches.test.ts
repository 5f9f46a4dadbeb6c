// Schedules and batches (run time §7).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario, type Simulation } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import { BODY, branch, delay, email, events, flow, person, properties, told, wait, webhook } from "../flows";

describe("§7 schedules and batches", () => {
  const weekly = { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-03-02T08:00:00Z", timezone: "Europe/Berlin" };
  it("7.1: occurrences keep their local time, and a flow that is off misses them", () => {
    const times = (scenario: Scenario = {}): string[] =>
      simulate(flow({ trigger: { type: "schedule" }, steps: [webhook("W")] }), {
        clock: "2026-03-20",
        schedule: { ...weekly, occurrences: 3 },
        ...scenario,
      }).requests.map(({ at }) => at);
    expect(times()).toEqual(["2026-03-23T08:00:00.000Z", "2026-03-30T07:00:00.000Z", "2026-04-06T07:00:00.000Z"]);
    expect(
      times({
        edits: [
          { at: "2026-03-24", status: "draft" },
          { at: "2026-04-01", status: "active" },
        ],
      }),
    ).toEqual(["2026-03-23T08:00:00.000Z", "2026-04-06T07:00:00.000Z"]);
    expect(() => times({ schedule: { ...weekly, rrule: "WEEKLY" } })).toThrow("schedule.rrule");
  });

  it("7.2: a scheduled run has no person; its e-mail needs a recipient", () => {
    const send = (to: string): Simulation =>
      simulate(
        flow({
          trigger: { type: "schedule" },
          steps: [email("M", { to: { email: to } })],
          settings: { variables: [{ key: "team", default: "team@example.com" }] },
        }),
      );
    expect(send("{{ variables.team }}").messages[0]!.to).toBe("team@example.com");
    expect(send("{{ person.properties.email }}").steps[0]!.outcome).toBe("failed");
    expect(
      simulate(
        flow({
          trigger: { type: "schedule" },
          steps: [branch("B", [properties(person("p", undefined, "is_not_set"))]), webhook("A")],
          bare: true,
          edges: [
            ["B", "A", 0],
            ["A", "X"],
          ],
        }),
      ).requests,
    ).toHaveLength(1);
  });

  it("7.3: one run for each person of the audience, asked when the job runs; masking for each", () => {
    const batch = { type: "batch", filters: { properties: [person("plan", ["trial"])] } };
    const definition = flow({
      trigger: batch,
      steps: [delay("D", "1d"), webhook("W")],
      settings: { exit_condition: "exit_on_trigger_not_matched", trigger_masking: { hash: "{person.id}" } },
    });
    const result = simulate(definition, {
      person: { distinctId: "a", properties: { plan: "trial" } },
      others: [
        { distinctId: "b", properties: { plan: "trial" } },
        { distinctId: "c", properties: { plan: "pro" } },
      ],
      clock: "2026-03-20",
      schedule: { ...weekly, occurrences: 2 },
      personUpdates: [{ at: "2026-03-23T09:00:00Z", set: { plan: "pro" }, distinctId: "b" }],
    });
    expect(result.runs.map(({ person }) => person)).toEqual(["a", "b"]);
    // Who leaves the audience while in the flow stays in the flow.
    expect(result.requests).toHaveLength(2);
    expect(result.attempts.map(({ outcome }) => outcome)).toEqual([
      "started",
      "started",
      "filtered",
      "masked",
      "filtered",
      "filtered",
    ]);
  });

  it("7.3: accounts", () => {
    const result = simulate(
      flow({
        trigger: {
          type: "batch",
          filters: {
            properties: [{ key: "tier", value: "gold", type: "group", group_type_index: 0 }],
            audience_type: "accounts",
          },
        },
        steps: [webhook("W", {}, BODY("{event.distinct_id}"))],
      }),
      { groups: { company: { key: "acme", properties: { tier: "gold" } } } },
    );
    expect(result.requests[0]!.body).toBe("acme");
    expect(result.runs[0]!.person).toBeUndefined();
    expect(result.notSimulated.join()).toContain("accounts");
  });

  it("7.1: a schedule's values lie over the defaults, and keys that nobody declared are kept", () => {
    const definition = flow({
      trigger: { type: "batch", filters: { properties: [] } },
      steps: [],
      settings: {
        variables: [
          { key: "a", default: "1" },
          { key: "b", default: "" },
        ],
      },
    });
    expect(simulate(definition, { schedule: { ...weekly, variables: { a: "2", c: "3" } } }).variables).toEqual({
      a: "2",
      b: "",
      c: "3",
    });
  });

  it("7.2: nobody is in a cohort, has properties, or converts; waits are woken by the distinct id", () => {
    const scheduled = (steps: Json[], edges: [string, string, number?][], scenario: Scenario = {}): Simulation =>
      simulate(flow({ trigger: { type: "schedule" }, steps, bare: true, edges }), { cohorts: [1], ...scenario });
    const cohort = scheduled(
      [branch("B", [properties({ key: "id", value: 1, operator: "in", type: "cohort" })]), webhook("A")],
      [
        ["B", "A", 0],
        ["B", "X"],
        ["A", "X"],
      ],
    );
    expect(cohort.requests).toEqual([]);
    // That is known, and not merely not given.
    expect(told(cohort)).toBe("");
    const waits = [wait("W", { events: [{ filters: events("done") }], max_wait_duration: "1h" }), webhook("M")];
    const woken = (distinctId: string): number =>
      scheduled(
        waits,
        [
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
        { events: [{ event: "done", at: "+10m", distinctId }] },
      ).requests.length;
    expect([woken("workflow-flow:Flow"), woken("person-1")]).toEqual([1, 0]);
  });

  it("7.3: a broadcast sends one e-mail to an address, and of other batches that is not known", () => {
    const twins: Scenario = {
      person: { distinctId: "a", properties: { email: "ada@example.com" } },
      others: [
        { distinctId: "b", properties: { email: "Ada@example.com" } },
        { distinctId: "c", properties: { email: "c@example.com" } },
      ],
      schedule: { ...weekly, occurrences: 2 },
      clock: "2026-03-20",
    };
    const batch = { type: "batch", filters: { properties: [] } };
    const broadcast = simulate(flow({ trigger: batch, steps: [email("M")] }), twins);
    // Both occurrences, two addresses each.
    expect(broadcast.messages).toHaveLength(4);
    expect(broadcast.skipped.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining("same address")),
    );
    expect(told(broadcast)).toContain("broadcast");
    const series = simulate(flow({ trigger: batch, steps: [email("M"), delay("D", "1d")] }), twins);
    expect(series.messages).toHaveLength(6);
    expect(told(series)).toContain("one e-mail of M or two");
  });
});

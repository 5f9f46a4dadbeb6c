// What is evaluated against which snapshot of event, person and variables (run time §5.3).
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import {
  ADA,
  after,
  BODY,
  branch,
  delay,
  email,
  events,
  HOUR,
  path,
  person,
  properties,
  run,
  wait,
  webhook,
} from "../flows";

const PRO = properties(person("plan", ["pro"]));
const VARIABLE = properties({ key: "r", value: 7, operator: "exact", type: "workflow_variable" });
const EVENT_PRO = properties({ key: "plan", value: ["pro"], operator: "exact", type: "event" });
const becomesPro: Scenario = {
  person: { properties: { plan: "free" } },
  personUpdates: [{ at: "+30m", set: { plan: "pro" } }],
};
const rated: Json[] = [webhook("R", { output_variable: { key: "r", result_path: "body.id" } })];
const http = { R: { body: { id: 7 } } };

describe("§5.3 snapshots", () => {
  it("5.3: the trigger sees the person of its event, and no variables", () => {
    const trigger = (filters: Json): Json => ({ type: "event", filters: { ...events("signup"), ...filters } });
    expect(run({ trigger: trigger(PRO), steps: [] }, becomesPro).runs).toHaveLength(0);
    expect(
      run({ trigger: trigger(PRO), steps: [] }, { ...becomesPro, events: [{ event: "signup", at: "+1h" }] }).runs,
    ).toHaveLength(1);
    expect(run({ trigger: trigger(VARIABLE), steps: [] }, { variables: { r: 7 } }).runs).toHaveLength(0);
  });

  it("5.3: a step's filters see the trigger event, the person of this wake, and the variables of now", () => {
    const filtered = (filters: Json, steps: Json[], scenario: Scenario): number =>
      run({ steps: [...steps, webhook("W", { filters })] }, scenario).requests.filter(({ step }) => step === "W")
        .length;
    expect(filtered(PRO, [delay("D", "1h")], becomesPro)).toBe(1);
    expect(filtered(PRO, [delay("D", "10m")], becomesPro)).toBe(0);
    expect(
      filtered(EVENT_PRO, [delay("D", "1h")], {
        events: [{ event: "later", at: "+10m", properties: { plan: "pro" } }],
      }),
    ).toBe(0);
    expect(filtered(VARIABLE, rated, { http })).toBe(1);
    expect(filtered(VARIABLE, [...rated, delay("D", "1h")], { http })).toBe(1);
  });

  it("5.3: a branch sees the person of this wake and the variables of now", () => {
    const taken = (filters: Json, steps: Json[], scenario: Scenario): boolean => {
      const chain = [...steps, branch("B", [filters]), webhook("A")];
      const ids = chain.map(({ id }) => String(id));
      return path(
        run(
          {
            steps: chain,
            bare: true,
            edges: [
              ...ids.slice(0, -2).map((id, i): [string, string] => [id, ids[i + 1]!]),
              ["B", "A", 0],
              ["B", "X"],
              ["A", "X"],
            ],
          },
          scenario,
        ),
      ).includes("A");
    };
    expect(taken(PRO, [delay("D", "1h")], becomesPro)).toBe(true);
    expect(taken(PRO, [delay("D", "10m")], becomesPro)).toBe(false);
    expect(taken(VARIABLE, rated, { http })).toBe(true);
  });

  it("5.3: a wait sees the trigger event on entry, and each signal on its own afterwards", () => {
    const waits = (filters: Json, scenario: Scenario): number[] =>
      after(
        run(
          {
            steps: [wait("W", { condition: { filters }, max_wait_duration: "2h" }), webhook("N")],
            edges: [["W", "N", 0]],
          },
          scenario,
        ),
        "N",
      );
    expect(waits(EVENT_PRO, { trigger: { event: "signup", properties: { plan: "pro" } } })).toEqual([0]);
    expect(waits(EVENT_PRO, { events: [{ event: "any", at: "+1h", properties: { plan: "pro" } }] })).toEqual([HOUR]);
    // The signal brings the person as of itself, but its event alone.
    const both = { properties: [...(EVENT_PRO["properties"] as Json[]), ...(PRO["properties"] as Json[])] };
    expect(
      waits(both, {
        ...becomesPro,
        trigger: { event: "signup", properties: { plan: "pro" } },
        events: [{ event: "any", at: "+1h" }],
      }),
    ).toEqual([2 * HOUR]);
  });

  it("5.3: the exit condition sees the stored trigger event with the person of this wake", () => {
    const trigger = {
      type: "event",
      filters: {
        ...events("signup"),
        ...properties(person("plan", ["free"]), { key: "source", value: "ads", operator: "exact", type: "event" }),
      },
    };
    const settings = { exit_condition: "exit_on_trigger_not_matched" };
    const chain = { trigger, settings, steps: [delay("D", "1h"), webhook("W")] };
    const scenario: Scenario = { ...becomesPro, trigger: { event: "signup", properties: { source: "ads" } } };
    expect(run(chain, scenario).end.how).toBe("trigger_not_matched");
    expect(
      run(chain, {
        ...scenario,
        personUpdates: [],
        events: [{ event: "signup", at: "+10m", properties: { source: "web" } }],
      }).end.how,
    ).toBe("exit");
  });

  it("5.3: templates see the trigger event, the person of this wake and the variables of now; groups are read at each wake", () => {
    const shown = webhook(
      "W",
      {},
      BODY("{event.properties.n} {person.properties.plan} {variables.r} {groups.company.properties.tier}"),
    );
    const result = run(
      { steps: [delay("D", "1h"), ...rated, shown] },
      {
        ...becomesPro,
        http,
        trigger: { event: "signup", properties: { n: 1 } },
        events: [{ event: "other", at: "+10m", properties: { n: 2 } }],
        groups: { company: { key: "acme", properties: { tier: "free" } } },
        groupUpdates: [{ at: "+20m", group: "company", set: { tier: "gold" } }],
      },
    );
    expect(result.requests.find(({ step }) => step === "W")!.body).toBe("1 pro 7 gold");
    expect(
      run(
        { steps: [email("M", { subject: "{{ event.properties.n }}" })] },
        { person: ADA, trigger: { event: "signup", properties: { n: 3 } } },
      ).messages[0]!.subject,
    ).toBe("3");
  });
});

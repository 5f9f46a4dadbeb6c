// What starts a run, and with what (run time §1).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario, type Simulation } from "../../../simulator";
import type { Json } from "../../support/reference-flows";
import { ADA, BODY, events, flow, person, properties, run, webhook } from "../flows";

describe("§1 life of a run", () => {
  it("1.1: rows and internal events have no person, also with a distinct id", () => {
    const row = simulate(flow({ trigger: { type: "data-warehouse-table", table_name: "stripe.invoice", filters: { properties: [{ key: "amount", value: 5, operator: "gt", type: "event" }] } }, steps: [webhook("W", {}, BODY({ amount: "{event.properties.amount}", table: "{event.properties.$source_table}" }))] }), { person: ADA, trigger: { row: { amount: 10 } } });
    expect(row.requests[0]!.body).toEqual({ amount: 10, table: "stripe.invoice" });
    expect(row.runs[0]!.person).toBeUndefined();
    const trigger = { type: "internal-event", filters: { source: "internal-events", events: [{ id: "$slack_message_received", type: "events" }], properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }] } };
    const internal = (event: string, channel: string): Simulation => simulate(flow({ trigger, steps: [webhook("W")] }), { person: ADA, trigger: { event, properties: { channel } } });
    expect(internal("$slack_message_received", "C1").runs[0]!.person).toBeUndefined();
    expect(internal("$slack_message_received", "C2").end.how).toBe("not_started");
    // Neither starts a flow of the other's kind.
    expect(internal("signup", "C1").end.how).toBe("not_started");
  });

  it("1.2: the trigger's filter sees the person as of the event, its own $set included", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["pro"])) } };
    expect(run({ trigger, steps: [] }, { trigger: { event: "signup", properties: { $set: { plan: "pro" } } } }).runs).toHaveLength(1);
    expect(run({ trigger, steps: [] }, { person: { properties: { plan: "free" } }, trigger: { event: "signup", properties: { $set_once: { plan: "pro" } } } }).runs).toHaveLength(0);
    const filtered = run({ trigger, steps: [] });
    expect(filtered.metrics.map(({ name }) => name)).toEqual(["filtered"]);
    expect(run({ steps: [] }).metrics.map(({ name }) => name)).toEqual(["triggered"]);
  });

  const DEFAULTS = { variables: [{ key: "none", default: "" }, { key: "zero", default: 0 }, { key: "off", default: false }, { key: "text", default: "x" }] };
  it("1.3: events make falsy defaults null, schedules keep them; unknown keys are kept", () => {
    expect(run({ steps: [], settings: DEFAULTS }, { variables: { more: 1 } }).variables).toEqual({ none: null, zero: null, off: null, text: "x", more: 1 });
    expect(simulate(flow({ trigger: { type: "schedule" }, steps: [], settings: DEFAULTS }), { schedule: { rrule: "FREQ=DAILY", startsAt: "2026-01-06T09:00:00Z", variables: { text: "y" } } }).variables).toEqual({ none: "", zero: 0, off: false, text: "y" });
  });

  it("1.4: requests are refused in PostHog's order, and mapped before any step", () => {
    const inputs = { event: { value: "{request.body.event}" }, distinct_id: { value: "{request.body.id}" }, properties: { value: { from: "{request.query.from}", agent: "{request.headers['user-agent']}" } } };
    const hook = (more: Json = {}): Json => flow({ trigger: { type: "webhook", inputs: { ...inputs, ...more } }, steps: [webhook("W", {}, BODY("{event.properties.from} {event.properties.agent} {event.properties.$lib}"))] });
    const status = (definition: Json, request: object): number | undefined => simulate(definition, { trigger: { request } }).attempts[0]!.answer?.status;
    const body = { event: "e", id: "person-1" };
    expect(status(hook(), { body, method: "GET" })).toBe(405);
    expect(status(hook({ method: { value: "GET" } }), { body, method: "GET" })).toBe(201);
    expect(status(hook(), { body: { id: "a" } })).toBe(400);
    expect(status(hook(), { body: { ...body, more: "x".repeat(512_001) } })).toBe(413);
    expect(status(hook({ auth_header: { value: "" } }), { body })).toBe(201);
    expect(simulate(hook(), { trigger: { request: { body, query: { from: "shop" }, headers: { "User-Agent": "curl", "X-Forwarded-For": "1" } } } }).requests[0]!.body).toBe("shop curl posthog-webhook");
    const forwarded = hook({ properties: { value: { from: "{request.headers['x-forwarded-for']}" } } });
    expect(simulate(forwarded, { trigger: { request: { body, headers: { "X-Forwarded-For": "1.2.3.4" } } } }).requests[0]!.body).toBe("  posthog-webhook");
    const failing = simulate(hook({ event: { value: "{nobody.knows}" } }), { trigger: { request: { body } } });
    expect(failing.metrics.map(({ name }) => name)).toEqual(["trigger_failed"]);
    const inactive = simulate(hook(), { trigger: { request: { body } }, edits: [{ at: "+0s", status: "draft" }] });
    expect(inactive.attempts[0]).toMatchObject({ outcome: "inactive", answer: { status: 404 } });
    // Repeating a request makes a second run, also with masking.
    expect(simulate({ ...hook(), trigger_masking: { hash: "{person.id}" } }, { trigger: { request: { body } } }).runs).toHaveLength(1);
  });

  it("1.5: masking counts by what its hash yields; a falsy one masks nobody; a store that is down masks all", () => {
    const masked = (hash: string, scenario: Scenario = {}): number => run({ steps: [], settings: { trigger_masking: { hash, ttl: 3600 } } }, { events: [{ event: "signup", at: "+1m", properties: { cart: 2 } }], ...scenario }).runs.length;
    expect(masked("{person.id}")).toBe(1);
    expect(masked("{event.properties.cart}")).toBe(2);
    expect(masked("{event.event}")).toBe(1);
    expect(masked("{person.properties.none}")).toBe(2);
    expect(masked("{person.id}", { maskingStoreDown: true })).toBe(0);
    expect(masked("{person.id}", { others: [{ distinctId: "b" }], events: [{ event: "signup", at: "+1m", distinctId: "b" }] })).toBe(2);
    expect(run({ steps: [], settings: { trigger_masking: { hash: "{person.id}", ttl: 3600 } } }, { events: [{ event: "signup", at: "+1m" }] }).metrics.map(({ name }) => name)).toEqual(["triggered", "masked"]);
  });
});

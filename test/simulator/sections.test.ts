// Rules of the run-time reference beyond its table of cases, by section.
import { describe, expect, it } from "vitest";
import { simulate, type Scenario, type Simulation } from "../../simulator";
import { Queue, RANK } from "../../simulator/world/queue";
import type { Json } from "../support/reference-flows";
import { branch, delay, email, events, flow, person, properties, split, timeWindow, until, wait, webhook, type Chain } from "./flows";

const run = (chain: Chain, scenario: Scenario = {}): Simulation => simulate(flow(chain), { trigger: "signup", ...scenario });
const path = ({ steps }: Simulation): string[] => steps.map(({ id }) => id);
const metrics = (simulation: Simulation): string[] => simulation.runs[0]!.metrics.map(({ name, step }) => (step === undefined ? name : `${name}(${step})`));
const after = (simulation: Simulation, step: string): number[] => [...simulation.requests, ...simulation.messages].filter((sent) => sent.step === step).map((sent) => sent.after);
const ADA = { properties: { email: "ada@example.com" } };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BODY = (value: unknown): Json => ({ body: { value } });

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

describe("§2 order of things at a wake", () => {
  it("2.1: the event's $set lies over the person for five minutes", () => {
    const seen = (wait: string): unknown =>
      run({ steps: [delay("D", wait), webhook("W", {}, BODY("{person.properties.plan}"))] }, { trigger: { event: "signup", properties: { $set: { plan: "pro" } } }, personUpdates: [{ at: "+30s", set: { plan: "free" } }] }).requests[0]!.body;
    expect(seen("4m")).toBe("pro");
    expect(seen("6m")).toBe("free");
  });

  it("2.1: groups are read anew at each wake", () => {
    const result = run({ steps: [delay("D", "1h"), webhook("W", {}, BODY("{groups.company.properties.tier}"))] }, { groups: { company: { key: "acme", properties: { tier: "free" } } }, groupUpdates: [{ at: "+10m", group: "company", set: { tier: "gold" } }] });
    expect(result.requests[0]!.body).toBe("gold");
  });

  it("2.1: cancelling is seen at the wake", () => {
    const result = run({ steps: [delay("D", "2h"), webhook("W")] }, { cancelAt: "+1h" });
    expect(result.end).toMatchObject({ how: "canceled", status: "cancelled", after: 2 * HOUR });
    expect(metrics(result)).toEqual(["canceled"]);
  });

  it("2.2: a change of the person within one wake is not seen by the exit condition", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["trial"])) } };
    const result = run({ trigger, steps: [webhook("A"), webhook("B")], settings: { exit_condition: "exit_on_trigger_not_matched" } }, { person: { properties: { plan: "trial" } }, personUpdates: [{ at: "+0s", set: { plan: "pro" } }] });
    // The update comes before the first wake, so the run ends there.
    expect(result.end).toMatchObject({ how: "trigger_not_matched", after: 0 });
    expect(path(result)).toEqual([]);
  });

  it("2.3: a step's filters see the variables as of the wake, a branch those of now", () => {
    const variable = { key: "r", value: 7, operator: "exact", type: "workflow_variable" };
    const http = { W: { body: { id: 7 } } };
    const first = webhook("W", { output_variable: { key: "r", result_path: "body.id" } });
    expect(run({ steps: [first, webhook("Y", { filters: properties(variable) })] }, { http }).requests).toHaveLength(1);
    expect(run({ steps: [first, delay("D", "1m"), webhook("Y", { filters: properties(variable) })] }, { http }).requests).toHaveLength(2);
    expect(path(run({ steps: [first, branch("B", [properties(variable)]), webhook("A"), webhook("N")], bare: true, edges: [["W", "B"], ["B", "A", 0], ["B", "N"], ["A", "X"], ["N", "X"]] }, { http }))).toContain("A");
  });

  it("2.3: a parked step is tested again, so a pending delay can be skipped", () => {
    const result = run({ steps: [delay("D", "1d", { filters: properties(person("plan", ["free"])) }), webhook("W")] }, { person: { properties: { plan: "free" } }, personUpdates: [{ at: "+1h", set: { plan: "pro" } }] });
    expect(result.steps[0]).toMatchObject({ outcome: "filtered", leftAfter: DAY });
    expect(metrics(result)[0]).toBe("filtered(D)");
  });

  it("2.4: of several edges the first counts, and the index of a continue edge does not", () => {
    const definition = flow({ steps: [webhook("A"), webhook("B")], bare: true, edges: [["A", "B"], ["A", "X"], ["B", "X"]] });
    expect(path(simulate(definition, { trigger: "signup" }))).toEqual(["A", "B", "X"]);
    expect(simulate({ ...definition, edges: [] }, { trigger: "signup" }).end).toMatchObject({ how: "failed", status: "failed" });
  });

  it("2.5: an error in a branch step goes on by its continue edge; an unknown type has no step metric", () => {
    const result = run({ steps: [{ id: "U", name: "U", type: "ai_decision", config: {} }, webhook("W")] });
    expect(result.requests).toHaveLength(1);
    expect(metrics(result).filter((name) => name.includes("(U)"))).toEqual([]);
    expect(run({ steps: [delay("D", "soon")], bare: true }).end).toMatchObject({ how: "failed" });
  });

  it("2.5, V2 older: a step without on_error stops the run", () => {
    const older = { errorsStopByDefault: true };
    expect(run({ steps: [webhook("W"), webhook("Y")] }, { http: { W: 500 }, older }).end.how).toBe("failed");
    expect(run({ steps: [webhook("W", { on_error: "continue" }), webhook("Y")] }, { http: { W: 500 }, older }).requests).toHaveLength(2);
  });
});

describe("§3 steps", () => {
  it("3.1: a delay parks and advances once, with one succeeded", () => expect(metrics(run({ steps: [delay("D", "1h")] }))).toEqual(["succeeded(D)", "succeeded(X)"]));
  it("3.1: a delay of nothing takes no time", () => expect(after(run({ steps: [delay("D", "0s"), webhook("W")] }), "W")).toEqual([0]));

  const renewal = (value: unknown, config: Json = {}, scenario: Scenario = {}, maximum?: string): Simulation =>
    run({ steps: [until("D", { expression: "person.properties.renewal", ...config }, maximum), webhook("W")] }, { clock: "2026-01-05T09:00:00Z", person: { properties: { renewal: value } }, ...scenario });
  it("3.2: numbers are seconds, texts keep their offset, without one they are local", () => {
    expect(after(renewal(Date.UTC(2026, 0, 5, 10) / 1000), "W")).toEqual([HOUR]);
    expect(after(renewal("2026-01-05T12:00:00+02:00"), "W")).toEqual([HOUR]);
    expect(after(renewal("2026-01-05T12:00:00", { timezone: "Europe/Helsinki" }), "W")).toEqual([HOUR]);
    expect(after(renewal("2026-01-05T12:00:00", { use_person_timezone: true }, { person: { properties: { renewal: "2026-01-05T12:00:00", $geoip_time_zone: "Europe/Helsinki" } } }), "W")).toEqual([HOUR]);
    expect(renewal(Date.UTC(2026, 0, 5, 10) * 1000).end.how).toBe("failed");
    expect(renewal("soon").end.how).toBe("failed");
  });

  it("3.2: offsets are not clamped, the maximum is", () => {
    expect(after(renewal("2026-01-05T09:00:00Z", { offset: "+90m" }), "W")).toEqual([90 * MINUTE]);
    expect(after(renewal("2026-01-05T09:00:00Z", { offset: "48h" }), "W")).toEqual([48 * HOUR]);
    expect(after(renewal("2027-01-01", {}, {}, "48h"), "W")).toEqual([24 * HOUR]);
    expect(after(renewal("2027-01-01", {}, {}, "forever"), "W")).toEqual([30 * DAY]);
    expect(renewal("2026-01-06", { offset: "a while" }).steps[0]).toMatchObject({ outcome: "failed", to: "W" });
  });

  it("3.2: an instant that is found once is kept when a later look fails; one that moves earlier is noticed at the old time", () => {
    expect(after(renewal("2026-01-06T09:00:00Z", {}, { personUpdates: [{ at: "+1h", unset: ["renewal"] }] }), "W")).toEqual([DAY]);
    expect(after(renewal("2026-01-07T09:00:00Z", {}, { personUpdates: [{ at: "+1h", set: { renewal: "2026-01-06T09:00:00Z" } }] }), "W")).toEqual([2 * DAY]);
  });

  it("3.2: the expression sees the event's name and its properties", () => {
    const at = (expression: string): number[] => after(run({ steps: [until("D", { expression }), webhook("W")] }, { trigger: { event: "signup", properties: { due: "2026-01-05T10:00:00Z" } } }), "W");
    expect(at("properties.due")).toEqual([HOUR]);
    expect(at("if(event = 'signup', '2026-01-05T11:00:00Z', null)")).toEqual([2 * HOUR]);
    expect(at("toDateTime('2026-01-05T10:00:00Z')")).toEqual([HOUR]);
    expect(at("dateAdd('hour', 3, now())")).toEqual([30 * DAY]);
  });

  const opens = (config: Json, clock: string, scenario: Scenario = {}): string => {
    const result = run({ steps: [timeWindow("D", config), webhook("W")] }, { clock, ...scenario });
    return result.requests[0]?.at ?? result.end.how;
  };
  it("3.3: the zones that a window may go by", () => {
    const nine = { day: "any", time: ["09:00", "17:00"] };
    expect(opens({ ...nine, timezone: "Europe/Berlin" }, "2026-01-05T05:00:00Z")).toBe("2026-01-05T08:00:00.000Z");
    expect(opens({ ...nine, fallback_timezone: "Europe/Berlin" }, "2026-01-05T05:00:00Z")).toBe("2026-01-05T09:00:00.000Z");
    expect(opens({ ...nine, use_person_timezone: true, timezone: "Europe/Berlin" }, "2026-01-05T05:00:00Z")).toBe("2026-01-05T08:00:00.000Z");
  });

  it("3.4: both ends are open to the millisecond; the clocks' changes are followed; named days are local", () => {
    const nine = { day: "any", time: ["09:00", "17:00"], timezone: "UTC" };
    expect(opens(nine, "2026-01-05T17:00:00.000Z")).toBe("2026-01-05T17:00:00.000Z");
    expect(opens(nine, "2026-01-05T17:00:00.001Z")).toBe("2026-01-06T09:00:00.000Z");
    const berlin = { ...nine, timezone: "Europe/Berlin" };
    expect(opens(berlin, "2026-03-28T20:00:00Z")).toBe("2026-03-29T07:00:00.000Z");
    expect(opens(berlin, "2026-03-27T20:00:00Z")).toBe("2026-03-28T08:00:00.000Z");
    expect(opens({ day: "any", time: ["02:30", "04:00"], timezone: "Europe/Berlin" }, "2026-03-28T20:00:00Z")).toBe("2026-03-29T01:30:00.000Z");
    expect(opens({ day: ["monday"], time: "any", timezone: "Asia/Tokyo" }, "2026-01-04T15:30:00Z")).toBe("2026-01-04T15:30:00.000Z");
    expect(opens({ day: ["monday"], time: ["10:00", "10:00"] }, "2026-01-05T03:00:00Z")).toBe("2026-01-05T03:00:00.000Z");
    expect(opens({ day: [], time: "any" }, "2026-01-05T03:00:00Z")).toBe("endless");
    expect(opens({ day: ["Montag"], time: "any" }, "2026-01-05T03:00:00Z")).toBe("endless");
  });

  const waits = (config: Json, scenario: Scenario = {}): [string, number] => {
    const result = run({ steps: [wait("W", config), webhook("M"), webhook("N")], bare: true, edges: [["W", "M", 0], ["W", "N"], ["M", "X"], ["N", "X"]] }, scenario);
    return [result.requests[0]!.step, result.requests[0]!.after];
  };
  const PURCHASE = { events: [{ filters: events("purchase") }], max_wait_duration: "1d" };
  it("3.5: an event or the condition, whichever comes; strangers do not count", () => {
    const both = { ...PURCHASE, condition: { filters: properties(person("paid", ["true"])) } };
    expect(waits(both, { events: [{ event: "purchase", at: "+2h" }] })).toEqual(["M", 2 * HOUR]);
    expect(waits(both, { personUpdates: [{ at: "+3h", set: { paid: true } }] })).toEqual(["M", 3 * HOUR]);
    expect(waits(both, { events: [{ event: "purchase", at: "+2h", distinctId: "stranger" }], others: [{ distinctId: "stranger" }] })).toEqual(["N", DAY]);
    expect(waits(both, { events: [{ event: "other", at: "+2h" }] })).toEqual(["N", DAY]);
    expect(waits({ ...PURCHASE, events: [{ filters: properties(person("paid", ["true"])) }] }, { personUpdates: [{ at: "+1h", set: { paid: true } }] })).toEqual(["N", DAY]);
  });

  it("3.5: an update of the person satisfies only entries that take any event", () => {
    const any = { events: [{ filters: { events: [{ id: null, type: "events", properties: [person("paid", ["true"])] }] } }], max_wait_duration: "1d" };
    expect(waits(any, { personUpdates: [{ at: "+3h", set: { paid: true } }] })).toEqual(["M", 3 * HOUR]);
  });

  it("3.5: a condition on variables is judged on entry alone; cohorts have no members among signals", () => {
    const variable = { condition: { filters: properties({ key: "n", value: 1, operator: "exact", type: "workflow_variable" }) }, max_wait_duration: "1h" };
    expect(waits(variable, { variables: { n: 1 } })).toEqual(["M", 0]);
    const cohort = (operator: string): Json => ({ condition: { filters: properties({ key: "id", value: 1, operator, type: "cohort" }) }, max_wait_duration: "1h" });
    expect(waits(cohort("in"), { cohorts: [], events: [{ event: "any", at: "+10m" }] })).toEqual(["N", HOUR]);
    expect(waits(cohort("not_in"), { cohorts: [1], events: [{ event: "any", at: "+10m" }] })).toEqual(["M", 10 * MINUTE]);
  });

  it("3.5: a missing longest wait waits for nobody, one that cannot be read is an error; clamps hold", () => {
    expect(waits({ events: PURCHASE.events })).toEqual(["N", 0]);
    expect(waits({ ...PURCHASE, max_wait_duration: "48h" })).toEqual(["N", DAY]);
    expect(waits({ ...PURCHASE, max_wait_duration: "a day" })).toEqual(["N", 0]);
  });

  it("3.5: the person is read anew, without the event's $set; a signal at the very end comes too late", () => {
    const scenario: Scenario = { trigger: { event: "signup", properties: { $set: { plan: "pro" } } }, personUpdates: [{ at: "+1m", set: { plan: "free" } }] };
    const config = { condition: { filters: properties(person("plan", ["pro"])) }, max_wait_duration: "1h" };
    const result = run({ steps: [delay("D", "2m"), wait("W", config), webhook("M")], bare: true, edges: [["D", "W"], ["W", "M", 0], ["W", "X"], ["M", "X"]] }, scenario);
    expect(path(result)).toEqual(["D", "W", "X"]);
    expect(waits(PURCHASE, { events: [{ event: "purchase", at: "+1d" }] })).toEqual(["N", DAY]);
    expect(waits(PURCHASE, { events: [{ event: "purchase", at: "+86399s" }] })[0]).toBe("M");
  });

  it("3.5: a merge wakes the run for a re-check", () => {
    const condition = { condition: { filters: properties(person("paid", ["true"])) }, max_wait_duration: "1d" };
    const scenario: Scenario = { person: { distinctId: "known", properties: { paid: true } }, trigger: { event: "signup", distinctId: "anonymous" }, merges: [{ at: "+2h", distinctId: "anonymous" }] };
    expect(waits(condition, scenario)).toEqual(["M", 2 * HOUR]);
    expect(waits(condition, { ...scenario, merges: [] })).toEqual(["N", DAY]);
  });

  it("3.5, V1 older: waits look every ten minutes, and no signal wakes them", () => {
    const condition = { condition: { filters: properties(person("paid", ["true"])) }, max_wait_duration: "1d" };
    const older = { waitsPollEvery10Minutes: true };
    expect(waits(condition, { older, personUpdates: [{ at: "+4m", set: { paid: true } }] })).toEqual(["M", 10 * MINUTE]);
    expect(waits(PURCHASE, { older, events: [{ event: "purchase", at: "+2h" }] })).toEqual(["N", DAY]);
  });

  it("3.5: what comes of a match for variables", () => {
    const result = run({ steps: [wait("W", PURCHASE, { output_variable: { key: "w" } }), webhook("M")], bare: true, edges: [["W", "M", 0], ["W", "X"], ["M", "X"]] }, { events: [{ event: "purchase", at: "+1h" }] });
    expect(result.variables).toEqual({ w: { eventMatched: true } });
  });

  it("3.6: an error in a condition counts as no match", () => {
    const result = run({ steps: [branch("B", [properties({ key: "nobody.knows", type: "hogql" }), properties(person("p", "a"))]), webhook("A"), webhook("C")], bare: true, edges: [["B", "A", 0], ["B", "C", 1], ["B", "X"], ["A", "X"], ["C", "X"]] }, { person: { properties: { p: "a" } } });
    expect(path(result)).toEqual(["B", "C", "X"]);
  });

  it("3.7: a split draws anew each time, and says which step it chose", () => {
    const result = run({ steps: [{ ...split("S", [50, 50]), output_variable: { key: "s" } }, webhook("A"), webhook("C")], bare: true, edges: [["S", "A", 0], ["S", "C", 1], ["A", "X"], ["C", "X"]] }, { random: () => 0.9 });
    expect(result.variables).toEqual({ s: { assigned_cohort: "C" } });
    const older = run({ steps: [split("S", [30, 30]), webhook("A"), webhook("C")], bare: true, edges: [["S", "A", 0], ["S", "C", 1], ["A", "X"], ["C", "X"]] }, { random: () => 0.55, older: { splitOutOf100: true } });
    expect(path(older)).toEqual(["S", "C", "X"]);
  });

  it("3.8: requests: three tries for failures that may pass, redirects fail, inputs build on inputs", () => {
    const attempts = (status: number): [number, string] => {
      const { requests, steps } = run({ steps: [webhook("W")] }, { http: { W: status } });
      return [requests[0]!.attempts, steps[0]!.outcome];
    };
    expect(attempts(500)).toEqual([3, "failed"]);
    expect(attempts(429)).toEqual([3, "failed"]);
    expect(attempts(404)).toEqual([1, "failed"]);
    expect(attempts(302)).toEqual([1, "failed"]);
    expect(attempts(0)).toEqual([3, "failed"]);
    const recovered = run({ steps: [webhook("W", { output_variable: { key: "r" } })] }, { http: { "https://example.com": [503, { status: 200, body: { ok: true } }] } });
    expect(recovered.variables).toEqual({ r: { status: 200, body: { ok: true } } });
    expect(recovered.requests[0]).toMatchObject({ attempts: 2, method: "POST" });
    const built = run({ steps: [webhook("W", {}, { body: { value: "{inputs.url}/x" } })] });
    expect(built.requests[0]!.body).toBe("https://example.com/W/x");
  });

  it("3.8: an unset variable renders empty, with a warning; an unknown root is an error; secrets are nowhere", () => {
    const unset = run({ steps: [webhook("W", {}, { ...BODY("[{variables.coupon}]"), signing_secret: { value: "s3cr3t" } })] });
    expect(unset.requests[0]!.body).toBe("[]");
    expect(unset.runs[0]!.log.find(({ level }) => level === "warn")?.message).toContain("not set for this run: coupon");
    expect(JSON.stringify(unset.runs)).not.toContain("s3cr3t");
    expect(run({ steps: [webhook("W", {}, BODY("{nobody.knows}"))] }).steps[0]!.outcome).toBe("failed");
  });

  const mail = (value: Json = {}, scenario: Scenario = {}, config: Json = {}): Simulation => run({ steps: [email("M", value, {}, config), webhook("W")] }, { person: ADA, ...scenario });
  it("3.9: what stops an e-mail, and what comes of it", () => {
    const skipped = (scenario: Scenario, config: Json = {}, value: Json = {}): [string | undefined, string[]] => {
      const result = mail(value, scenario, config);
      expect(result.requests, "the run goes on").toHaveLength(1);
      return [result.skipped[0]?.reason, metrics(result).filter((name) => name.endsWith("(M)"))];
    };
    expect(skipped({ preferences: { suppressed: ["ADA@example.com"] } })).toEqual([expect.stringContaining("suppression"), ["email_suppressed(M)", "succeeded(M)"]]);
    expect(skipped({ preferences: { optedOut: "all" } })).toEqual([expect.stringContaining("opted out"), ["succeeded(M)"]]);
    expect(skipped({ preferences: { optedOut: ["other"] } }, { message_category_id: "news" })).toEqual([undefined, ["email_queued(M)", "email_sent(M)", "billable_invocation(M)", "succeeded(M)"]]);
    expect(skipped({ preferences: { undeliverable: ["ada@example.com"] } })[1]).toEqual(["email_bounce_prevented(M)", "succeeded(M)"]);
    expect(skipped({ preferences: { suppressed: ["boss@example.com"] } }, {}, { cc: "boss@example.com" })[1]).toContain("email_suppressed(M)");
    expect(mail({}, { senders: [8] }).steps[0]).toMatchObject({ outcome: "failed", error: expect.stringContaining("not verified") });
    expect(mail({ from: {} }).steps[0]!.outcome).toBe("failed");
    expect(metrics(mail({}, {}, { tracking_enabled: false }))).toContain("email_untracked(M)");
  });

  it("3.9: what is sent", () => {
    const [message] = mail({ from: { integrationId: 7, name: "Team {{ variables.x }}" }, to: { email: "{{ person.properties.email }}", name: "A" }, subject: "Line\nbreak", html: "<a href='{{ unsubscribe_url }}'>{{ person.properties.name }}</a>", text: "T", replyTo: "r@example.com" }, { person: { properties: { email: "ada@example.com", name: "<Ada>" } }, variables: { x: "1" } }, { message_category_type: "transactional", message_category_id: "c" }).messages;
    expect(message).toMatchObject({ to: "ada@example.com", subject: "Linebreak", replyTo: "r@example.com", sender: { integrationIds: [7], name: "Team 1" }, categoryType: "transactional", category: "c", channel: "email", tracked: true });
    expect(message!.html).toContain("&lt;Ada&gt;");
    expect(message!.html).toContain("to=ada%40example.com");
    expect(mail({ subject: "{% include 'x' %}" }).end.how).toBe("not_simulated");
    expect(mail({ subject: "{{ broken" }).steps[0]!.outcome).toBe("failed");
  });

  it("3.9: the rate limit delays, and drops nothing; what was rendered is sent", () => {
    const result = run({ steps: [email("M", { subject: "{{ person.properties.plan }}" })], settings: { email_sending_rate_limit: { count: 60, period: "minute" } } }, {
      person: { properties: { email: "a@example.com", plan: "free" } }, events: [{ event: "signup", at: "+0s" }, { event: "signup", at: "+0s" }], personUpdates: [{ at: "+500ms", set: { plan: "pro" } }].map(() => ({ at: Date.UTC(2026, 0, 5, 9, 0, 0, 500), set: { plan: "pro" } })),
    });
    expect(result.messages.map(({ after, subject }) => [after, subject])).toEqual([[0, "free"], [1_000, "free"], [2_000, "free"]]);
  });

  it("3.9: texts and pushes", () => {
    const sms = { id: "S", name: "S", type: "function_sms", config: { template_id: "template-twilio", inputs: { twilio_account: { value: 4 }, from_number: { value: "+1" }, to_number: { value: "{person.properties.phone}" }, message: { value: "Hi {person.properties.name}" } } } };
    const texted = run({ steps: [sms] }, { person: { properties: { phone: "+49", name: "Ada" } } });
    expect(texted.messages[0]).toMatchObject({ channel: "sms", to: "+49", body: "Hi Ada", sender: { number: "+1" } });
    expect(run({ steps: [sms] }).steps[0]!.outcome).toBe("failed");
    expect(run({ steps: [sms] }, { person: { properties: { phone: "+49" } }, preferences: { optedOut: "all" } }).messages).toEqual([]);
    const push = { id: "P", name: "P", type: "function_push", config: { template_id: "template-native-push", inputs: { distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" }, channels: { value: [3, 4] }, title: { value: "Hello" }, body: { value: "{{ person.properties.name }}" } } } };
    const pushed = run({ steps: [push] }, { person: { properties: { name: "Ada" } }, pushChannels: [4] });
    expect(pushed.messages[0]).toMatchObject({ channel: "push", subject: "Hello", body: "Ada", sender: { channels: [4] }, to: "person-1" });
    expect(metrics(pushed).slice(0, 2)).toEqual(["push_skipped(P)", "push_sent(P)"]);
    expect(run({ steps: [push] }, { pushChannels: [] })).toMatchObject({ messages: [], steps: [{ outcome: "skipped" }, {}] });
  });

  it("3.10: lists, entries without a key, spread of what is no map, falsy results", () => {
    const stored = (output_variable: unknown, body: unknown = { id: 7, n: null }): unknown => run({ steps: [webhook("W", { output_variable })] }, { http: { W: { body } } }).variables;
    expect(stored([{ key: "a", result_path: "body.id" }, { result_path: "body" }, { key: "b", result_path: "status" }])).toEqual({ a: 7, b: 200 });
    expect(stored({ key: "a", result_path: "body.gone.deep" })).toEqual({ a: null });
    expect(stored({ key: "a", result_path: "body.id", spread: true })).toEqual({ a: 7 });
    expect(run({ steps: [webhook("W", { output_variable: { key: "a" } })] }, { http: { W: 500 } }).variables).toEqual({});
    // What was there under the key before is gone, too.
    expect(run({ steps: [webhook("W", { output_variable: { key: "a", result_path: "body" } })] }, { variables: { a: "old", b: 1 }, http: { W: { body: "x".repeat(5_200) } } }).variables).toEqual({ b: 1 });
    expect(stored({ key: "a", result_path: "body" }, "x".repeat(5_100))).toEqual({ a: "x".repeat(5_100) });
  });
});

describe("§4 ends", () => {
  const goal = (more: Json): Json => ({ exit_condition: "exit_on_conversion", conversion: { filters: [], events: [{ filters: events("paid") }], ...more } });
  it("4.1: the default without a goal never exits early; a goal among row-scoped runs is not asked", () => {
    expect(run({ steps: [delay("D", "1d")], settings: { exit_condition: "exit_on_conversion" } }).end.how).toBe("exit");
    const either = { ...goal({}), exit_condition: "exit_on_trigger_not_matched_or_conversion" };
    expect(run({ steps: [delay("D", "1d")], settings: either }, { events: [{ event: "paid", at: "+1h" }] }).end.how).toBe("conversion");
  });

  it("4.1: a goal ends a run that is parked on any step, at once; not one of somebody else, nor without an event's name", () => {
    expect(run({ steps: [wait("W", { events: [{ filters: events("x") }], max_wait_duration: "1d" })], settings: goal({}) }, { events: [{ event: "paid", at: "+1h" }] }).end).toMatchObject({ how: "conversion", after: HOUR });
    expect(run({ steps: [delay("D", "1d")], settings: goal({}) }, { others: [{ distinctId: "b" }], events: [{ event: "paid", at: "+1h", distinctId: "b" }] }).end.how).toBe("exit");
    expect(run({ steps: [delay("D", "1d")], settings: { exit_condition: "exit_on_conversion", conversion: { filters: [], events: [{ filters: properties(person("p", "a")) }] } } }, { person: { properties: { p: "a" } }, events: [{ event: "any", at: "+1h" }] }).end.how).toBe("exit");
  });

  it("4.1: an event goal wakes nobody in a flow that does not exit on conversion", () => {
    const result = run({ steps: [delay("D", "1d")], settings: { ...goal({}), exit_condition: "exit_only_at_end" } }, { events: [{ event: "paid", at: "+3h" }] });
    expect(result.steps[0]!.parks).toHaveLength(1);
  });

  const counted = (settings: Json, scenario: Scenario): number => run({ steps: [webhook("W")], settings: { ...settings, exit_condition: "exit_only_at_end" } }, scenario).runs[0]!.conversions.length;
  it("4.2: conversions count once, within the window, also after the run", () => {
    const paid = (...days: number[]): Scenario => ({ events: days.map((day) => ({ event: "paid", at: `+${day}d` })) });
    expect(counted(goal({}), paid(80, 81))).toBe(1);
    expect(counted(goal({}), paid(91))).toBe(0);
    expect(counted(goal({ window: "7d" }), paid(8))).toBe(0);
    expect(counted(goal({ window: "200d" }), paid(199))).toBe(1);
    expect(counted(goal({ window: "9999d" }), paid(364))).toBe(1);
    expect(counted(goal({ window: "9999d" }), paid(366))).toBe(0);
    expect(counted({ conversion: { filters: [person("paid", ["true"])], events: [] } }, { personUpdates: [{ at: "+3d", set: { paid: true } }] })).toBe(1);
    expect(counted({ conversion: { filters: [person("paid", ["true"])], events: [] } }, { person: { properties: { paid: true } } })).toBe(1);
  });

  it("4.3: a deleted flow fails its runs, unless they were cancelled", () => {
    expect(run({ steps: [delay("D", "2h")] }, { edits: [{ at: "+1h", status: "deleted" }] }).end).toMatchObject({ status: "failed" });
    expect(run({ steps: [delay("D", "2h")] }, { edits: [{ at: "+1h", status: "deleted" }], cancelAt: "+1h" }).end.status).toBe("cancelled");
  });

  it("4.4: a run follows the live definition", () => {
    const edited = (before: Json[], now: Json[], more: Scenario = {}): Simulation => run({ steps: before }, { edits: [{ at: "+10m", flow: flow({ steps: now, ...((more as { bare?: boolean }).bare ? { bare: true } : {}) }) }], ...more });
    expect(edited([delay("D", "1h"), webhook("W")], [delay("D", "1h"), webhook("V")]).requests[0]!.step).toBe("V");
    expect(after(edited([delay("D", "1h"), webhook("W")], [timeWindow("D", { day: "any", time: "any" }), webhook("W")]), "W")).toEqual([11 * MINUTE]);
    expect(after(edited([timeWindow("D", { day: "any", time: ["12:00", "13:00"] }), webhook("W")], [timeWindow("D", { day: "any", time: ["08:00", "13:00"] }), webhook("W")]), "W")).toEqual([11 * MINUTE]);
    const removed = run({ steps: [delay("D", "1h"), webhook("W")] }, { edits: [{ at: "+10m", flow: flow({ steps: [delay("D", "1h"), webhook("W")], bare: true }) }] });
    expect(removed.end).toMatchObject({ how: "workflow_changed", after: HOUR });
    // The sweep is an assumption, and is named.
    expect(edited([delay("D", "1h")], [delay("D", "30m")]).notSimulated.join()).toContain("sweep");
    const goals = run({ steps: [delay("D", "1h"), webhook("W")] }, { person: { properties: { paid: true } }, edits: [{ at: "+10m", flow: flow({ steps: [delay("D", "1h"), webhook("W")], settings: { exit_condition: "exit_on_conversion", conversion: { filters: [person("paid", ["true"])], events: [] } } }) }] });
    expect(goals.end.how).toBe("conversion");
  });
});

describe("§6 templates", () => {
  it("6.1: one expression keeps its type, leaf by leaf; text around it is concatenated", () => {
    const body = { age: "{person.properties.age}", text: "age {person.properties.age}, {person.properties.none}", "{person.properties.key}": ["{true}", "\\{x}"] };
    expect(run({ steps: [webhook("W", {}, BODY(body))] }, { person: { properties: { age: 7, key: "k" } } }).requests[0]!.body).toEqual({ age: 7, text: "age 7, ", k: [true, "{x}"] });
  });

  it("6.3: what templates see", () => {
    const shown = (expression: string, scenario: Scenario = {}): unknown => run({ steps: [webhook("W", {}, BODY(expression))] }, scenario).requests[0]?.body;
    expect(shown("{event.event} {event.distinct_id} {event.properties.plan}", { trigger: { event: "signup", properties: { plan: "pro" } } })).toBe("signup person-1 pro");
    expect(shown("{person.name} {person.distinct_id}", { person: ADA })).toBe("ada@example.com person-1");
    expect(shown("{groups.company.id} {groups.company.index}", { groups: { company: { index: 2, key: "acme" } } })).toBe("acme 2");
    expect(shown("{source.name}")).toBe("Flow");
    expect(shown("{request.body}")).toBeUndefined();
  });

  it("6.3: a Hog text that reads a person where there is none is not simulated", () => {
    const result = simulate(flow({ trigger: { type: "schedule" }, steps: [webhook("W", {}, BODY("{person.properties.email}"))] }));
    expect(result.end.how).toBe("not_simulated");
    expect(result.notSimulated.join()).toContain("person");
    expect(result.timeline()).toContain("not simulated");
  });
});

describe("what cannot be known", () => {
  const UNKNOWN = { key: "fetch('https://example.com')", type: "hogql" };
  it("is named, wherever it stands", () => {
    const told = (result: Simulation): string => result.notSimulated.join();
    const inWait = run({ steps: [wait("W", { condition: { filters: properties(person("p", "a"), UNKNOWN) }, max_wait_duration: "1h" })] });
    expect(inWait.end.how).toBe("not_simulated");
    expect(told(inWait)).toContain("`fetch`");
    const onSignal = run({ steps: [wait("W", { events: [{ filters: { ...events("e"), properties: [UNKNOWN] } }], max_wait_duration: "1h" })] }, { events: [{ event: "e", at: "+1m" }] });
    expect(told(onSignal)).toContain("`fetch`");
    expect(onSignal.end).toMatchObject({ how: "exit", after: HOUR });
    const inTrigger = run({ trigger: { type: "event", filters: properties(UNKNOWN) }, steps: [] });
    expect([inTrigger.end.how, told(inTrigger)]).toEqual(["not_started", expect.stringContaining("`fetch`")]);
    const inAudience = simulate(flow({ trigger: { type: "batch", filters: { properties: [UNKNOWN] } }, steps: [] }));
    expect([inAudience.end.how, told(inAudience)]).toEqual(["not_started", expect.stringContaining("`fetch`")]);
  });
});

describe("§7 schedules and batches", () => {
  const weekly = { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-03-02T08:00:00Z", timezone: "Europe/Berlin" };
  it("7.1: occurrences keep their local time, and a flow that is off misses them", () => {
    const times = (scenario: Scenario = {}): string[] => simulate(flow({ trigger: { type: "schedule" }, steps: [webhook("W")] }), { clock: "2026-03-20", schedule: { ...weekly, occurrences: 3 }, ...scenario }).requests.map(({ at }) => at);
    expect(times()).toEqual(["2026-03-23T08:00:00.000Z", "2026-03-30T07:00:00.000Z", "2026-04-06T07:00:00.000Z"]);
    expect(times({ edits: [{ at: "2026-03-24", status: "draft" }, { at: "2026-04-01", status: "active" }] })).toEqual(["2026-03-23T08:00:00.000Z", "2026-04-06T07:00:00.000Z"]);
    expect(() => times({ schedule: { ...weekly, rrule: "WEEKLY" } })).toThrow("schedule.rrule");
  });

  it("7.2: a scheduled run has no person; its e-mail needs a recipient", () => {
    const send = (to: string): Simulation => simulate(flow({ trigger: { type: "schedule" }, steps: [email("M", { to })], settings: { variables: [{ key: "team", default: "team@example.com" }] } }));
    expect(send("{{ variables.team }}").messages[0]!.to).toBe("team@example.com");
    expect(send("{{ person.properties.email }}").steps[0]!.outcome).toBe("failed");
    expect(simulate(flow({ trigger: { type: "schedule" }, steps: [branch("B", [properties(person("p", undefined, "is_not_set"))]), webhook("A")], bare: true, edges: [["B", "A", 0], ["A", "X"]] })).requests).toHaveLength(1);
  });

  it("7.3: one run for each person of the audience, asked when the job runs; masking for each", () => {
    const batch = { type: "batch", filters: { properties: [person("plan", ["trial"])] } };
    const definition = flow({ trigger: batch, steps: [delay("D", "1d"), webhook("W")], settings: { exit_condition: "exit_on_trigger_not_matched", trigger_masking: { hash: "{person.id}" } } });
    const result = simulate(definition, {
      person: { distinctId: "a", properties: { plan: "trial" } }, others: [{ distinctId: "b", properties: { plan: "trial" } }, { distinctId: "c", properties: { plan: "pro" } }],
      clock: "2026-03-20", schedule: { ...weekly, occurrences: 2 }, personUpdates: [{ at: "2026-03-23T09:00:00Z", set: { plan: "pro" }, distinctId: "b" }],
    });
    expect(result.runs.map(({ person }) => person)).toEqual(["a", "b"]);
    // Who leaves the audience while in the flow stays in the flow.
    expect(result.requests).toHaveLength(2);
    expect(result.attempts.map(({ outcome }) => outcome)).toEqual(["started", "started", "filtered", "masked", "filtered", "filtered"]);
  });

  it("7.3: accounts", () => {
    const result = simulate(flow({ trigger: { type: "batch", filters: { properties: [{ key: "tier", value: "gold", type: "group", group_type_index: 0 }], audience_type: "accounts" } }, steps: [webhook("W", {}, BODY("{event.distinct_id}"))] }), { groups: { company: { key: "acme", properties: { tier: "gold" } } } });
    expect(result.requests[0]!.body).toBe("acme");
    expect(result.runs[0]!.person).toBeUndefined();
    expect(result.notSimulated.join()).toContain("accounts");
  });
});

describe("§8 log lines", () => {
  it("open as PostHog's do, in their order", () => {
    const result = run({ steps: [delay("D", "1h"), webhook("W", { output_variable: { key: "r", result_path: "status" } })] }, { person: ADA });
    expect(result.runs[0]!.log.map(({ level, message }) => `${level} ${message.split(" [")[0]!.slice(0, 40)}`)).toEqual([
      "info Starting workflow execution at trigger f", "debug Executing action", "info Workflow will pause until 2026-01-05T10:", "info Resuming workflow execution at", "debug Executing action", "info Workflow moved to action",
      "debug Executing action", "debug Stored action result in variable(s): r", "info Workflow moved to action", "debug Executing action", "info Workflow completed",
    ]);
    const woken = run({ steps: [wait("W", { events: [{ filters: events("purchase") }], max_wait_duration: "1d" })], edges: [["W", "X", 0]] }, { events: [{ event: "purchase", at: "+1h" }] });
    expect(woken.runs[0]!.log.some(({ message }) => message.includes("(woken by event)"))).toBe(true);
    const failing = run({ steps: [webhook("W", { on_error: "abort" })] }, { http: { W: 500 } });
    expect(failing.runs[0]!.log.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual(["Request failed with status 500", "[Action:W] Errored: Request failed with status 500", "Workflow encountered an error: Request failed with status 500 at [Action:W]"]);
  });
});

describe("§11 the order at one instant", () => {
  it("is by rank, then as planned", () => {
    const queue = new Queue<string>();
    for (const [time, rank, what] of [[2, RANK.edit, "later"], [1, RANK.wake, "wake"], [1, RANK.update, "update"], [1, RANK.event, "event"], [1, RANK.event, "second event"], [1, RANK.edit, "edit"]] as const) queue.push(time, rank, what);
    expect(Array.from({ length: 7 }, () => queue.pop()?.what)).toEqual(["edit", "event", "second event", "update", "wake", "later", undefined]);
  });

  it("is events, updates of people, then wakes", () => {
    // At its very deadline a wait is no longer parked in the future, but its last look sees the update.
    const config = { condition: { filters: properties(person("paid", ["true"])) }, max_wait_duration: "1h" };
    const result = run({ steps: [wait("W", config), webhook("M")], bare: true, edges: [["W", "M", 0], ["W", "X"], ["M", "X"]] }, { personUpdates: [{ at: "+1h", set: { paid: true } }] });
    expect(path(result)).toEqual(["W", "M", "X"]);
  });
});

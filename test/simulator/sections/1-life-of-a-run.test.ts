// What starts a run, and with what (run time §1).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario, type Simulation } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import { ADA, BODY, delay, events, flow, HOUR, person, properties, run, told, webhook } from "../flows";

describe("§1 life of a run", () => {
  it("1.1: rows and internal events have no person, also with a distinct id", () => {
    const row = simulate(
      flow({
        trigger: {
          type: "data-warehouse-table",
          table_name: "stripe.invoice",
          filters: { properties: [{ key: "amount", value: 5, operator: "gt", type: "event" }] },
        },
        steps: [
          webhook("W", {}, BODY({ amount: "{event.properties.amount}", table: "{event.properties.$source_table}" })),
        ],
      }),
      { person: ADA, trigger: { row: { amount: 10 } } },
    );
    expect(row.requests[0]!.body).toEqual({ amount: 10, table: "stripe.invoice" });
    expect(row.runs[0]!.person).toBeUndefined();
    const trigger = {
      type: "internal-event",
      filters: {
        source: "internal-events",
        events: [{ id: "$slack_message_received", type: "events" }],
        properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }],
      },
    };
    const internal = (event: string, channel: string): Simulation =>
      simulate(flow({ trigger, steps: [webhook("W")] }), { person: ADA, trigger: { event, properties: { channel } } });
    expect(internal("$slack_message_received", "C1").runs[0]!.person).toBeUndefined();
    expect(internal("$slack_message_received", "C2").end.how).toBe("not_started");
    // Neither starts a flow of the other's kind.
    expect(internal("signup", "C1").end.how).toBe("not_started");
  });

  it("1.2: the trigger's filter sees the person as of the event, its own $set included", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["pro"])) } };
    expect(
      run({ trigger, steps: [] }, { trigger: { event: "signup", properties: { $set: { plan: "pro" } } } }).runs,
    ).toHaveLength(1);
    expect(
      run(
        { trigger, steps: [] },
        {
          person: { properties: { plan: "free" } },
          trigger: { event: "signup", properties: { $set_once: { plan: "pro" } } },
        },
      ).runs,
    ).toHaveLength(0);
    const filtered = run({ trigger, steps: [] });
    expect(filtered.metrics.map(({ name }) => name)).toEqual(["filtered"]);
    expect(run({ steps: [] }).metrics.map(({ name }) => name)).toEqual(["triggered"]);
  });

  const DEFAULTS = {
    variables: [
      { key: "none", default: "" },
      { key: "zero", default: 0 },
      { key: "off", default: false },
      { key: "text", default: "x" },
    ],
  };
  it("1.3: events make falsy defaults null, schedules keep them; unknown keys are kept", () => {
    expect(run({ steps: [], settings: DEFAULTS }, { variables: { more: 1 } }).variables).toEqual({
      none: null,
      zero: null,
      off: null,
      text: "x",
      more: 1,
    });
    expect(
      simulate(flow({ trigger: { type: "schedule" }, steps: [], settings: DEFAULTS }), {
        schedule: { rrule: "FREQ=DAILY", startsAt: "2026-01-06T09:00:00Z", variables: { text: "y" } },
      }).variables,
    ).toEqual({ none: "", zero: 0, off: false, text: "y" });
  });

  it("1.4: requests are refused in PostHog's order, and mapped before any step", () => {
    const inputs = {
      method: { value: "POST" },
      event: { value: "{request.body.event}" },
      distinct_id: { value: "{request.body.id}" },
      properties: { value: { from: "{request.query.from}", agent: "{request.headers['user-agent']}" } },
    };
    const hook = (more: Json = {}): Json =>
      flow({
        trigger: { type: "webhook", inputs: { ...inputs, ...more } },
        steps: [webhook("W", {}, BODY("{event.properties.from} {event.properties.agent} {event.properties.$lib}"))],
      });
    const status = (definition: Json, request: object): number | undefined =>
      simulate(definition, { trigger: { request } }).attempts[0]!.answer?.status;
    const body = { event: "e", id: "person-1" };
    expect(status(hook(), { body, method: "GET" })).toBe(405);
    expect(status(hook({ method: { value: "GET" } }), { body, method: "GET" })).toBe(201);
    // Without a method no request fits, whatever the rest says; what the input says is not compiled.
    for (const method of ["POST", "GET"])
      expect(status(hook({ method: undefined, auth_header: { value: "t" } }), { body, method })).toBe(405);
    expect(status(hook({ method: { value: "{request.method}" } }), { body })).toBe(405);
    expect(status(hook(), { body: { id: "a" } })).toBe(400);
    expect(status(hook(), { body: { ...body, more: "x".repeat(512_001) } })).toBe(413);
    expect(status(hook({ auth_header: { value: "" } }), { body })).toBe(201);
    expect(
      simulate(hook(), {
        trigger: {
          request: { body, query: { from: "shop" }, headers: { "User-Agent": "curl", "X-Forwarded-For": "1" } },
        },
      }).requests[0]!.body,
    ).toBe("shop curl ");
    const asked = (from: unknown): unknown =>
      simulate(hook({ properties: { value: { from: "{typeof(request.query.from)} {request.query.from}" } } }), {
        trigger: { request: { body, query: { from } as never } },
      }).requests[0]!.body;
    expect([asked(7), asked(["shop", "mail"])]).toEqual(["string 7  ", "string shop,mail  "]);
    const header = (name: string): unknown =>
      simulate(hook({ properties: { value: { from: `{request.headers['${name.toLowerCase()}']}` } } }), {
        trigger: { request: { body, headers: { [name]: "1.2.3.4" } } },
      }).requests[0]!.body;
    for (const name of ["X-Forwarded-For", "X-Real-IP", "Cookie", "Referer", "Forwarded"])
      expect(header(name)).toBe("  ");
    for (const name of ["X-Forwarded-Prefix", "User-Agent-Of"]) expect(header(name)).toBe("1.2.3.4  ");
    // Numbers are never empty, and a number will do for an id, not for an event.
    expect(status(hook(), { body: { event: "e", id: 7 } })).toBe(201);
    expect(status(hook(), { body: { event: 7, id: 7 } })).toBe(500);
    // The trigger's inputs have no person, not even null.
    expect(simulate(hook({ event: { value: "{person.id}" } }), { trigger: { request: { body } } })).toMatchObject({
      attempts: [{ answer: { status: 500 } }],
      notSimulated: [],
    });
    const failing = simulate(hook({ event: { value: "{nobody.knows}" } }), { trigger: { request: { body } } });
    expect(failing.metrics.map(({ name }) => name)).toEqual(["trigger_failed"]);
    const inactive = simulate(hook(), { trigger: { request: { body } }, edits: [{ at: "+0s", status: "draft" }] });
    expect(inactive.attempts[0]).toMatchObject({ outcome: "inactive", answer: { status: 404 } });
    // Repeating a request makes a second run, also with masking.
    expect(
      simulate({ ...hook(), trigger_masking: { hash: "{person.id}" } }, { trigger: { request: { body } } }).runs,
    ).toHaveLength(1);
  });

  it("1.5: masking counts by what its hash yields; a falsy one masks nobody; a store that is down masks all", () => {
    const masked = (hash: string, scenario: Scenario = {}): number =>
      run(
        { steps: [], settings: { trigger_masking: { hash, ttl: 3600 } } },
        { events: [{ event: "signup", at: "+1m", properties: { cart: 2 } }], ...scenario },
      ).runs.length;
    expect(masked("{person.id}")).toBe(1);
    expect(masked("{event.properties.cart}")).toBe(2);
    expect(masked("{event.event}")).toBe(1);
    expect(masked("{person.properties.none}")).toBe(2);
    expect(masked("{person.id}", { maskingStoreDown: true })).toBe(0);
    expect(
      masked("{person.id}", {
        others: [{ distinctId: "b" }],
        events: [{ event: "signup", at: "+1m", distinctId: "b" }],
      }),
    ).toBe(2);
    expect(
      run(
        { steps: [], settings: { trigger_masking: { hash: "{person.id}", ttl: 3600 } } },
        { events: [{ event: "signup", at: "+1m" }] },
      ).metrics.map(({ name }) => name),
    ).toEqual(["triggered", "masked"]);
  });

  it("1.5: a hash that is a map counts everybody together, and so does one in a list; one that fails masks nobody", () => {
    const started = (hash: string): number =>
      run(
        { steps: [], settings: { trigger_masking: { hash, ttl: 3600 } } },
        {
          person: { properties: { a: 1 } },
          others: [{ distinctId: "b", properties: { a: 2 } }],
          events: [{ event: "signup", at: "+1m", distinctId: "b" }],
        },
      ).runs.length;
    expect([
      started("{person.properties}"),
      started("{[person.properties]}"),
      started("{[person.id]}"),
      started("{today()}"),
    ]).toEqual([1, 1, 2, 1]);
    expect(started("{nobody.knows}")).toBe(2);
  });

  it("1.1: each trigger is started by signals of its own kind", () => {
    const anySlack = {
      type: "internal-event",
      filters: {
        source: "internal-events",
        properties: [{ key: "channel", value: ["C1"], operator: "exact", type: "event" }],
      },
    };
    const analytics = simulate(flow({ trigger: anySlack, steps: [] }), {
      trigger: { event: "signup", properties: { channel: "C1" } },
    });
    expect(analytics.attempts[0]).toMatchObject({
      outcome: "refused",
      what: expect.stringContaining("internal-event"),
    });
    expect(() => simulate(flow({ trigger: { type: "schedule" }, steps: [] }), { trigger: "signup" })).toThrow(
      "A schedule starts a",
    );
    expect(() => run({ steps: [] }, { trigger: { row: {} } })).toThrow("A row does not start");
    expect(() =>
      simulate(flow({ trigger: { type: "data-warehouse-table", table_name: "t" }, steps: [] }), { trigger: "signup" }),
    ).toThrow("A row starts");
    expect(() => run({ steps: [] }, { trigger: { request: {} } })).toThrow("A request does not start");
  });

  it("1.1: schedules, batches and accounts bring events of their own", () => {
    const shown = webhook("W", {}, BODY("{event.event} {event.distinct_id}"));
    expect(simulate(flow({ trigger: { type: "schedule" }, steps: [shown] })).requests[0]!.body).toMatch(
      /^\$workflow_scheduled workflow-/,
    );
    expect(
      simulate(flow({ trigger: { type: "batch", filters: { properties: [] } }, steps: [shown] })).requests[0]!.body,
    ).toBe("$batch_hog_flow_invocation person-1");
  });

  it("1.2: an event that is delivered twice is named", () => {
    const again = run(
      { steps: [] },
      { trigger: { event: "signup", uuid: "u1" }, events: [{ event: "signup", uuid: "u1", at: "+1m" }] },
    );
    expect(again.runs).toHaveLength(2);
    expect(told(again)).toContain("delivered twice");
    expect(told(run({ steps: [] }, { events: [{ event: "signup", at: "+1m" }] }))).toBe("");
  });

  it("1.3: nothing but requests, schedules and batches brings variables", () => {
    expect(run({ steps: [] }, { variables: { a: 1 } }).warnings.join()).toContain("variables are given (a)");
    expect(simulate(flow({ trigger: { type: "schedule" }, steps: [] }), { variables: { a: 1 } })).toMatchObject({
      warnings: [],
      variables: { a: 1 },
    });
  });

  it("1.4: a webhook that is given its event starts, and says what that leaves out; a request is billed", () => {
    const hook = {
      type: "webhook",
      inputs: {
        method: { value: "POST" },
        event: { value: "{request.body.event}" },
        distinct_id: { value: "{request.body.id}" },
      },
    };
    const given = simulate(flow({ trigger: hook, steps: [webhook("W", {}, BODY("{event.event}"))] }), {
      trigger: "ticket opened",
    });
    expect(given.requests[0]!.body).toBe("ticket opened");
    expect(told(given)).toContain("give a `request`");
    const asked = simulate(flow({ trigger: hook, steps: [] }), {
      trigger: { request: { body: { event: "e", id: "person-1" } } },
    });
    expect(asked.metrics).toContainEqual(expect.objectContaining({ kind: "billing", name: "billable_invocation" }));
  });

  it("1.5: the 1st, 6th and 11th of a threshold of five; each window counts anew; a day is a hash", () => {
    const started = (masking: Json, minutes: number[]): number[] => {
      const { attempts } = run(
        { steps: [], settings: { trigger_masking: { hash: "{person.id}", ...masking } } },
        { events: minutes.map((minute) => ({ event: "signup", at: `+${minute}m` })) },
      );
      return attempts.flatMap(({ outcome }, i) => (outcome === "started" ? [i + 1] : []));
    };
    const minutes = Array.from({ length: 11 }, (_, i) => i + 1);
    expect(started({ threshold: 5 }, minutes)).toEqual([1, 6, 11]);
    expect(started({ threshold: 5, ttl: 240 }, minutes)).toEqual([1, 5, 9]);
    // A length of nothing is one second, and none is three years.
    expect(started({ ttl: 0 }, [0, 1])).toEqual([1, 3]);
    expect(started({ ttl: null }, [60 * 24 * 365 * 2])).toEqual([1]);
    expect(started({ hash: "{concat(person.id, formatDateTime(now(), '%Y-%m-%d'))}" }, [60, 15 * 60 + 1])).toEqual([
      1, 3,
    ]);
  });

  it("1.6: the same person runs as often as the trigger matches, each run with its own event", () => {
    const result = run(
      { steps: [delay("D", "1h"), webhook("W", {}, BODY("{event.properties.n}"))] },
      {
        trigger: { event: "signup", properties: { n: 1 } },
        events: [{ event: "signup", at: "+10m", properties: { n: 2 } }],
      },
    );
    expect(result.requests.map(({ body, after }) => [body, after])).toEqual([
      [1, HOUR],
      [2, HOUR],
    ]);
  });
});

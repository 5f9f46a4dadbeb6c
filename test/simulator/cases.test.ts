// The cases of the run-time reference (run time §9), by number.
import { describe, expect, it } from "vitest";
import { simulate, type Run, type Scenario, type Simulation } from "../../testing";
import {
  branch,
  delay,
  email,
  events,
  flow,
  person,
  properties,
  split,
  timeWindow,
  until,
  wait,
  webhook,
  type Chain,
} from "./flows";

const run = (chain: Chain, scenario: Scenario = {}): Simulation =>
  simulate(flow(chain), { trigger: "signup", ...scenario });
const path = ({ steps }: Pick<Run, "steps">): string[] => steps.map(({ id }) => id);
const reached = (simulation: Simulation): string[] => path(simulation);
const parks = (simulation: Simulation, id: string): string[] =>
  simulation.steps.filter((step) => step.id === id).flatMap(({ parks }) => parks.map(({ until }) => until));
const metrics = (simulation: Simulation): string[] =>
  simulation.runs[0]!.metrics.map(({ name, step }) => (step === undefined ? name : `${name}(${step})`));
const requests = (simulation: Simulation): string[] => simulation.requests.map(({ step }) => step);
const at = (time: string): string => new Date(time).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("cases of run time §9", () => {
  it("1: a webhook that answers 200", () => {
    const result = run({ steps: [webhook("W")] });
    expect(reached(result)).toEqual(["W", "X"]);
    expect(requests(result)).toEqual(["W"]);
    expect(metrics(result)).toEqual(["fetch(W)", "billable_invocation(W)", "succeeded(W)", "succeeded(X)"]);
    expect(result.end).toMatchObject({ how: "exit", status: "completed" });
  });

  it("2: a step whose own filters do not match is skipped", () => {
    const result = run({ steps: [webhook("W", { filters: events("checkout") })] });
    expect(requests(result)).toEqual([]);
    expect(metrics(result)).toEqual(["filtered(W)", "succeeded(X)"]);
    expect(result.steps[0]).toMatchObject({ id: "W", outcome: "filtered" });
    expect(result.end.status).toBe("completed");
  });

  it.each([
    ["2h", 2 * HOUR],
    ["1.5h", 1.5 * HOUR],
  ])("3: a delay of %s", (duration, length) => {
    const result = run({ steps: [delay("D", duration), webhook("W")] }, { clock: "2026-01-05T10:00:00Z" });
    expect(Date.parse(parks(result, "D")[0]!) - Date.parse("2026-01-05T10:00:00Z")).toBe(length);
    expect(result.requests[0]!.after).toBe(length);
    expect(reached(result)).toEqual(["D", "W", "X"]);
  });

  it.each([
    ["61s", MINUTE],
    ["61m", HOUR],
    ["25h", DAY],
    ["31d", 30 * DAY],
  ])("4: a delay of %s is clamped without carry", (duration, length) => {
    const result = run({ steps: [delay("D", duration)] });
    expect(result.end.after).toBe(length);
    expect(result.warnings.join()).toContain(duration);
  });

  it("5: a delay that cannot be read fails, and the run goes on", () => {
    const result = run({ steps: [delay("D", "soon"), webhook("W")] });
    expect(metrics(result).slice(0, 2)).toEqual(["failed(D)", "succeeded(D)"]);
    expect(result.requests[0]).toMatchObject({ step: "W", after: 0 });
  });

  it("6: a delay that is edited while somebody waits", () => {
    const edited = (duration: string): Simulation =>
      run(
        { steps: [delay("D", "10m"), webhook("W")] },
        {
          clock: "2026-01-05T10:00:00Z",
          edits: [{ at: "+2m", flow: flow({ steps: [delay("D", duration), webhook("W")] }) }],
        },
      );
    expect(parks(edited("1h"), "D")).toEqual([at("2026-01-05T10:10:00Z"), at("2026-01-05T11:00:00Z")]);
    expect(edited("1h").requests[0]!.after).toBe(HOUR);
    expect(edited("1m").requests[0]!.after).toBe(3 * MINUTE);
    const unswept = run(
      { steps: [delay("D", "10m"), webhook("W")] },
      { sweep: false, edits: [{ at: "+2m", flow: flow({ steps: [delay("D", "1m"), webhook("W")] }) }] },
    );
    expect(unswept.requests[0]!.after).toBe(10 * MINUTE);
  });

  const renewal = (value: unknown, more: Scenario = {}): Scenario => ({
    person: { properties: { renewal: value } },
    ...more,
  });
  const RENEWAL = { expression: "person.properties.renewal" };

  it("7: until three days before a date", () => {
    const steps = [until("D", { ...RENEWAL, offset: "-3d" }), webhook("W")];
    expect(parks(run({ steps }, renewal("2025-03-10T09:00:00Z", { clock: "2025-03-01" })), "D")).toEqual([
      at("2025-03-07T09:00:00Z"),
    ]);
    expect(run({ steps }, renewal("2025-03-10T09:00:00Z", { clock: "2025-03-09" })).requests[0]!.after).toBe(0);
  });

  it("8: a far date is capped, and the run goes on", () => {
    const target = (maximum?: string): Simulation =>
      run({ steps: [until("D", RENEWAL, maximum), webhook("W")] }, renewal("2030-01-01", { clock: "2025-03-01" }));
    expect(parks(target(), "D")).toEqual([at("2025-03-31T00:00:00Z")]);
    expect(parks(target("2d"), "D")).toEqual([at("2025-03-03T00:00:00Z")]);
    expect(requests(target("2d"))).toEqual(["W"]);
  });

  it("9: a missing date aborts, whatever on_error says", () => {
    const result = run({ steps: [until("D", RENEWAL, undefined, { on_error: "continue" }), webhook("W")] });
    expect(requests(result)).toEqual([]);
    expect(result.end).toMatchObject({ how: "failed", status: "failed" });
  });

  it("10: a date alone is midnight in the zone", () => {
    const result = run(
      { steps: [until("D", { ...RENEWAL, timezone: "Asia/Tokyo" })] },
      renewal("2025-03-10", { clock: "2025-03-01" }),
    );
    expect(parks(result, "D")).toEqual([at("2025-03-09T15:00:00Z")]);
  });

  it("11: a date that moves later while somebody waits", () => {
    const result = run(
      { steps: [until("D", RENEWAL)] },
      renewal("2025-03-10T09:00:00Z", {
        clock: "2025-03-01",
        personUpdates: [{ at: "+3d", set: { renewal: "2025-03-12T09:00:00Z" } }],
      }),
    );
    expect(parks(result, "D")).toEqual([at("2025-03-10T09:00:00Z"), at("2025-03-12T09:00:00Z")]);
  });

  const windowed = (config: object, clock: string, scenario: Scenario = {}): string[] =>
    parks(run({ steps: [timeWindow("D", config as never)] }, { clock, ...scenario }), "D");
  const AFTERNOON = { day: "any", time: ["14:00", "16:00"] };

  it("12: any day, 14:00 to 16:00", () => {
    expect(windowed(AFTERNOON, "2025-01-01T12:00:00Z")).toEqual([at("2025-01-01T14:00:00Z")]);
    expect(windowed(AFTERNOON, "2025-01-01T17:00:00Z")).toEqual([at("2025-01-02T14:00:00Z")]);
  });

  it("13: weekdays, on a Saturday", () =>
    expect(windowed({ ...AFTERNOON, day: "weekday" }, "2025-01-04T10:00:00Z")).toEqual([at("2025-01-06T14:00:00Z")]));
  it("14: weekend, any time, on a Wednesday", () =>
    expect(windowed({ day: "weekend", time: "any" }, "2025-01-01T10:00:00Z")).toEqual([at("2025-01-04T00:00:00Z")]));
  it("15: named days, after today's window", () =>
    expect(windowed({ ...AFTERNOON, day: ["monday", "wednesday", "friday"] }, "2025-01-01T17:00:00Z")).toEqual([
      at("2025-01-03T14:00:00Z"),
    ]));
  it("16: any day, any time", () => expect(windowed({ day: "any", time: "any" }, "2025-01-01T17:00:00Z")).toEqual([]));

  it("17: a window over midnight belongs to the day on which it opens", () => {
    const night = { day: ["friday"], time: ["23:00", "01:00"] };
    expect(windowed(night, "2025-01-04T00:30:00Z")).toEqual([]);
    expect(windowed(night, "2025-01-04T02:00:00Z")).toEqual([at("2025-01-10T23:00:00Z")]);
  });

  const OFFICE = { day: "any", time: ["09:00", "17:00"], use_person_timezone: true };
  it("18: in the person's zone", () =>
    expect(
      windowed(OFFICE, "2025-01-01T12:00:00Z", { person: { properties: { $geoip_time_zone: "America/New_York" } } }),
    ).toEqual([at("2025-01-01T14:00:00Z")]));
  it("19: an unknown zone falls back", () =>
    expect(
      windowed({ ...OFFICE, fallback_timezone: "Europe/Berlin" }, "2025-01-01T12:00:00Z", {
        person: { properties: { $geoip_time_zone: "Mars/Base" } },
      }),
    ).toEqual([]));

  it("20: the first condition that matches wins", () => {
    const steps = [
      branch("B", [properties(person("plan", ["pro"])), properties(person("country", ["DE"]))]),
      webhook("A"),
      webhook("G"),
      webhook("C"),
    ];
    const taken = (given: object): string[] =>
      reached(
        run(
          {
            steps,
            bare: true,
            edges: [
              ["B", "A", 0],
              ["B", "G", 1],
              ["B", "C"],
              ["A", "X"],
              ["G", "X"],
              ["C", "X"],
            ],
          },
          { person: { properties: { ...given } } },
        ),
      );
    expect(taken({ plan: "pro", country: "DE" })).toEqual(["B", "A", "X"]);
    expect(taken({ country: "DE" })).toEqual(["B", "G", "X"]);
    expect(taken({})).toEqual(["B", "C", "X"]);
  });

  const waiting = (config: object, scenario: Scenario = {}, before: ReturnType<typeof delay>[] = []): Simulation => {
    const steps = [...before, wait("W", config as never), webhook("M"), webhook("N")];
    const chain = before.map(({ id }, i): [string, string] => [String(id), String(steps[i + 1]!["id"])]);
    return run({ steps, bare: true, edges: [...chain, ["W", "M", 0], ["W", "N"], ["M", "X"], ["N", "X"]] }, scenario);
  };
  const ONBOARDED = { condition: { filters: properties(person("onboarded", ["true"])) }, max_wait_duration: "10m" };
  const matched = (result: Simulation): [string, number] => [result.requests[0]!.step, result.requests[0]!.after];

  it("21: a condition that is true already, or never", () => {
    expect(matched(waiting(ONBOARDED, { person: { properties: { onboarded: true } } }))).toEqual(["M", 0]);
    expect(matched(waiting(ONBOARDED))).toEqual(["N", 10 * MINUTE]);
  });

  it("22: an update of the person ends the wait", () =>
    expect(matched(waiting(ONBOARDED, { personUpdates: [{ at: "+4m", set: { onboarded: true } }] }))).toEqual([
      "M",
      4 * MINUTE,
    ]));

  const PURCHASE = { events: [{ filters: events("purchase") }], max_wait_duration: "1d" };
  it("23: the trigger event does not count", () => {
    const trigger = { type: "event", filters: events("purchase") };
    const steps = [wait("W", PURCHASE), webhook("M"), webhook("N")];
    const result = run(
      {
        trigger,
        steps,
        bare: true,
        edges: [
          ["W", "M", 0],
          ["W", "N"],
          ["M", "X"],
          ["N", "X"],
        ],
      },
      { trigger: "purchase" },
    );
    expect(matched(result)).toEqual(["N", DAY]);
    expect(result.warnings.join()).toContain("does not count");
  });

  it("24: an event of another id of the same person", () =>
    expect(
      matched(
        waiting(PURCHASE, {
          person: { distinctId: "a", distinctIds: ["b"] },
          events: [{ event: "purchase", at: "+2h", distinctId: "b" }],
        }),
      ),
    ).toEqual(["M", 2 * HOUR]));

  it("25: an event before the wait is not seen", () =>
    expect(matched(waiting(PURCHASE, { events: [{ event: "purchase", at: "+30m" }] }, [delay("D", "1h")]))).toEqual([
      "N",
      HOUR + DAY,
    ]));

  it("26: a condition on an event property is judged on later events", () => {
    const config = {
      condition: { filters: properties({ key: "plan", value: ["pro"], operator: "exact", type: "event" }) },
      max_wait_duration: "1d",
    };
    expect(
      matched(waiting(config, { events: [{ event: "anything", at: "+3h", properties: { plan: "pro" } }] })),
    ).toEqual(["M", 3 * HOUR]);
  });

  it("27: an empty condition waits for its time", () =>
    expect(matched(waiting({ condition: { filters: { properties: [] } }, max_wait_duration: "1h" }))).toEqual([
      "N",
      HOUR,
    ]));

  it("28: a delay is not shortened by what a later wait waits for", () => {
    const result = waiting(PURCHASE, { events: [{ event: "purchase", at: "+1h" }] }, [delay("D", "1d")]);
    expect(result.steps.find(({ id }) => id === "W")!.enteredAfter).toBe(DAY);
  });

  const drawn = (shares: number[], r: number): string => {
    const steps = [split("S", shares), ...shares.map((_, i) => webhook(`C${i + 1}`)), webhook("N")];
    const edges = shares.flatMap((_, i): [string, string, number?][] => [
      ["S", `C${i + 1}`, i],
      [`C${i + 1}`, "X"],
    ]);
    const result = simulate(flow({ steps, bare: true, edges: [...edges, ["S", "N"], ["N", "X"]] }), {
      trigger: "signup",
      random: () => r,
    });
    return reached(result)[1]!;
  };

  it("29: a number on a boundary belongs to the earlier share", () =>
    expect([0.2, 0.3, 0.4, 0.8].map((r) => drawn([30, 40, 30], r))).toEqual(["C1", "C1", "C2", "C3"]));
  it("30: shares are relative; without shares the run goes on", () => {
    expect(drawn([30, 30], 0.51)).toBe("C2");
    expect(drawn([], 0.5)).toBe("N");
  });

  it("31: an answer of 500", () => {
    const result = (on_error: string | null): Simulation =>
      run({ steps: [webhook("W", { on_error }), webhook("Y")] }, { http: { W: 500 } });
    expect(result(null).requests.map(({ step, attempts }) => [step, attempts])).toEqual([
      ["W", 3],
      ["Y", 1],
    ]);
    expect(metrics(result(null))).toContain("failed(W)");
    expect(result(null).end.status).toBe("completed");
    expect(requests(result("abort"))).toEqual(["W"]);
    expect(result("abort").end.status).toBe("failed");
  });

  it("32: the quirk of the next step's abort", () => {
    const chain = { steps: [webhook("W"), webhook("Y", { on_error: "abort" })] };
    expect(requests(run(chain, { http: { W: 500 } }))).toEqual(["W"]);
    expect(run(chain, { http: { W: 500 } }).end.status).toBe("failed");
    expect(
      run(chain, { http: { W: 500 } }).runs[0]!.log.some(({ message }) => message.startsWith("Workflow encountered")),
    ).toBe(false);
    expect(requests(run(chain, { http: { W: 500 }, abortQuirk: false }))).toEqual(["W", "Y"]);
  });

  const PAID = {
    exit_condition: "exit_on_conversion",
    conversion: { filters: [person("paid", ["true"])], events: [] },
  };
  it("33: a goal that is reached at the start", () => {
    const result = run({ steps: [webhook("W")], settings: PAID }, { person: { properties: { paid: true } } });
    expect(reached(result)).toEqual([]);
    expect(metrics(result).sort()).toEqual(["conversion", "early_exit(exit_condition)"]);
    expect(result.end.how).toBe("conversion");
  });

  it("34: a goal that is reached during a delay is seen at its end", () => {
    const result = run(
      { steps: [delay("D", "1d"), webhook("W")], settings: PAID },
      { personUpdates: [{ at: "+1h", set: { paid: true } }] },
    );
    expect(result.end).toMatchObject({ how: "conversion", after: DAY });
    expect(requests(result)).toEqual([]);
  });

  const BY_EVENT = {
    exit_condition: "exit_on_conversion",
    conversion: { filters: [], events: [{ filters: events("paid_event") }] },
  };
  it("35: an event goal wakes a delay, and ends the run", () => {
    const result = run(
      { steps: [delay("D", "1d"), webhook("W")], settings: BY_EVENT },
      { events: [{ event: "paid_event", at: "+3h" }] },
    );
    expect(result.end).toMatchObject({ how: "conversion", after: 3 * HOUR });
    expect(metrics(result)).toContain("early_exit(D)");
  });

  it("36: an event goal of a flow that ends at its end only counts", () => {
    const result = run(
      { steps: [delay("D", "1d"), webhook("W")], settings: { ...BY_EVENT, exit_condition: "exit_only_at_end" } },
      { events: [{ event: "paid_event", at: "+3h" }] },
    );
    expect(matched(result)).toEqual(["W", DAY]);
    expect(metrics(result)).toContain("conversion");
  });

  it("37: a trigger that no longer matches", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["trial"])) } };
    const settings = { exit_condition: "exit_on_trigger_not_matched" };
    const result = run(
      { trigger, settings, steps: [delay("D", "1d"), webhook("W")] },
      { person: { properties: { plan: "trial" } }, personUpdates: [{ at: "+1h", set: { plan: "pro" } }] },
    );
    expect(result.end).toMatchObject({ how: "trigger_not_matched", after: DAY });
  });

  it("38: a trigger on an event alone stays matched", () => {
    const result = run(
      { settings: { exit_condition: "exit_on_trigger_not_matched" }, steps: [delay("D", "1d"), webhook("W")] },
      { personUpdates: [{ at: "+1h", set: { plan: "pro" } }] },
    );
    expect(result.end.how).toBe("exit");
  });

  const started = (result: Simulation): number[] =>
    result.attempts.flatMap(({ outcome }, i) => (outcome === "started" ? [i + 1] : []));
  it("39: masking with a threshold", () => {
    const result = run(
      { steps: [webhook("W")], settings: { trigger_masking: { hash: "{person.id}", threshold: 3 } } },
      { events: [1, 2, 3, 4].map((m) => ({ event: "signup", at: `+${m}m` })) },
    );
    expect(started(result)).toEqual([1, 4]);
  });

  it("40: the masking window is not extended", () => {
    const result = run(
      { steps: [webhook("W")], settings: { trigger_masking: { hash: "{person.id}", ttl: 3600 } } },
      { events: [50, 70].map((m) => ({ event: "signup", at: `+${m}m` })) },
    );
    expect(started(result)).toEqual([1, 3]);
  });

  it("41: without masking the same person runs in parallel", () => {
    const result = run(
      { steps: [delay("D", "1h"), webhook("W")] },
      { events: [10, 20].map((m) => ({ event: "signup", at: `+${m}m` })) },
    );
    expect(requests(result)).toEqual(["W", "W", "W"]);
  });

  const HOOK = {
    type: "webhook",
    template_id: "template-source-webhook",
    inputs: {
      method: { value: "POST" },
      event: { value: "{request.body.event}" },
      distinct_id: { value: "{request.body.distinct_id}" },
    },
  };
  it("42: variables of a webhook", () => {
    const settings = {
      variables: [
        { key: "foo", default: "bar" },
        { key: "n", default: 0 },
      ],
    };
    const result = simulate(flow({ trigger: HOOK, steps: [webhook("W")], settings }), {
      trigger: { request: { body: { event: "e", distinct_id: "person-1", $variables: { foo: "x", extra: 1 } } } },
    });
    expect(result.variables).toEqual({ foo: "x", n: null, extra: 1 });
  });

  it("43: output variables by path and spread", () => {
    const http = { W: { status: 200, body: { id: 7 } } };
    expect(
      run({ steps: [webhook("W", { output_variable: { key: "r", result_path: "body.id" } })] }, { http }).variables,
    ).toEqual({ r: 7 });
    expect(
      run({ steps: [webhook("W", { output_variable: { key: "r", result_path: "body", spread: true } })] }, { http })
        .variables,
    ).toEqual({ r_id: 7 });
  });

  it("44: variables that grow too large", () => {
    const result = run(
      { steps: [webhook("W", { output_variable: { key: "r", result_path: "body" } }), webhook("Y")] },
      { http: { W: { body: "x".repeat(5200) } } },
    );
    expect(result.variables).toEqual({});
    expect(metrics(result)).toContain("failed(W)");
    expect(requests(result)).toEqual(["W", "Y"]);
  });

  const ADA = { properties: { email: "ada@example.com" } };
  it("45: a marketing e-mail to somebody who opted out", () => {
    const result = run(
      { steps: [email("M", {}, {}, { message_category_id: "news" }), webhook("W")] },
      { person: ADA, preferences: { optedOut: ["news"] } },
    );
    expect(result.messages).toEqual([]);
    expect(metrics(result)).toContain("succeeded(M)");
    expect(requests(result)).toEqual(["W"]);
  });

  it("46: a transactional e-mail, opted out and suppressed", () => {
    const chain = { steps: [email("M", {}, {}, { message_category_type: "transactional" })] };
    expect(run(chain, { person: ADA, preferences: { optedOut: "all" } }).messages).toHaveLength(1);
    const suppressed = run(chain, { person: ADA, preferences: { suppressed: ["ada@example.com"] } });
    expect(suppressed.messages).toEqual([]);
    expect(metrics(suppressed)).toContain("email_suppressed(M)");
  });

  it("47: a marketing e-mail without a recipient", () => {
    const result = run({ steps: [email("M")] });
    expect(result.steps[0]).toMatchObject({ id: "M", outcome: "failed" });
    expect(metrics(result)).toContain("failed(M)");
  });

  it("48: a flow that is disabled while somebody waits", () => {
    const chain = { steps: [delay("D", "2h"), webhook("W")] };
    const off = { at: "+1h", status: "draft" } as const;
    expect(run(chain, { edits: [off] }).end).toMatchObject({ status: "cancelled", after: 2 * HOUR });
    expect(matched(run(chain, { edits: [off, { at: "+90m", status: "active" }] }))).toEqual(["W", 2 * HOUR]);
  });

  it("49: a step that is deleted while somebody waits on it", () => {
    const edited = (redirects: Record<string, string>): Simulation =>
      run(
        { steps: [delay("D", "1h"), webhook("W")] },
        { edits: [{ at: "+10m", flow: flow({ steps: [delay("Y", "30m"), webhook("W")] }), redirects }] },
      );
    const redirected = edited({ D: "Y" });
    expect(redirected.steps.find(({ id }) => id === "Y")!.enteredAfter).toBe(HOUR);
    expect(matched(redirected)).toEqual(["W", 1.5 * HOUR]);
    expect(metrics(redirected)[0]).toBe("redirected_workflow_changed(D)");
    expect(edited({}).end).toMatchObject({ how: "workflow_changed", status: "completed" });
    expect(metrics(edited({}))).toEqual(["exited_workflow_changed"]);
  });

  it("50: a step without a way on sends, then fails", () => {
    const result = run({ steps: [webhook("W")], bare: true });
    expect(requests(result)).toEqual(["W"]);
    expect(metrics(result)).toContain("failed(W)");
    expect(result.end.status).toBe("failed");
  });

  it("51: a batch run takes the person's distinct id", () => {
    const result = simulate(
      flow({
        trigger: { type: "batch", filters: { properties: [] } },
        steps: [webhook("W", {}, { body: { value: { who: "{event.distinct_id}" } } })],
      }),
      { person: { distinctId: "ada" } },
    );
    expect(result.requests[0]!.body).toEqual({ who: "ada" });
  });

  const matches = (filter: ReturnType<typeof person>, given: object, scenario: Scenario = {}): boolean =>
    run(
      { trigger: { type: "event", filters: { ...events("signup"), ...properties(filter) } }, steps: [] },
      { person: { properties: { ...given } }, ...scenario },
    ).runs.length === 1;

  it("52: a missing number counts as 0", () => expect(matches(person("age", 18, "lt"), {})).toBe(true));
  it("53: several values are compared strictly, one loosely", () => {
    expect(matches(person("tier", ["1", "2"]), { tier: 1 })).toBe(false);
    expect(matches(person("tier", ["1"]), { tier: 1 })).toBe(true);
  });
  it("54: a relative date is frozen by the save", () =>
    expect(
      matches(
        person("last_seen", "-7d", "is_date_after"),
        { last_seen: "2026-06-10" },
        { savedAt: "2026-06-01", clock: "2026-07-01" },
      ),
    ).toBe(true));

  it("55: what the public URL answers", () => {
    const guarded = { ...HOOK, inputs: { ...HOOK.inputs, auth_header: { value: "Bearer t" } } };
    const answers = (trigger: object, request: object): [number | undefined, number] => {
      const result = simulate(flow({ trigger: trigger as never, steps: [webhook("W")] }), { trigger: { request } });
      return [result.attempts[0]!.answer?.status, result.runs.length];
    };
    const body = { event: "e", distinct_id: "person-1" };
    expect(answers(guarded, { body })).toEqual([401, 0]);
    expect(answers(guarded, { body, headers: { Authorization: "Bearer t" } })).toEqual([201, 1]);
    expect(answers(HOOK, { body: { event: "e" } })).toEqual([400, 0]);
    const pixel = {
      type: "tracking_pixel",
      inputs: {
        event: { value: "{request.query.ph_event}" },
        distinct_id: { value: "{request.query.ph_distinct_id}" },
      },
    };
    expect(answers(pixel, { query: { ph_distinct_id: "a" } })).toEqual([200, 0]);
    expect(answers(pixel, { query: { ph_event: "e", ph_distinct_id: "person-1" } })).toEqual([200, 1]);
  });
});

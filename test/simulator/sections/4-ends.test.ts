// How runs end, and what edits do to them (run time §4).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario, type Simulation } from "../../../testing";
import { readFlow } from "../../../testing/read-flow";
import { buildWorld } from "../../../simulator/world/build";
import { edit } from "../../../simulator/world/edits";
import { modelOf } from "../../../simulator/world/flow-model";
import type { RunState } from "../../../simulator/world/state";
import { wake } from "../../../simulator/world/wake";
import type { Json } from "../../support/reference-flows";
import {
  after,
  DAY,
  delay,
  events,
  flow,
  HOUR,
  MINUTE,
  person,
  properties,
  run,
  timeWindow,
  wait,
  webhook,
} from "../flows";

describe("§4 ends", () => {
  const goal = (more: Json): Json => ({
    exit_condition: "exit_on_conversion",
    conversion: { filters: [], events: [{ filters: events("paid") }], ...more },
  });
  it("4.1: the default without a goal never exits early; a goal among row-scoped runs is not asked", () => {
    expect(run({ steps: [delay("D", "1d")], settings: { exit_condition: "exit_on_conversion" } }).end.how).toBe("exit");
    const either = { ...goal({}), exit_condition: "exit_on_trigger_not_matched_or_conversion" };
    expect(
      run({ steps: [delay("D", "1d")], settings: either }, { events: [{ event: "paid", at: "+1h" }] }).end.how,
    ).toBe("conversion");
  });

  it("4.1: a goal ends a run that is parked on any step, at once; not one of somebody else, nor without an event's name", () => {
    expect(
      run(
        { steps: [wait("W", { events: [{ filters: events("x") }], max_wait_duration: "1d" })], settings: goal({}) },
        { events: [{ event: "paid", at: "+1h" }] },
      ).end,
    ).toMatchObject({ how: "conversion", after: HOUR });
    expect(
      run(
        { steps: [delay("D", "1d")], settings: goal({}) },
        { others: [{ distinctId: "b" }], events: [{ event: "paid", at: "+1h", distinctId: "b" }] },
      ).end.how,
    ).toBe("exit");
    expect(
      run(
        {
          steps: [delay("D", "1d")],
          settings: {
            exit_condition: "exit_on_conversion",
            conversion: { filters: [], events: [{ filters: properties(person("p", "a")) }] },
          },
        },
        { person: { properties: { p: "a" } }, events: [{ event: "any", at: "+1h" }] },
      ).end.how,
    ).toBe("exit");
  });

  it("4.1: an event goal wakes nobody in a flow that does not exit on conversion", () => {
    const result = run(
      { steps: [delay("D", "1d")], settings: { ...goal({}), exit_condition: "exit_only_at_end" } },
      { events: [{ event: "paid", at: "+3h" }] },
    );
    expect(result.steps[0]!.parks).toHaveLength(1);
  });

  const counted = (settings: Json, scenario: Scenario): number =>
    run({ steps: [webhook("W")], settings: { ...settings, exit_condition: "exit_only_at_end" } }, scenario).runs[0]!
      .conversions.length;
  it("4.2: conversions count once, within the window, also after the run", () => {
    const paid = (...days: number[]): Scenario => ({ events: days.map((day) => ({ event: "paid", at: `+${day}d` })) });
    expect(counted(goal({}), paid(80, 81))).toBe(1);
    expect(counted(goal({}), paid(91))).toBe(0);
    expect(counted(goal({ window: "7d" }), paid(8))).toBe(0);
    expect(counted(goal({ window: "200d" }), paid(199))).toBe(1);
    expect(counted(goal({ window: "9999d" }), paid(364))).toBe(1);
    expect(counted(goal({ window: "9999d" }), paid(366))).toBe(0);
    expect(
      counted(
        { conversion: { filters: [person("paid", ["true"])], events: [] } },
        { personUpdates: [{ at: "+3d", set: { paid: true } }] },
      ),
    ).toBe(1);
    expect(
      counted(
        { conversion: { filters: [person("paid", ["true"])], events: [] } },
        { person: { properties: { paid: true } } },
      ),
    ).toBe(1);
  });

  it("4.3: a deleted flow fails its runs, unless they were cancelled", () => {
    expect(run({ steps: [delay("D", "2h")] }, { edits: [{ at: "+1h", status: "deleted" }] }).end).toMatchObject({
      status: "failed",
    });
    expect(
      run({ steps: [delay("D", "2h")] }, { edits: [{ at: "+1h", status: "deleted" }], cancelAt: "+1h" }).end.status,
    ).toBe("cancelled");
  });

  it("4.4: a run follows the live definition", () => {
    const edited = (before: Json[], now: Json[], more: Scenario = {}): Simulation =>
      run(
        { steps: before },
        {
          edits: [
            { at: "+10m", flow: flow({ steps: now, ...((more as { bare?: boolean }).bare ? { bare: true } : {}) }) },
          ],
          ...more,
        },
      );
    expect(edited([delay("D", "1h"), webhook("W")], [delay("D", "1h"), webhook("V")]).requests[0]!.step).toBe("V");
    expect(
      after(
        edited([delay("D", "1h"), webhook("W")], [timeWindow("D", { day: "any", time: "any" }), webhook("W")]),
        "W",
      ),
    ).toEqual([11 * MINUTE]);
    expect(
      after(
        edited(
          [timeWindow("D", { day: "any", time: ["12:00", "13:00"] }), webhook("W")],
          [timeWindow("D", { day: "any", time: ["08:00", "13:00"] }), webhook("W")],
        ),
        "W",
      ),
    ).toEqual([11 * MINUTE]);
    const removed = run(
      { steps: [delay("D", "1h"), webhook("W")] },
      { edits: [{ at: "+10m", flow: flow({ steps: [delay("D", "1h"), webhook("W")], bare: true }) }] },
    );
    expect(removed.end).toMatchObject({ how: "workflow_changed", after: HOUR });
    // The sweep is an assumption, and is named.
    expect(edited([delay("D", "1h")], [delay("D", "30m")]).notSimulated.join()).toContain("sweep");
    const goals = run(
      { steps: [delay("D", "1h"), webhook("W")] },
      {
        person: { properties: { paid: true } },
        edits: [
          {
            at: "+10m",
            flow: flow({
              steps: [delay("D", "1h"), webhook("W")],
              settings: {
                exit_condition: "exit_on_conversion",
                conversion: { filters: [person("paid", ["true"])], events: [] },
              },
            }),
          },
        ],
      },
    );
    expect(goals.end.how).toBe("conversion");
  });

  it("4.1: the flag of an event goal holds for one wake, whatever the exit condition says by then", () => {
    const withGoal = (exit_condition: string): Json =>
      flow({ steps: [delay("D", "1h"), delay("E", "1h"), webhook("W")], settings: { ...goal({}), exit_condition } });
    const world = buildWorld(modelOf(readFlow(withGoal("exit_on_conversion"))), {
      trigger: "signup",
      events: [{ event: "paid", at: "+30m" }],
    });
    const playUntil = (done: () => boolean): void => {
      for (let item = done() ? undefined : world.queue.pop(); item; item = done() ? undefined : world.queue.pop()) {
        world.now = item.time;
        if (item.what.kind === "do") item.what.act();
        else if (item.what.token === item.what.run.wakeToken) wake(world, item.what.run);
      }
    };
    const first = (): RunState | undefined => world.runs[0];
    playUntil(() => first()?.conversionFlag === true);
    // Between the signal and the wake the flow is saved anew, and after the wake once more.
    edit(world, { at: 0, flow: readFlow(withGoal("exit_only_at_end")) });
    playUntil(() => first()!.conversionFlag === false);
    expect(first()!.ended).toBe(false);
    edit(world, { at: 0, flow: readFlow(withGoal("exit_on_conversion")) });
    playUntil(() => false);
    expect(first()!.result.end).toMatchObject({ how: "exit", after: 2 * HOUR });
  });

  it("4.1: an error in the trigger's filter counts as no match, and the exit condition may hang on the event's own $set for five minutes", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["trial"])) } };
    const settings = { exit_condition: "exit_on_trigger_not_matched" };
    const started: Scenario = {
      trigger: { event: "signup", properties: { $set: { plan: "trial" } } },
      personUpdates: [{ at: "+1m", set: { plan: "pro" } }],
    };
    expect(run({ trigger, settings, steps: [delay("D", "4m")] }, started).end.how).toBe("exit");
    expect(run({ trigger, settings, steps: [delay("D", "6m")] }, started).end.how).toBe("trigger_not_matched");
    const broken = {
      type: "event",
      filters: {
        ...events("signup"),
        ...properties({ key: "if(person.properties.plan = 'pro', upper(null), true)", type: "hogql" }),
      },
    };
    expect(
      run(
        { trigger: broken, settings, steps: [delay("D", "1h")] },
        { personUpdates: [{ at: "+1m", set: { plan: "pro" } }] },
      ).end.how,
    ).toBe("trigger_not_matched");
  });

  it("4.1: either condition names the trigger first", () => {
    const trigger = { type: "event", filters: { ...events("signup"), ...properties(person("plan", ["trial"])) } };
    const settings = {
      exit_condition: "exit_on_trigger_not_matched_or_conversion",
      conversion: { filters: [person("plan", ["pro"])], events: [] },
    };
    expect(
      run(
        { trigger, settings, steps: [delay("D", "1h")] },
        { person: { properties: { plan: "trial" } }, personUpdates: [{ at: "+1m", set: { plan: "pro" } }] },
      ).end.how,
    ).toBe("trigger_not_matched");
  });

  it("4.1: a goal that is reached while nobody is parked does not end the run", () => {
    const chain = { steps: [webhook("A"), delay("D", "1h"), webhook("W")], settings: goal({}) };
    // It comes with the trigger, before the run exists.
    expect(run(chain, { events: [{ event: "paid", at: "+0s" }] }).end.how).toBe("exit");
    expect(run(chain, { events: [{ event: "paid", at: "+1s" }] }).end.how).toBe("conversion");
  });

  it("4.2: windows in minutes are PostHog's older form; one that cannot be read is the default", () => {
    const paid = (day: number): Scenario => ({ events: [{ event: "paid", at: `+${day}d` }] });
    const minutes = (window_minutes: number): Json => ({
      conversion: { filters: [], events: [{ filters: events("paid") }], window_minutes },
    });
    expect(counted(minutes(1_440), paid(2))).toBe(0);
    expect(counted(minutes(1_440), { events: [{ event: "paid", at: "+23h" }] })).toBe(1);
    expect(counted(minutes(999_999), paid(91))).toBe(0);
    expect(
      counted({ conversion: { filters: [], events: [{ filters: events("paid") }], window: "soon" } }, paid(89)),
    ).toBe(1);
    expect(
      counted({ conversion: { filters: [], events: [{ filters: events("paid") }], window: "soon" } }, paid(91)),
    ).toBe(0);
  });

  it("4.3: a flow that is off is not swept; switched on again, its waiting runs are planned anew", () => {
    const before = { steps: [delay("D", "1d"), webhook("W")] };
    const shorter = flow({ steps: [delay("D", "1h"), webhook("W")] });
    const off = { at: "+1h", status: "draft" } as const;
    const edited = { at: "+2h", flow: shorter };
    expect(run(before, { edits: [off, edited] }).end).toMatchObject({ how: "canceled", after: DAY });
    expect(after(run(before, { edits: [off, edited, { at: "+3h", status: "active" }], sweep: "5m" }), "W")).toEqual([
      3 * HOUR + 5 * MINUTE,
    ]);
    expect(after(run(before, { edits: [off, edited, { at: "+3h", status: "active" }], sweep: false }), "W")).toEqual([
      DAY,
    ]);
    expect(() => run(before, { edits: [edited], sweep: "soon" })).toThrow("sweep");
  });

  it("4.4: a wait that is made shorter or longer while somebody waits", () => {
    const waiting = (max_wait_duration: string): Json[] => [
      wait("W", { events: [{ filters: events("x") }], max_wait_duration }),
      webhook("N"),
    ];
    const edited = (now: string): number[] =>
      after(run({ steps: waiting("2h") }, { edits: [{ at: "+10m", flow: flow({ steps: waiting(now) }) }] }), "N");
    expect(edited("5m")).toEqual([11 * MINUTE]);
    expect(edited("3h")).toEqual([3 * HOUR]);
  });

  it("4.4: an edge that leads elsewhere counts when the step is left; a removed branch ends the run", () => {
    const steps = [
      wait("W", { events: [{ filters: events("x") }], max_wait_duration: "1h" }),
      webhook("A"),
      webhook("C"),
    ];
    const wired = (to: string | undefined): Json =>
      flow({
        steps,
        bare: true,
        edges: [...(to ? [["W", to, 0] as [string, string, number]] : []), ["W", "X"], ["A", "X"], ["C", "X"]],
      });
    const live = (to: string | undefined): Simulation =>
      simulate(wired("A"), {
        trigger: "signup",
        events: [{ event: "x", at: "+30m" }],
        edits: [{ at: "+10m", flow: wired(to) }],
      });
    expect(live("C").requests.map(({ step }) => step)).toEqual(["C"]);
    expect(live(undefined).end).toMatchObject({ how: "workflow_changed", after: 30 * MINUTE });
  });
});

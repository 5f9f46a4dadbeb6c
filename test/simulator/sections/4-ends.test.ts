// How runs end, and what edits do to them (run time §4).
import { describe, expect, it } from "vitest";
import type { Scenario, Simulation } from "../../../simulator";
import type { Json } from "../../support/reference-flows";
import { after, delay, events, flow, HOUR, MINUTE, person, properties, run, timeWindow, wait, webhook } from "../flows";

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

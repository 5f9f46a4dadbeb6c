// What happens at a wake, and in which order (run time §2).
import { describe, expect, it } from "vitest";
import { simulate } from "../../../simulator";
import { BODY, branch, DAY, delay, events, flow, HOUR, metrics, path, person, properties, run, webhook } from "../flows";

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

// Branches, splits, functions and what they store (run time §3.6 to §3.8, §3.10, §3.11).
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../../simulator";
import type { Json } from "../../support/reference-flows";
import { ADA, BODY, branch, email, events, flow, metrics, MINUTE, path, person, properties, run, split, told, webhook } from "../flows";

describe("§3 branches and functions", () => {
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

  it("3.6: conditions see the trigger event, groups and variables, and cohorts of the person alone", () => {
    const branches = (filters: Json, scenario: Scenario): string[] => path(run({ steps: [branch("B", [filters]), webhook("A")], bare: true, edges: [["B", "A", 0], ["B", "X"], ["A", "X"]] }, scenario));
    const cohort = properties({ key: "id", value: 7, operator: "in", type: "cohort" });
    expect(branches(cohort, { cohorts: [7] })).toContain("A");
    const others: Scenario = { cohorts: [7], person: {}, others: [{ distinctId: "b", cohorts: [] }], trigger: { event: "signup", distinctId: "b" } };
    expect(branches(cohort, others)).not.toContain("A");
    expect(branches(cohort, { ...others, others: [{ distinctId: "b", cohorts: [7] }] })).toContain("A");
    expect(told(run({ steps: [branch("B", [cohort])] }, { ...others, others: [{ distinctId: "b" }] }))).toContain("memberships of cohorts");
    expect(branches(cohort, { cohorts: [7], person: null })).not.toContain("A");
  });

  it("3.6: a branch of old flows looks again every ten minutes until its time is over", () => {
    const legacy = { ...branch("B", [properties(person("plan", ["pro"]))]), config: { delay_duration: "25m", conditions: [{ filters: properties(person("plan", ["pro"])) }] } };
    const taken = (at: string): [string, number] => {
      const { requests } = run({ steps: [legacy, webhook("A"), webhook("N")], bare: true, edges: [["B", "A", 0], ["B", "N"], ["A", "X"], ["N", "X"]] }, { personUpdates: [{ at, set: { plan: "pro" } }] });
      return [requests[0]!.step, requests[0]!.after];
    };
    expect(taken("+12m")).toEqual(["A", 20 * MINUTE]);
    expect(taken("+26m")).toEqual(["N", 25 * MINUTE]);
  });

  it("3.7: weights are relative, whatever they sum up to; a weight of nothing is drawn by nobody; the seed decides", () => {
    const drawn = (weights: number[], r: number | (() => number)): string => path(run({ steps: [split("S", weights), ...weights.map((_, i) => webhook(`C${i}`)), webhook("N")], bare: true, edges: [...weights.flatMap((_, i): [string, string, number?][] => [["S", `C${i}`, i], [`C${i}`, "X"]]), ["S", "N"], ["N", "X"]] }, { random: r }))[1]!;
    expect([0.24, 0.26, 0.99].map((r) => drawn([50, 150], () => r))).toEqual(["C0", "C1", "C1"]);
    expect([0.1, 0.5, 0.9].map((r) => drawn([1, 0, 1], () => r))).toEqual(["C0", "C0", "C2"]);
    expect(drawn([0, 0], 1)).toBe("N");
    expect(drawn([33.3, 33.3, 33.4], 5)).toBe(drawn([33.3, 33.3, 33.4], 5));
    const counts = Array.from({ length: 400 }, (_, seed) => drawn([25, 75], seed)).filter((id) => id === "C0").length / 400;
    expect(counts).toBeCloseTo(0.25, 1);
  });

  it("3.7: sticky assignment is named", () => {
    const sticky = { ...split("S", [50, 50]), config: { sticky_assignment: true, cohorts: [{ percentage: 50 }, { percentage: 50 }] } };
    expect(told(run({ steps: [sticky] }))).toContain("sticky assignment");
  });

  it("3.8: tries of a request take time, and each is a wake; what was rendered at the entry is asked again", () => {
    const answers = { W: [503, 503, { status: 200, body: { ok: true } }] };
    const chain = { steps: [webhook("W", {}, BODY("{person.properties.plan}")), webhook("Y")] };
    const result = run(chain, { http: answers, person: { properties: { plan: "free" } }, personUpdates: [{ at: "+2s", set: { plan: "pro" } }], edits: [{ at: "+2s", flow: flow({ steps: [webhook("W", {}, BODY("edited")), webhook("Y")] }) }] });
    expect(result.requests.map(({ step, after, attempts, status, body }) => [step, after, attempts, status, body])).toEqual([["W", 0, 3, 200, "free"], ["Y", 3_000, 1, 200, undefined]]);
    expect(result.steps[0]!.parks.map(({ at, until }) => [at.slice(17, 19), until.slice(17, 19)])).toEqual([["00", "01"], ["01", "03"]]);
    expect(told(result)).toContain("tried again");
    expect(told(run(chain))).toBe("");
    const settings = { exit_condition: "exit_on_conversion", conversion: { filters: [], events: [{ filters: events("paid") }] } };
    expect(run({ ...chain, settings }, { http: answers, events: [{ event: "paid", at: "+2s" }] })).toMatchObject({ end: { how: "conversion", after: 2_000 }, requests: [{ step: "W", attempts: 2 }] });
    expect(run({ ...chain, steps: [webhook("W", { filters: properties(person("plan", ["free"])) })] }, { http: answers, person: { properties: { plan: "free" } }, personUpdates: [{ at: "+2s", set: { plan: "pro" } }] }).steps[0]!.outcome).toBe("filtered");
  });

  it("3.8: templates other than the webhook's render their inputs, and no more", () => {
    const slack = { id: "S", name: "S", type: "function", config: { template_id: "template-slack", inputs: { channel: { value: "C1" }, text: { value: "Hi {person.properties.name}" } } } };
    const result = run({ steps: [slack] }, { person: { properties: { name: "Ada" } } });
    expect(result.requests[0]!.inputs).toEqual({ channel: "C1", text: "Hi Ada" });
    expect(result.requests[0]).not.toHaveProperty("url");
    expect(told(result)).toContain("`template-slack` sends and returns");
    // The last answer makes the step fail even where the template would not look at it.
    expect(run({ steps: [slack] }, { http: { S: 404 } }).steps[0]!.outcome).toBe("failed");
  });

  it("3.10: paths into lists and maps, keys of JavaScript's own, several values at once", () => {
    const stored = (output_variable: unknown, body: unknown): unknown => run({ steps: [webhook("W", { output_variable })] }, { http: { W: { body } } }).variables;
    expect(stored({ key: "first", result_path: "body.items.0.name" }, { items: [{ name: "a" }, { name: "b" }] })).toEqual({ first: "a" });
    expect(stored({ key: "x", result_path: "body.constructor" }, { a: 1 })).toEqual({ x: null });
    expect(stored({ key: "x", result_path: "body", spread: true }, [1, 2])).toEqual({ x: [1, 2] });
    expect(stored([{ key: "a", result_path: "body.a" }, { key: "b", result_path: "body.b" }], { a: false, b: 0 })).toEqual({ a: false, b: 0 });
  });

  it("3.10: what messages return is not known, and named where a variable takes it", () => {
    expect(told(run({ steps: [email("M", {}, { output_variable: { key: "m" } })] }, { person: ADA }))).toContain("the result of M");
    expect(told(run({ steps: [email("M", {}, { output_variable: { key: "m" } })] }, { person: ADA, preferences: { optedOut: "all" } }))).toBe("");
  });

  it("3.11: an exit's reason does nothing", () => {
    const result = run({ steps: [] });
    expect(result.end).toMatchObject({ how: "exit", step: "X" });
    expect(metrics(result)).toEqual(["succeeded(X)"]);
  });
});

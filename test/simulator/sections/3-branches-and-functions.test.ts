// Branches, splits, functions and what they store (run time §3.6 to §3.8, §3.10, §3.11).
import { describe, expect, it } from "vitest";
import { BODY, branch, path, person, properties, run, split, webhook } from "../flows";

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
});

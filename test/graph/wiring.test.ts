// Ways that lead nowhere: PostHog takes them, and runs fail there after their message is sent (API §3.5).
import { describe, expect, it } from "vitest";
import { wiringProblems } from "../../provider/graph/wiring";
import { keyed } from "../../provider/canonical/decode";
import { isUnknown, UNKNOWN, type Dict } from "../../provider/canonical/values";
import { REFERENCE_FLOWS } from "../support/reference-flows";
import { randomFlow } from "../support/random-flow";

const problems = (steps: Record<string, { type?: unknown; next?: unknown; branches?: unknown }>) => wiringProblems(new Map(Object.entries(steps).map(([id, step]) => [id, { type: "delay", ...step }])), isUnknown);
const trigger = { type: "trigger" };

describe("finds", () => {
  it("a step that is not there, with the nearest one that is", () => {
    expect(problems({ t: { ...trigger, next: "welcom" }, welcome: {} })).toEqual([{ id: "t", key: "next", what: 'there is no step "welcom"', fix: 'Did you mean "welcome"?' }]);
  });
  it("a step that is not there, with all that are", () => {
    expect(problems({ t: { ...trigger, next: "x" }, welcome: {} })).toEqual([{ id: "t", key: "next", what: 'there is no step "x"', fix: "Steps are t, welcome" }]);
  });
  it("a branch, by its index", () => {
    expect(problems({ t: trigger, ways: { branches: ["t2", "gone"] }, t2: {} })).toMatchObject([{ id: "ways", key: "branches", index: 1, what: 'there is no step "gone"' }]);
  });
  it("a way back to the trigger", () => {
    expect(problems({ t: trigger, a: { next: "t", branches: ["t"] } })).toMatchObject([
      { id: "a", key: "next", what: expect.stringContaining('back to the trigger "t"') as string },
      { id: "a", key: "branches", index: 0 },
    ]);
  });
  it("every problem, not just the first", () => expect(problems({ a: { next: "x" }, b: { next: "y", branches: ["z", "z"] } })).toHaveLength(4));
});

describe("finds nothing in", () => {
  it("loops, and ways that rejoin", () => expect(problems({ t: { ...trigger, next: "a" }, a: { next: "a", branches: ["b", "b"] }, b: { next: "a" } })).toEqual([]));
  it("ways that are not known yet, or not text: the shape is another rule's", () => expect(problems({ t: { ...trigger, next: UNKNOWN }, a: { branches: [UNKNOWN, 5, null] }, b: { next: 5, branches: UNKNOWN } })).toEqual([]));
  it("ids with names of JavaScript's own", () => {
    expect(problems({ constructor: { next: "toString" }, toString: {} })).toEqual([]);
    expect(problems({ a: { next: "constructor" } })).toHaveLength(1);
  });
  it("flows that run", () => {
    const flows = [...Object.values(REFERENCE_FLOWS).map(({ flow }) => flow), ...Array.from({ length: 50 }, (_, seed) => randomFlow(seed, { oddEdges: false }))];
    for (const flow of flows) {
      const steps = new Map(Object.entries(keyed(flow)["actions"] as Record<string, Dict>).map(([id, step]) => [id, { type: step["type"], next: step["next"], branches: step["branches"] }]));
      expect(wiringProblems(steps, isUnknown)).toEqual([]);
    }
  });
});

// The graph as runs follow it: what is reached, where it goes round, and what holds on every path.
import { describe, expect, it } from "vitest";
import { FlowGraph } from "../../../definition/graph/flow-graph";
import { UNKNOWN, type Dict } from "../../../definition/canonical/values";

const graph = (actions: Record<string, Dict>, edges: Dict[] = []): FlowGraph =>
  new FlowGraph({ actions: { t: { type: "trigger", next: "a" }, ...actions }, leftover: { edges } });
const f = (more: Dict = {}): Dict => ({ type: "function", ...more });
const sorted = (groups: string[][]): string[][] => groups.map((group) => [...group].sort()).sort();

describe("reachable", () => {
  it("follows next, branches, and edges that only the leftover can tell", () => {
    const found = graph({ a: f({ next: "b", branches: ["c"] }), b: f(), c: f(), d: f(), e: f() }, [
      { from: "b", to: "d", type: "branch", index: 3 },
    ]);
    expect([...found.reachable].sort()).toEqual(["a", "b", "c", "d", "t"]);
  });
  it("takes the first edge of a kind: what the step says comes before the leftover", () => {
    const found = graph({ a: f({ next: "b" }), b: f(), c: f() }, [{ from: "a", to: "c", type: "continue" }]);
    expect(found.from("a")).toEqual([{ from: "a", to: "b" }]);
  });
  it("has steps with names of JavaScript's own", () => {
    expect(
      [
        ...graph({
          a: f({ next: "constructor" }),
          constructor: f({ next: "toString" }),
          toString: f(),
        }).reachable,
      ].sort(),
    ).toEqual(["a", "constructor", "t", "toString"]);
  });
});

describe("isKnown", () => {
  it.each<[string, Record<string, Dict>, boolean]>([
    ["all is there", { a: f() }, true],
    ["a step is unknown", { a: f(), b: UNKNOWN as unknown as Dict }, false],
    ["an edge is unknown", { a: f({ next: UNKNOWN }) }, false],
    ["branches are unknown", { a: f({ branches: UNKNOWN }) }, false],
    ["an edge leads nowhere", { a: f({ next: "ghost" }) }, false],
    ["an edge leads back to the trigger", { a: f({ next: "t" }) }, false],
    ["there are two triggers", { a: f(), t2: { type: "trigger" } }, false],
  ])("when %s: %s", (_when, actions, known) => expect(graph(actions).isKnown).toBe(known));
});

describe("loops", () => {
  it("are found once each, a step that leads to itself included", () => {
    expect(
      sorted(graph({ a: f({ next: "b" }), b: f({ next: "c", branches: ["a"] }), c: f({ next: "c" }) }).loops()),
    ).toEqual([["a", "b"], ["c"]]);
  });
  it("without a pause are those that no waiting step is part of", () => {
    const actions = {
      a: f({ next: "b" }),
      b: { type: "delay", next: "a", branches: ["c"] },
      c: f({ next: "d" }),
      d: f({ next: "c" }),
    };
    expect(sorted(graph(actions).loops({ unpaused: true }))).toEqual([["c", "d"]]);
  });
  it("that nobody reaches are none", () =>
    expect(graph({ a: f(), x: f({ next: "y" }), y: f({ next: "x" }) }).loops()).toEqual([]));
  it("are found in a flow of 20,000 steps", () => {
    const long = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`s${i}`, f({ next: `s${(i + 1) % 20_000}` })]),
    );
    expect(graph({ a: f({ next: "s0" }), ...long }).loops()).toHaveLength(1);
  });
});

describe("facts on every path", () => {
  const made = ({ from, index }: { from: string; index?: number }): string[] =>
    from === "set" ? ["x"] : from === "both" && index === undefined ? ["x"] : [];
  const at = (found: FlowGraph, id: string): string[] => [...(found.factsOnEveryPath(made).get(id) ?? [])];

  it("hold where all paths made them", () =>
    expect(at(graph({ a: f({ next: "set" }), set: f({ next: "end" }), end: f() }), "end")).toEqual(["x"]));
  it("do not hold where one path did not", () =>
    expect(at(graph({ a: f({ next: "set", branches: ["end"] }), set: f({ next: "end" }), end: f() }), "end")).toEqual(
      [],
    ));
  it("depend on the edge that is taken", () => {
    expect(at(graph({ a: f({ next: "both" }), both: f({ next: "end" }), end: f() }), "end")).toEqual(["x"]);
    expect(at(graph({ a: f({ next: "both" }), both: f({ branches: ["end"] }), end: f() }), "end")).toEqual([]);
  });
  it("are taken back everywhere behind, when a longer path without them comes in later", () => {
    const found = graph({
      a: f({ next: "set", branches: ["b"] }),
      set: f({ next: "end" }),
      b: f({ next: "c" }),
      c: f({ next: "d" }),
      d: f({ next: "end" }),
      end: f({ next: "after" }),
      after: f(),
    });
    expect([at(found, "end"), at(found, "after")]).toEqual([[], []]);
  });
  it("are not made by a loop that comes later", () =>
    expect(at(graph({ a: f({ next: "end" }), end: f({ next: "set" }), set: f({ next: "end" }) }), "end")).toEqual([]));
});

describe("the running order", () => {
  it("has each step after all that lead to it, one branch after the other", () => {
    const found = graph({
      a: f({ branches: ["left", "middle"], next: "right" }),
      left: f({ next: "left2" }),
      left2: f({ next: "end" }),
      middle: f({ next: "end" }),
      right: f({ next: "end" }),
      end: f(),
    });
    expect(found.runningOrder).toEqual(["t", "a", "left", "left2", "middle", "right", "end"]);
    expect(found.order).toEqual(["t", "a", "left", "left2", "end", "middle", "right"]);
  });
  it("goes into a loop where runs do, and has what nothing leads to last", () =>
    expect(
      graph({
        a: f({ next: "b" }),
        b: f({ branches: ["a", "nowhere"], next: "end" }),
        end: f(),
        "0": f({ next: "1" }),
        "1": f({ next: "end" }),
      }).runningOrder,
    ).toEqual(["t", "a", "b", "end", "0", "1"]));
});

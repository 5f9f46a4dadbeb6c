// What a change does to people in flight, case by case.
import { describe, expect, it } from "vitest";
import { effectsOnPeople, type Effect, type Graph, type GraphStep } from "../../provider/graph/in-flight";

type Steps = Record<string, Partial<GraphStep>>;
/** A step without a type is a delay. */
const graph = (steps: Steps): Graph => new Map(Object.entries(steps).map(([id, step]) => [id, { type: "delay", ...step }]));
const effects = (before: Steps, after: Steps): Effect[] => effectsOnPeople(graph(before), graph(after));

const trigger = (next: string): Partial<GraphStep> => ({ type: "trigger", next });
const exit: Partial<GraphStep> = { type: "exit" };
const wait = (next?: string, ...branches: string[]): Partial<GraphStep> => ({ type: "wait_until_condition", ...(next === undefined ? {} : { next }), ...(branches.length > 0 ? { branches } : {}) });
/** The step `a` and, after it, the exit. */
const LINE: Steps = { t: trigger("a"), a: { next: "b" }, b: { next: "x" }, x: exit };

const CASES: { what: string; before: Steps; after: Steps; effects: Effect[] }[] = [
  { what: "nothing, of the same graph", before: LINE, after: LINE, effects: [] },
  { what: "nothing, of new steps behind and before", before: LINE, after: { ...LINE, t: trigger("n"), n: { next: "a" } }, effects: [] },
  { what: "nothing, of a changed text or length", before: { ...LINE, a: { next: "b", name: "A", config: { delayDuration: "1d" } } }, after: { ...LINE, a: { next: "b", name: "B", config: { delayDuration: "2d" } } }, effects: [] },
  { what: "moved to the next step", before: LINE, after: { t: trigger("b"), b: { next: "x" }, x: exit }, effects: [{ id: "a", kind: "moved", to: "b" }] },
  {
    what: "moved along the continue edges of all steps that are removed",
    before: { t: trigger("a"), a: { next: "b" }, b: { next: "c" }, c: { next: "d" }, d: { next: "x" }, x: exit },
    after: { t: trigger("d"), d: { next: "x" }, x: exit },
    effects: [
      { id: "a", kind: "moved", to: "d" },
      { id: "b", kind: "moved", to: "d" },
      { id: "c", kind: "moved", to: "d" },
    ],
  },
  { what: "moved through a removed step that nobody waits in", before: { t: trigger("a"), a: { next: "b" }, b: { type: "random_cohort_branch", next: "x", branches: ["y"] }, y: exit, x: exit }, after: { t: trigger("x"), x: exit, y: exit }, effects: [{ id: "a", kind: "moved", to: "x" }] },
  { what: "moved along the old edges, wherever the new ones lead", before: LINE, after: { t: trigger("n"), n: { type: "exit" }, b: { next: "x" }, x: exit }, effects: [{ id: "a", kind: "moved", to: "b" }] },
  { what: "moved along the continue edge, not along a branch", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("c"), c: exit, b: exit }, effects: [{ id: "w", kind: "moved", to: "b" }] },
  { what: "ejected where nothing follows", before: { t: trigger("a"), a: {} }, after: { t: trigger("x"), x: exit }, effects: [{ id: "a", kind: "ejected" }] },
  { what: "ejected where all that follows is removed, too", before: LINE, after: { t: trigger("y"), y: exit }, effects: [{ id: "a", kind: "ejected" }, { id: "b", kind: "ejected" }] },
  { what: "ejected where only a branch is left", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("c"), c: exit }, effects: [{ id: "w", kind: "ejected" }] },
  { what: "ejected from a circle of removed steps", before: { t: trigger("a"), a: { next: "b" }, b: { next: "a" } }, after: { t: trigger("x"), x: exit }, effects: [{ id: "a", kind: "ejected" }, { id: "b", kind: "ejected" }] },
  { what: "ejected where the way on leads to no step", before: { t: trigger("a"), a: { next: "gone" } }, after: { t: trigger("x"), x: exit }, effects: [{ id: "a", kind: "ejected" }] },
  { what: "rewired", before: LINE, after: { ...LINE, a: { next: "x" } }, effects: [{ id: "a", kind: "rewired", to: "x" }] },
  { what: "rewired to a new step", before: LINE, after: { ...LINE, a: { next: "n" }, n: { next: "b" } }, effects: [{ id: "a", kind: "rewired", to: "n" }] },
  { what: "rewired on a branch of a wait", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("w"), w: wait("b", "b"), b: exit, c: exit }, effects: [{ id: "w", kind: "rewired", to: "b" }] },
  { what: "rewired where a branch comes before the others", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("w"), w: wait("b", "n", "c"), b: exit, c: exit, n: exit }, effects: [{ id: "w", kind: "rewired", to: "n" }] },
  { what: "nothing, of a branch more", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("w"), w: wait("b", "c", "b"), b: exit, c: exit }, effects: [] },
  { what: "nothing, of a first way on", before: { t: trigger("w"), w: wait(), b: exit }, after: { t: trigger("w"), w: wait("b", "b"), b: exit }, effects: [] },
  { what: "one line for a step, however many of its ways change", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("w"), w: wait("c", "b"), b: exit, c: exit }, effects: [{ id: "w", kind: "rewired", to: "c" }] },
  { what: "unrouted without a way on", before: LINE, after: { ...LINE, a: {} }, effects: [{ id: "a", kind: "unrouted" }] },
  { what: "unrouted without a branch", before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit }, after: { t: trigger("w"), w: wait("b"), b: exit, c: exit }, effects: [{ id: "w", kind: "unrouted" }] },
  { what: "rewired in a wait for a time window", before: { t: trigger("a"), a: { type: "wait_until_time_window", next: "x" }, x: exit, y: exit }, after: { t: trigger("a"), a: { type: "wait_until_time_window", next: "y" }, x: exit, y: exit }, effects: [{ id: "a", kind: "rewired", to: "y" }] },
  { what: "retyped", before: LINE, after: { ...LINE, a: { type: "wait_until_time_window", next: "b" } }, effects: [{ id: "a", kind: "retyped" }] },
  { what: "retyped alone, where the way on changes, too", before: LINE, after: { ...LINE, a: { type: "function", next: "x" } }, effects: [{ id: "a", kind: "retyped" }] },
  { what: "the name of the step", before: { ...LINE, a: { name: "A day", next: "b" } }, after: { ...LINE, a: { name: "Another", next: "x" } }, effects: [{ id: "a", name: "A day", kind: "rewired", to: "x" }] },
  {
    what: "a step under another id that looks the same, whatever the order of its settings",
    before: { ...LINE, a: { next: "b", config: { delayDuration: "1d", x: 1 } } },
    after: { t: trigger("a2"), a2: { next: "b", name: "Renamed", config: { x: 1, delayDuration: "1d" } }, b: { next: "x" }, x: exit },
    effects: [{ id: "a", kind: "moved", to: "b", twin: "a2" }],
  },
  {
    what: "a twin of somebody who is ejected",
    before: { t: trigger("a"), a: { config: { delayDuration: "1d" } } },
    after: { t: trigger("a2"), a2: { config: { delayDuration: "1d" } } },
    effects: [{ id: "a", kind: "ejected", twin: "a2" }],
  },
  {
    what: "no twin in a step of another type, with other settings, or that was there before",
    before: { t: trigger("a"), a: { next: "old", config: { d: 1 } }, old: { next: "x", config: { d: 1 } }, x: exit },
    after: { t: trigger("n"), n: { next: "m", config: { d: 2 } }, m: { type: "wait_until_condition", next: "old", config: { d: 1 } }, old: { next: "x", config: { d: 1 } }, x: exit },
    effects: [{ id: "a", kind: "moved", to: "old" }],
  },
];

describe("a change of the graph tells of", () => {
  it.each(CASES)("$what", ({ before, after, effects: expected }) => expect(effects(before, after)).toEqual(expected));
});

describe("steps", () => {
  it.each(["trigger", "exit", "conditional_branch", "random_cohort_branch"])("in which nobody stays are not listed: %s", (type) => {
    expect(effects({ t: trigger("a"), a: { type, next: "x" }, x: exit }, { t: trigger("x"), x: exit })).toEqual([]);
    expect(effects({ t: trigger("a"), a: { type, next: "x" }, x: exit, y: exit }, { t: trigger("a"), a: { type, next: "y" }, x: exit, y: exit })).toEqual([]);
  });

  it.each(["function", "function_email", "function_sms", "function_push"])("whose messages wait in a queue are listed when they are removed, and not when their way on changes: %s", (type) => {
    expect(effects({ t: trigger("a"), a: { type, next: "x" }, x: exit }, { t: trigger("x"), x: exit })).toEqual([{ id: "a", kind: "moved", to: "x" }]);
    expect(effects({ t: trigger("a"), a: { type, next: "x" }, x: exit, y: exit }, { t: trigger("a"), a: { type, next: "y" }, x: exit, y: exit })).toEqual([]);
  });
});

// What a change does to people in flight, case by case.
import { describe, expect, it } from "vitest";
import { effectsOnPeople, type Effect } from "../../../definition/graph/in-flight";
import { UNKNOWN, type Dict } from "../../../definition/canonical/values";

type Steps = Record<string, Dict>;
/** A step without a type is a delay. */
const graph = (steps: Steps): Dict => ({
  actions: Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, { type: "delay", ...step }])),
});
const effects = (before: Steps, after: Steps): Effect[] => effectsOnPeople(graph(before), graph(after));

const trigger = (next: string): Dict => ({ type: "trigger", next });
const exit: Dict = { type: "exit" };
const wait = (next?: string, ...branches: string[]): Dict => ({
  type: "wait_until_condition",
  ...(next === undefined ? {} : { next }),
  ...(branches.length > 0 ? { branches } : {}),
});
/** The step `a` and, after it, the exit. */
const LINE: Steps = { t: trigger("a"), a: { next: "b" }, b: { next: "x" }, x: exit };

const CASES: { what: string; before: Steps; after: Steps; effects: Effect[] }[] = [
  { what: "nothing, of the same graph", before: LINE, after: LINE, effects: [] },
  {
    what: "nothing, of new steps behind and before",
    before: LINE,
    after: { ...LINE, t: trigger("n"), n: { next: "a" } },
    effects: [],
  },
  {
    what: "nothing, of a changed title or text",
    before: { ...LINE, a: { next: "b", name: "A", description: "One", config: { delayDuration: "1d" } } },
    after: { ...LINE, a: { next: "b", name: "B", description: "Two", config: { delayDuration: "1d" } } },
    effects: [],
  },
  {
    what: "another time, of a changed length",
    before: { ...LINE, a: { next: "b", name: "A", config: { delayDuration: "1d" } } },
    after: { ...LINE, a: { next: "b", name: "A", config: { delayDuration: "2d" } } },
    effects: [{ id: "a", name: "A", kind: "retimed" }],
  },
  {
    what: "moved to the next step",
    before: LINE,
    after: { t: trigger("b"), b: { next: "x" }, x: exit },
    effects: [{ id: "a", kind: "moved", to: "b" }],
  },
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
  {
    what: "moved through a removed step that nobody waits in",
    before: {
      t: trigger("a"),
      a: { next: "b" },
      b: { type: "random_cohort_branch", next: "x", branches: ["y"] },
      y: exit,
      x: exit,
    },
    after: { t: trigger("x"), x: exit, y: exit },
    effects: [{ id: "a", kind: "moved", to: "x" }],
  },
  {
    what: "moved along the old edges, wherever the new ones lead",
    before: LINE,
    after: { t: trigger("n"), n: { type: "exit" }, b: { next: "x" }, x: exit },
    effects: [{ id: "a", kind: "moved", to: "b" }],
  },
  {
    what: "moved along the continue edge, not along a branch",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("c"), c: exit, b: exit },
    effects: [{ id: "w", kind: "moved", to: "b" }],
  },
  {
    what: "ejected where nothing follows",
    before: { t: trigger("a"), a: {} },
    after: { t: trigger("x"), x: exit },
    effects: [{ id: "a", kind: "ejected" }],
  },
  {
    what: "ejected where all that follows is removed, too",
    before: LINE,
    after: { t: trigger("y"), y: exit },
    effects: [
      { id: "a", kind: "ejected" },
      { id: "b", kind: "ejected" },
    ],
  },
  {
    what: "ejected where only a branch is left",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("c"), c: exit },
    effects: [{ id: "w", kind: "ejected" }],
  },
  {
    what: "ejected from a circle of removed steps",
    before: { t: trigger("a"), a: { next: "b" }, b: { next: "a" } },
    after: { t: trigger("x"), x: exit },
    effects: [
      { id: "a", kind: "ejected" },
      { id: "b", kind: "ejected" },
    ],
  },
  {
    what: "ejected where the way on leads to no step",
    before: { t: trigger("a"), a: { next: "gone" } },
    after: { t: trigger("x"), x: exit },
    effects: [{ id: "a", kind: "ejected" }],
  },
  {
    what: "rewired",
    before: LINE,
    after: { ...LINE, a: { next: "x" } },
    effects: [{ id: "a", kind: "rewired", to: "x" }],
  },
  {
    what: "rewired to a new step",
    before: LINE,
    after: { ...LINE, a: { next: "n" }, n: { next: "b" } },
    effects: [{ id: "a", kind: "rewired", to: "n" }],
  },
  {
    what: "rewired on a branch of a wait",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("w"), w: wait("b", "b"), b: exit, c: exit },
    effects: [{ id: "w", kind: "rewired", to: "b" }],
  },
  {
    what: "rewired where a branch comes before the others",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("w"), w: wait("b", "n", "c"), b: exit, c: exit, n: exit },
    effects: [{ id: "w", kind: "rewired", to: "n" }],
  },
  {
    what: "nothing, of a branch more",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("w"), w: wait("b", "c", "b"), b: exit, c: exit },
    effects: [],
  },
  {
    what: "a first way on: without one they would have left",
    before: { t: trigger("w"), w: wait(), b: exit },
    after: { t: trigger("w"), w: wait("b", "b"), b: exit },
    effects: [{ id: "w", kind: "rewired", to: "b" }],
  },
  {
    what: "one line for a step, however many of its ways change",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("w"), w: wait("c", "b"), b: exit, c: exit },
    effects: [{ id: "w", kind: "rewired", to: "c" }],
  },
  {
    what: "unrouted without a way on",
    before: LINE,
    after: { ...LINE, a: {} },
    effects: [{ id: "a", kind: "unrouted" }],
  },
  {
    what: "unrouted without a branch",
    before: { t: trigger("w"), w: wait("b", "c"), b: exit, c: exit },
    after: { t: trigger("w"), w: wait("b"), b: exit, c: exit },
    effects: [{ id: "w", kind: "unrouted" }],
  },
  {
    what: "rewired in a wait for a time window",
    before: { t: trigger("a"), a: { type: "wait_until_time_window", next: "x" }, x: exit, y: exit },
    after: { t: trigger("a"), a: { type: "wait_until_time_window", next: "y" }, x: exit, y: exit },
    effects: [{ id: "a", kind: "rewired", to: "y" }],
  },
  {
    what: "retyped",
    before: LINE,
    after: { ...LINE, a: { type: "wait_until_time_window", next: "b" } },
    effects: [{ id: "a", kind: "retyped" }],
  },
  {
    what: "retyped alone, where the way on changes, too",
    before: LINE,
    after: { ...LINE, a: { type: "function", next: "x" } },
    effects: [{ id: "a", kind: "retyped" }],
  },
  {
    what: "the name of the step",
    before: { ...LINE, a: { name: "A day", next: "b" } },
    after: { ...LINE, a: { name: "Another", next: "x" } },
    effects: [{ id: "a", name: "A day", kind: "rewired", to: "x" }],
  },
  {
    what: "a step under another id that looks the same, whatever the order of its settings",
    before: { ...LINE, a: { next: "b", config: { delayDuration: "1d", x: 1 } } },
    after: {
      t: trigger("a2"),
      a2: { next: "b", name: "Renamed", config: { x: 1, delayDuration: "1d" } },
      b: { next: "x" },
      x: exit,
    },
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
    after: {
      t: trigger("n"),
      n: { next: "m", config: { d: 2 } },
      m: { type: "wait_until_condition", next: "old", config: { d: 1 } },
      old: { next: "x", config: { d: 1 } },
      x: exit,
    },
    effects: [{ id: "a", kind: "moved", to: "old" }],
  },
];

describe("a change of the graph tells of", () => {
  it.each(CASES)("$what", ({ before, after, effects: expected }) => expect(effects(before, after)).toEqual(expected));
});

describe("steps", () => {
  it.each(["trigger", "exit", "conditional_branch", "random_cohort_branch"])(
    "in which nobody stays are not listed: %s",
    (type) => {
      expect(effects({ t: trigger("a"), a: { type, next: "x" }, x: exit }, { t: trigger("x"), x: exit })).toEqual([]);
      expect(
        effects(
          { t: trigger("a"), a: { type, next: "x" }, x: exit, y: exit },
          { t: trigger("a"), a: { type, next: "y" }, x: exit, y: exit },
        ),
      ).toEqual([]);
    },
  );

  it.each(["function", "function_email", "function_sms", "function_push"])(
    "whose messages wait in a queue are listed when they are removed, and when their way on changes: %s",
    (type) => {
      expect(effects({ t: trigger("a"), a: { type, next: "x" }, x: exit }, { t: trigger("x"), x: exit })).toEqual([
        { id: "a", kind: "moved", to: "x" },
      ]);
      expect(
        effects(
          { t: trigger("a"), a: { type, next: "x" }, x: exit, y: exit },
          { t: trigger("a"), a: { type, next: "y" }, x: exit, y: exit },
        ),
      ).toEqual([{ id: "a", kind: "rewired", to: "y" }]);
    },
  );

  it("that people come to later are listed, those before them are not", () => {
    const plan = (next: string): Dict => ({
      type: "conditional_branch",
      next,
      branches: ["x"],
      config: { conditions: [{ filters: paid }] },
    });
    const steps = (next: string): Steps => ({
      t: trigger("first"),
      first: { ...plan("a"), next: next === "x" ? "x" : "a" },
      a: { next: "later" },
      later: plan(next),
      x: exit,
      y: exit,
    });
    expect(effects(steps("y"), steps("x"))).toEqual([{ id: "later", later: true, kind: "rewired", to: "x" }]);
  });
});

const paid: Dict = { properties: [{ key: "paid", type: "person", operator: "exact", value: ["true"] }] };
const recent: Dict = { properties: [{ key: "seen", type: "person", operator: "is_date_after", value: "-7d" }] };
const bought: Dict = { filters: { events: [{ id: "bought" }] } };
const reading = (key: string): Dict => ({
  properties: [{ key, type: "workflow_variable", operator: "exact", value: "x" }],
});

/** A flow in which people wait in `a` and come to `b` later; `b` is of any kind. */
const journey = ({
  b = {},
  a = {},
  start = {},
  ...flow
}: { a?: Dict; b?: Dict; start?: Dict; [setting: string]: unknown } = {}): Dict => ({
  actions: {
    t: { type: "trigger", config: { type: "event", filters: paid, ...start }, next: "a" },
    a: { type: "delay", config: { delayDuration: "1d" }, next: "b", ...a },
    b: { type: "delay", config: { delayDuration: "1d" }, next: "x", ...b },
    x: exit,
    y: exit,
  },
  exitCondition: "exit_only_at_end",
  ...flow,
});
type Journey = Parameters<typeof journey>[0];
const kinds = (before: Journey, after: Journey): string[] =>
  effectsOnPeople(journey(before), journey(after)).map(({ kind, id, field }) =>
    [kind, id, field].filter((part) => part !== undefined).join(" "),
  );
const on = { exitCondition: "exit_on_conversion" };
const checked = { exitCondition: "exit_on_trigger_not_matched" };
const goal = { filters: paid["properties"] };
const call = (inputs: Dict, more: Dict = {}): Dict => ({
  type: "function",
  config: { templateId: "template-webhook", inputs },
  ...more,
});
const hook = (url: string, more: Dict = {}): Dict => call({ url: { value: url } }, more);
const split = (...percentages: number[]): Dict => ({
  type: "random_cohort_branch",
  config: { cohorts: percentages.map((percentage) => ({ percentage })) },
  branches: percentages.map(() => "x"),
});
const plan = (filters: Dict, more: Dict = {}): Dict => ({
  type: "conditional_branch",
  config: { conditions: [{ filters }] },
  branches: ["x"],
  ...more,
});
const until = (config: Dict, more: Dict = {}): Dict => ({
  type: "wait_until_condition",
  config: { maxWaitDuration: "2d", ...config },
  branches: ["x"],
  ...more,
});
const moment = (delayUntil: Dict): Dict => ({ config: { delayUntil } });

const FIELDS: { what: string; before?: Journey; after?: Journey; kinds: string[] }[] = [
  { what: "a title, a description", before: { name: "One" }, after: { name: "Two", description: "New" }, kinds: [] },
  {
    what: "a goal that is added where people leave on conversion",
    before: on,
    after: { ...on, conversion: goal },
    kinds: ["goal"],
  },
  {
    what: "a goal that is added where the exit condition is the default",
    before: { exitCondition: undefined },
    after: { exitCondition: undefined, conversion: goal },
    kinds: ["goal"],
  },
  {
    what: "an event goal that is added",
    before: on,
    after: { ...on, conversion: { events: [bought] } },
    kinds: ["goal"],
  },
  { what: "a goal that is added where nobody leaves early", after: { conversion: goal }, kinds: [] },
  { what: "a goal that is taken out", before: { ...on, conversion: goal }, after: on, kinds: ["remains"] },
  {
    what: "a goal's window",
    before: { ...on, conversion: goal },
    after: { ...on, conversion: { ...goal, window: "3d" } },
    kinds: [],
  },
  {
    what: "an exit condition that makes people leave on conversion",
    before: { conversion: goal },
    after: { ...on, conversion: goal },
    kinds: ["goal"],
  },
  {
    what: "an exit condition that lets people stay",
    before: { ...on, conversion: goal },
    after: { conversion: goal },
    kinds: ["remains"],
  },
  { what: "an exit condition without a goal", before: {}, after: on, kinds: [] },
  { what: "an exit condition that asks the trigger again", before: {}, after: checked, kinds: ["mismatch"] },
  {
    what: "an exit condition that asks a trigger without filters",
    before: { start: { filters: undefined } },
    after: { ...checked, start: { filters: undefined } },
    kinds: [],
  },
  {
    what: "the trigger's filters where they are asked again",
    before: checked,
    after: { ...checked, start: { filters: recent } },
    kinds: ["mismatch"],
  },
  {
    what: "the trigger's filters where they are not",
    before: on,
    after: { ...on, start: { filters: recent } },
    kinds: [],
  },
  {
    what: "a trigger of another type, which is not asked again",
    before: checked,
    after: { ...checked, start: { type: "webhook", filters: undefined } },
    kinds: ["remains"],
  },
  {
    what: "an event trigger that comes where there was another",
    before: { ...checked, start: { type: "webhook", filters: undefined } },
    after: checked,
    kinds: ["mismatch"],
  },
  {
    what: "rows as a trigger, whose flows nobody leaves early",
    before: { ...on, conversion: goal },
    after: { ...on, conversion: goal, start: { type: "data-warehouse-table", filters: undefined } },
    kinds: ["remains"],
  },
  {
    what: "any save of a flow whose goal holds a relative date",
    before: { ...on, conversion: { filters: recent["properties"] } },
    after: { ...on, conversion: { filters: recent["properties"] }, name: "New" },
    kinds: ["refixed"],
  },
  {
    what: "no change of a flow whose goal holds a relative date",
    before: { ...on, conversion: { filters: recent["properties"] } },
    after: { ...on, conversion: { filters: recent["properties"] } },
    kinds: [],
  },
  {
    what: "any save of a flow whose branch holds a relative date",
    before: { b: plan(recent) },
    after: { b: plan(recent), name: "New" },
    kinds: ["resorted b"],
  },
  { what: "masking, which asks who comes", after: { triggerMasking: { hash: "{person.id}" } }, kinds: [] },
  {
    what: "a default that a condition reads",
    before: { b: plan(reading("tier")), variables: { tier: { default: "gold" } } },
    after: { b: plan(reading("tier")), variables: { tier: { default: "tin" } } },
    kinds: ["variable tier"],
  },
  {
    what: "a default that the goal reads",
    before: { ...on, conversion: { filters: reading("tier")["properties"] }, variables: { tier: { default: "gold" } } },
    after: { ...on, conversion: { filters: reading("tier")["properties"] } },
    kinds: ["variable tier"],
  },
  {
    what: "a default that only texts read",
    before: { variables: { tier: { default: "gold" } } },
    after: { variables: { tier: { default: "tin" } } },
    kinds: [],
  },
  {
    what: "the pace of e-mails",
    before: { b: { type: "function_email", config: {} } },
    after: { b: { type: "function_email", config: {} }, emailSendingRateLimit: { count: 5, period: "hour" } },
    kinds: ["paced"],
  },
  {
    what: "the pace of e-mails where there are none",
    after: { emailSendingRateLimit: { count: 5, period: "hour" } },
    kinds: [],
  },
  { what: "a field of the flow that nobody knows", after: { extra: { future: 1 } }, kinds: ["unsure extra"] },
  { what: "a field of a step that nobody knows", after: { b: { extra: { future: 1 } } }, kinds: ["unsure b"] },
  {
    what: "a field of a configuration that nobody knows",
    after: { b: { config: { delayDuration: "1d", future: 1 } } },
    kinds: ["unsure b config.future"],
  },
  {
    what: "a failure that comes to end the run",
    before: { b: hook("a") },
    after: { b: hook("a", { onError: "abort" }) },
    kinds: ["aborts b"],
  },
  {
    what: "a failure that no longer ends it",
    before: { b: hook("a", { onError: "abort" }) },
    after: { b: hook("a") },
    kinds: ["recovers b"],
  },
  { what: "what a step sends", before: { b: hook("a") }, after: { b: hook("b") }, kinds: [] },
  {
    what: "what a step sends whose failure ends the run",
    before: { b: hook("a", { onError: "abort" }) },
    after: { b: hook("b", { onError: "abort" }) },
    kinds: ["fails b"],
  },
  {
    what: "what a step sends without a way on",
    before: { b: hook("a", { next: undefined }) },
    after: { b: hook("b", { next: undefined }) },
    kinds: ["fails b"],
  },
  {
    what: "what a step sends that people are in, who have what they had",
    before: { a: hook("a", { onError: "abort" }) },
    after: { a: hook("b", { onError: "abort" }) },
    kinds: [],
  },
  {
    what: "what a step sends whose result a condition reads",
    before: {
      a: until({}),
      b: hook("a", { outputVariable: { key: "answer" }, next: "a" }),
      ...on,
      conversion: { filters: reading("answer")["properties"] },
    },
    after: {
      a: until({}),
      b: hook("b", { outputVariable: { key: "answer" }, next: "a" }),
      ...on,
      conversion: { filters: reading("answer")["properties"] },
    },
    kinds: ["meets", "results b"],
  },
  {
    what: "where the result of a step is kept",
    before: { a: hook("a", { filters: reading("answer") }) },
    after: { a: hook("a", { filters: reading("answer"), outputVariable: { key: "answer" } }) },
    kinds: ["results a"],
  },
  {
    what: "the filters of a wait",
    before: { a: until({}) },
    after: { a: until({}, { filters: paid }) },
    kinds: ["sorted a"],
  },
  { what: "the filters of a delay", after: { a: { filters: paid } }, kinds: ["retimed a"] },
  { what: "the filters of a message", before: { b: hook("a") }, after: { b: hook("a", { filters: paid }) }, kinds: [] },
  {
    what: "what a wait waits for",
    before: { a: until({ condition: { filters: paid } }) },
    after: { a: until({ condition: { filters: recent } }) },
    kinds: ["sorted a"],
  },
  {
    what: "the events of a wait",
    before: { a: until({}) },
    after: { a: until({ events: [bought] }) },
    kinds: ["sorted a"],
  },
  {
    what: "the label of a wait's condition",
    before: { a: until({ condition: { filters: paid } }) },
    after: { a: until({ condition: { filters: paid, name: "Paid" } }) },
    kinds: [],
  },
  {
    what: "the longest wait",
    before: { a: until({}) },
    after: { a: until({ maxWaitDuration: "1d" }) },
    kinds: ["outlasted a"],
  },
  {
    what: "a time window",
    before: { a: { type: "wait_until_time_window", config: { day: "any", time: "any" } } },
    after: { a: { type: "wait_until_time_window", config: { day: "weekday", time: "any" } } },
    kinds: ["retimed a"],
  },
  {
    what: "the moment of a delay",
    before: { b: moment({ expression: "person.properties.a" }) },
    after: { b: moment({ expression: "person.properties.b" }) },
    kinds: ["undated b"],
  },
  {
    what: "the offset of a moment",
    before: { b: moment({ expression: "person.properties.a" }) },
    after: { b: moment({ expression: "person.properties.a", offset: "-1d" }) },
    kinds: ["retimed b"],
  },
  {
    what: "a moment instead of a length",
    after: { b: moment({ expression: "person.properties.a" }) },
    kinds: ["retimed b", "undated b"],
  },
  { what: "the conditions of a branch", before: { b: plan(paid) }, after: { b: plan(recent) }, kinds: ["sorted b"] },
  {
    what: "the conditions of a branch that leads nowhere for some",
    before: { b: plan(paid, { next: undefined }) },
    after: { b: plan(recent, { next: undefined }) },
    kinds: ["sorted b", "unrouted b"],
  },
  {
    what: "a condition more, without a branch",
    before: { b: plan(paid) },
    after: { b: { ...plan(paid), config: { conditions: [{ filters: paid }, { filters: recent }] } } },
    kinds: ["unrouted b", "sorted b"],
  },
  { what: "the shares of a split", before: { b: split(50, 50) }, after: { b: split(90, 10) }, kinds: ["sorted b"] },
  {
    what: "the note of an exit",
    before: { b: { type: "exit", config: {} } },
    after: { b: { type: "exit", config: { reason: "done" } } },
    kinds: [],
  },
  {
    what: "a step that becomes a wait for a moment",
    before: { b: hook("a") },
    after: { b: moment({ expression: "person.properties.a" }) },
    kinds: ["retyped b", "undated b"],
  },
  {
    what: "a step that becomes one whose failure ends the run",
    after: { b: hook("a", { onError: "abort" }) },
    kinds: ["retyped b", "aborts b", "fails b"],
  },
  {
    what: "another time, of a flow that people leave early",
    before: { ...on, conversion: goal },
    after: { ...on, conversion: goal, a: { config: { delayDuration: "2d" } } },
    kinds: ["meets", "retimed a"],
  },
  {
    what: "values that are known during the update only",
    before: { b: plan(paid) },
    after: { b: plan(UNKNOWN as unknown as Dict) },
    kinds: ["sorted b"],
  },
  {
    what: "a goal that is known during the update only",
    before: on,
    after: { ...on, conversion: UNKNOWN },
    kinds: ["goal"],
  },
];

describe("a change of a field does to people in flight what its row says", () => {
  it.each(FIELDS)("$what", ({ before, after, kinds: expected }) => expect(kinds(before, after)).toEqual(expected));

  it("steps that are known during the update only leave nobody sure", () => {
    expect(effectsOnPeople(journey(), { ...journey(), actions: UNKNOWN })).toEqual([
      { kind: "unsure", field: "actions" },
    ]);
    const { actions, ...rest } = journey() as { actions: Dict };
    expect(effectsOnPeople(journey(), { ...rest, actions: { ...actions, a: UNKNOWN } })).toMatchObject([
      { kind: "unsure", id: "a" },
    ]);
  });

  it("nobody is in a flow in which no step holds anybody", () => {
    const bare = (more: Dict): Dict => ({
      actions: { t: { type: "trigger", config: { type: "event", filters: paid }, next: "x" }, x: exit },
      ...more,
    });
    expect(effectsOnPeople(bare({}), bare({ ...on, conversion: goal }))).toEqual([]);
  });
});

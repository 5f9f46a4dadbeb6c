// From lists to wiring: who comes after whom, where paths meet again, and where jumps and ends lead.
import { describe, expect, it } from "vitest";
import {
  action,
  branch,
  delay,
  event,
  exit,
  goTo,
  nothing,
  on,
  otherwise,
  person,
  share,
  split,
  waitUntil,
  when,
  type Entries,
} from "../../../sdk";
import { compile } from "../../../sdk/steps/compile";

const start = on.event("user signed up");
const pro = person("plan").is("pro");
const wait = (id: string) => delay(id, "1d");
const bought = event("order completed");

/** Each step with where it goes: `next`, then its branches. */
function wires(steps: unknown): Record<string, string> {
  const { actions, findings: problems } = compile(start, steps);
  expect(problems).toEqual([]);
  return Object.fromEntries(
    Object.entries(actions as Record<string, { next?: string; branches?: string[] }>).map(
      ([id, { next, branches }]) => [id, [next ?? "-", ...(branches ?? [])].join(" ")],
    ),
  );
}

describe("a list", () => {
  it("runs in its order, from the trigger to the common end", () => {
    expect(wires([wait("a"), wait("b")])).toEqual({ trigger_node: "a", a: "b", b: "exit_node", exit_node: "-" });
  });

  it("may hold lists, and what was left out", () => {
    const shared = (key: string) => [wait(`${key}_1`), wait(`${key}_2`)];
    expect(wires([false, shared("a"), undefined, null, nothing, [false, wait("b")]])).toEqual({
      trigger_node: "a_1",
      a_1: "a_2",
      a_2: "b",
      b: "exit_node",
      exit_node: "-",
    });
  });

  it("has no common end where every path has its own", () => {
    expect(wires([wait("a"), exit("done")])).toEqual({ trigger_node: "a", a: "done", done: "-" });
  });

  it("takes a step with the common end's id for it", () => {
    const { actions } = compile(start, [
      branch("who", [when(pro, [exit()])]),
      exit("finished", { id: "exit_node", name: "Finished", reason: "all said" }),
    ]);
    expect(actions["exit_node"]).toEqual({ type: "exit", name: "Finished", config: { reason: "all said" } });
    expect(actions["who"]).toMatchObject({ next: "exit_node", branches: ["exit_node"] });
  });

  it("keeps its order in the definition, which is the order of reading", () => {
    expect(
      Object.keys(compile(start, [branch("a", [when(pro, [wait("b")]), otherwise([wait("c")])]), wait("d")]).actions),
    ).toEqual(["trigger_node", "a", "b", "c", "d", "exit_node"]);
  });
});

describe("a branch", () => {
  it("meets again behind itself, with or without `otherwise`", () => {
    expect(
      wires([branch("who", [when(pro, [wait("a")]), when(pro, [wait("b")]), otherwise([wait("c")])]), wait("d")]),
    ).toMatchObject({ who: "c a b", a: "d", b: "d", c: "d" });
    expect(wires([branch("who", [when(pro, [wait("a")])]), wait("d")])).toMatchObject({ who: "d a", a: "d" });
  });

  it("goes on behind itself where a path is `nothing`, or holds what was left out", () => {
    expect(wires([branch("who", [when(pro, nothing), otherwise([wait("a")])]), wait("d")])).toMatchObject({
      who: "a d",
      a: "d",
    });
    expect(wires([branch("who", [when(pro, [false])]), wait("d")])).toMatchObject({ who: "d d" });
  });

  it("inside of a branch meets again behind the inner one first", () => {
    const inner = branch("inner", [when(pro, [wait("a")]), otherwise([exit()])]);
    expect(wires([branch("outer", [when(pro, [inner, wait("b")])]), wait("c")])).toMatchObject({
      outer: "c inner",
      inner: "exit_node a",
      a: "b",
      b: "c",
    });
  });

  it("ends where a path ends: at the common end, or at its own", () => {
    expect(wires([branch("who", [when(pro, [exit()]), when(pro, [exit("paying")])]), wait("d")])).toMatchObject({
      who: "d exit_node paying",
      paying: "-",
    });
  });
});

it("a split goes by its shares alone", () => {
  expect(
    wires([
      split("offer", [share("a", 45, [wait("a")]), share("b", 45, [wait("b")]), share("control", 10, nothing)]),
      wait("d"),
    ]),
  ).toMatchObject({ offer: "- a b d", a: "d", b: "d" });
});

it("a wait goes by branch 0 when it came, and on when the time is out", () => {
  const limit = { events: bought, maxWaitDuration: "2h" } as const;
  expect(wires([waitUntil("w", { ...limit, onMatch: [wait("a")], onTimeout: [wait("b")] }), wait("c")])).toMatchObject({
    w: "b a",
    a: "c",
    b: "c",
  });
  expect(wires([waitUntil("w", limit), wait("c")])).toMatchObject({ w: "c c" });
  expect(wires([waitUntil("w", { ...limit, onMatch: [exit()] }), wait("c")])).toMatchObject({ w: "c exit_node" });
});

it("an action of a kind that has no function goes by its branches, and on", () => {
  expect(
    wires([action("decide", { type: "ai_decision", config: {}, branches: [[wait("a")], nothing] }), wait("c")]),
  ).toMatchObject({ decide: "c a c", a: "c" });
  expect(wires([action("task", { type: "agent_task", config: {} }), wait("c")])).toMatchObject({ task: "c" });
});

describe("goTo", () => {
  it("leads forwards, backwards and into another path, by first argument", () => {
    expect(
      wires([wait("a"), branch("who", [when(pro, [goTo("c")]), otherwise([wait("b"), wait("c")])])]),
    ).toMatchObject({ who: "b c", b: "c", c: "exit_node" });
    expect(wires([wait("a"), branch("again", [when(pro, [goTo("a")])])])).toMatchObject({ again: "exit_node a" });
  });

  it("takes the step itself", () => {
    const last = wait("last");
    expect(wires([branch("who", [when(pro, [goTo(last)])]), wait("a"), last])).toMatchObject({
      who: "a last",
      a: "last",
    });
  });

  it("names the first argument, whatever id is pinned", () => {
    const steps: Entries = [
      branch("who", [when(pro, [goTo("tips")])]),
      wait("a"),
      delay("tips", "1d", { id: "action_delay_0198" }),
    ];
    expect(wires(steps)).toMatchObject({
      who: "a action_delay_0198",
      a: "action_delay_0198",
      action_delay_0198: "exit_node",
    });
  });
});

it("writes down any graph that the trigger reaches", () => {
  // a → b, c; b → d; c → b; d → a or end.
  expect(
    wires([
      wait("a"),
      branch("which", [
        when(pro, [wait("b"), branch("d", [when(pro, [goTo("a")])])]),
        otherwise([wait("c"), goTo("b")]),
      ]),
    ]),
  ).toEqual({
    trigger_node: "a",
    a: "which",
    which: "c b",
    b: "d",
    c: "b",
    d: "exit_node a",
    exit_node: "-",
  });
});

it("links a long flow in no time worth measuring, and without a deep stack", () => {
  const steps = Array.from({ length: 5_000 }, (_, i) => wait(`step_${i}`));
  const { actions, findings: problems } = compile(start, steps);
  expect(problems).toEqual([]);
  expect(Object.keys(actions)).toHaveLength(5_002);
});

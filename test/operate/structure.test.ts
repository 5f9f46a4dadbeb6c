// A graph as a nested list: what is written back by the rules of composition is the same graph.
import { describe, expect, it } from "vitest";
import { NotNested, structureOf, type Item, type Structure } from "../../operate/pull/structure";
import type { Action } from "../../definition/schema/types";
import { random } from "../support/random-flow";

type Steps = Record<string, Action>;
const step = (type: string, ways: { next?: string; branches?: string[] } = {}): Action =>
  ({ type, name: type, config: {}, ...ways }) as unknown as Action;
const trigger = (next: string): Action => step("trigger", { next });
const exit = { ...step("exit"), name: "Exit" };

/** The wiring that a nested list means: a path goes on after its step unless it ends. */
function wiringOf(structure: Structure): Map<string, { next?: string; branches: string[] }> {
  const wiring = new Map<string, { next?: string; branches: string[] }>();
  const first = (items: readonly Item[], after: string | undefined): string | undefined => {
    const [item] = items;
    if (!item) return after;
    return item.kind === "exit" ? structure.exit : item.id;
  };
  const wire = (items: readonly Item[], after: string | undefined): void => {
    for (const [i, item] of items.entries()) {
      if (item.kind !== "step") continue;
      const then = first(items.slice(i + 1), after);
      if (!item.paths) {
        wiring.set(item.id, { ...(then === undefined ? {} : { next: then }), branches: [] });
        continue;
      }
      const ways = item.paths.map((path) => ({ index: path.index, to: first(path.items, then)! }));
      const next = ways.find(({ index }) => index === undefined)?.to;
      wiring.set(item.id, {
        ...(next === undefined ? {} : { next }),
        branches: ways.filter(({ index }) => index !== undefined).map(({ to }) => to),
      });
      for (const path of item.paths) wire(path.items, then);
    }
  };
  wire(structure.items, structure.exit);
  wiring.set(structure.trigger, { next: first(structure.items, structure.exit)!, branches: [] });
  return wiring;
}

function expectSame(steps: Steps): void {
  const wiring = wiringOf(structureOf(steps));
  for (const [id, { type, next, branches = [] }] of Object.entries(steps)) {
    if (type === "exit") continue;
    expect(wiring.get(id), id).toEqual({ ...(next === undefined ? {} : { next }), branches });
  }
}

const shape = (items: readonly Item[]): unknown =>
  items.map((item) =>
    item.kind === "exit"
      ? "exit()"
      : item.kind === "goTo"
        ? `goTo(${item.id})`
        : item.paths
          ? { [item.id]: item.paths.map(({ items: inner }) => shape(inner)) }
          : item.id,
  );

describe("structureOf", () => {
  it("writes a line of steps as a list", () => {
    const steps = {
      t: trigger("a"),
      a: step("delay", { next: "b" }),
      b: step("function", { next: "exit_node" }),
      exit_node: exit,
    };
    expect(shape(structureOf(steps).items)).toEqual(["a", "b"]);
    expectSame(steps);
  });

  it("nests what a branch leads to, and goes on where the ways meet", () => {
    const steps = {
      t: trigger("plan"),
      plan: step("conditional_branch", { branches: ["pro", "big"], next: "free" }),
      pro: step("delay", { next: "after" }),
      big: step("exit"),
      free: step("delay", { next: "after" }),
      after: step("delay", { next: "exit_node" }),
      exit_node: exit,
    };
    expect(shape(structureOf(steps).items)).toEqual([{ plan: [["pro"], ["big"], ["free"]] }, "after"]);
    expectSame(steps);
  });

  it("goes on with the one way that does not end", () => {
    const steps = {
      t: trigger("w"),
      w: step("wait_until_condition", { branches: ["exit_node"], next: "mail" }),
      mail: step("function", { next: "exit_node" }),
      exit_node: exit,
    };
    expect(shape(structureOf(steps).items)).toEqual([{ w: [["exit()"], []] }, "mail"]);
    expectSame(steps);
  });

  it("goes on where most ways meet, also when one has an end of its own", () => {
    const steps = {
      t: trigger("split"),
      split: step("conditional_branch", { branches: ["a", "b"], next: "c" }),
      a: step("delay", { next: "after" }),
      b: step("delay", { next: "b2" }),
      b2: step("delay", { next: "exit_node" }),
      c: step("delay", { next: "after" }),
      after: step("delay", { next: "exit_node" }),
      exit_node: exit,
    };
    expect(shape(structureOf(steps).items)).toEqual([{ split: [["a"], ["b", "b2", "exit()"], ["c"]] }, "after"]);
    expectSame(steps);
  });

  it("goes back by goTo in a loop", () => {
    const steps = {
      t: trigger("a"),
      a: step("delay", { next: "b" }),
      b: step("conditional_branch", { branches: ["a"], next: "exit_node" }),
      exit_node: exit,
    };
    expect(shape(structureOf(steps).items)).toEqual(["a", { b: [["goTo(a)"], []] }]);
    expectSame(steps);
  });

  it("keeps the groups of a split beside each other, also where one of them gets nothing", () => {
    const steps = {
      t: trigger("s"),
      s: step("random_cohort_branch", { branches: ["mail", "exit_node"] }),
      mail: step("function", { next: "exit_node" }),
      exit_node: exit,
    };
    expect(shape(structureOf(steps).items)).toEqual([{ s: [["mail"], []] }]);
    expectSame(steps);
  });

  it("writes an exit with words of its own as a step", () => {
    const steps = {
      t: trigger("w"),
      w: step("wait_until_condition", { branches: ["exit_node"], next: "mail" }),
      mail: step("function", { next: "exit_node" }),
      exit_node: { ...exit, description: "The end" } as Action,
    };
    expect(shape(structureOf(steps).items)).toEqual([{ w: [["exit()"], []] }, "mail", "exit_node"]);
    expectSame(steps);
    // Where no list ends, it stands in the first path that leads there.
    const looping = {
      t: trigger("b"),
      b: step("conditional_branch", { branches: ["exit_node", "exit_node"], next: "a" }),
      a: step("delay", { next: "b" }),
      exit_node: { ...exit, description: "The end" } as Action,
    };
    expect(shape(structureOf(looping).items)).toEqual([{ b: [["exit_node"], ["exit()"], []] }, "a", "goTo(b)"]);
    expectSame(looping);
  });

  it.each<[string, Steps]>([
    ["a way that leads nowhere", { t: trigger("a"), a: step("delay") }],
    ["a step that is no step", { t: trigger("a"), a: step("delay", { next: "gone" }) }],
    [
      "a step that nothing leads to",
      { t: trigger("exit_node"), a: step("delay", { next: "exit_node" }), exit_node: exit },
    ],
    ["no trigger", { a: step("delay", { next: "exit_node" }), exit_node: exit }],
  ])("says that it cannot: %s", (_, steps) => {
    expect(() => structureOf(steps)).toThrow(NotNested);
  });

  it("writes every graph whose ways all lead somewhere back as it was", () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const r = random(seed);
      const count = 1 + r.int(9);
      const ids = Array.from({ length: count }, (_, i) => `s${i}`);
      const anywhere = (): string => r.pick([...ids, "exit_node", "exit_node"]);
      const steps: Steps = { t: trigger("s0"), exit_node: exit };
      for (const id of ids) {
        const type = r.pick(["delay", "function", "conditional_branch", "wait_until_condition", "exit"]);
        steps[id] =
          type === "exit"
            ? step("exit")
            : step(type, {
                next: anywhere(),
                ...(type === "conditional_branch"
                  ? { branches: [anywhere(), anywhere()] }
                  : type === "wait_until_condition"
                    ? { branches: [anywhere()] }
                    : {}),
              });
      }
      const reached = new Set<string>(["exit_node"]);
      const visit = (id: string): void => {
        if (reached.has(id)) return;
        reached.add(id);
        for (const to of [...(steps[id]!.branches ?? []), steps[id]!.next]) if (to !== undefined) visit(to);
      };
      visit("t");
      expectSame(Object.fromEntries(Object.entries(steps).filter(([id]) => reached.has(id))));
    }
  });

  it("takes a thousand steps in a row", () => {
    const steps: Steps = { t: trigger("s0"), exit_node: exit };
    for (let i = 0; i < 1000; i += 1) steps[`s${i}`] = step("delay", { next: i === 999 ? "exit_node" : `s${i + 1}` });
    expect(structureOf(steps).items).toHaveLength(1000);
  });
});

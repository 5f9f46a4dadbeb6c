// Drawings of flows, held against geometry: nothing lies over anything else, everything is inside, and what is important is straight.
import { describe, expect, it } from "vitest";
import { decode } from "../../../definition/canonical/decode";
import { isDict, type Dict } from "../../../definition/canonical/values";
import { drawFlow } from "../../../operate/graph/draw";
import { edgeId, edgesOf } from "../../../operate/graph/edges";
import { layoutFlow } from "../../../operate/show/layout";
import type { DrawnEdge, DrawnNode, Drawing } from "../../../show/data";
import { exampleFlows } from "../../support/example-flows";
import { hostileFlow } from "../../support/hostile-flow";
import { randomComposition } from "../../support/random-composition";
import { randomFlow } from "../../support/random-flow";
import { REFERENCE_FLOWS } from "../../support/reference-flows";

interface Box {
  name: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const nodeBox = ({ id, x, y, width, height }: DrawnNode): Box => ({
  name: `step ${id}`,
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
});
const labelBoxes = ({ id, label }: DrawnEdge): Box[] =>
  label === undefined
    ? []
    : [
        {
          name: `label of ${id}`,
          left: label.x - label.width / 2,
          top: label.y - label.height / 2,
          right: label.x + label.width / 2,
          bottom: label.y + label.height / 2,
        },
      ];
const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Whether a line of the drawing comes into a box. It bends only within the rectangle of its two ends. */
function passes({ points }: DrawnEdge, box: Box): boolean {
  return points.slice(1).some((to, i) => {
    const from = points[i]!;
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
    // To touch is not to pass.
    return left < box.right - 1 && right > box.left + 1 && top < box.bottom - 1 && bottom > box.top + 1;
  });
}

/** What is wrong with a drawing, in words. */
function faults(drawing: Drawing): string[] {
  const nodes = drawing.nodes.map(nodeBox);
  const labels = drawing.edges.flatMap(labelBoxes);
  const boxes = [...nodes, ...labels];
  const found: string[] = [];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) if (overlap(a, b)) found.push(`${a.name} lies over ${b.name}`);
    if (a.left < 0 || a.top < 0 || a.right > drawing.width || a.bottom > drawing.height)
      found.push(`${a.name} is outside`);
  });
  for (const edge of drawing.edges) {
    for (const { x, y } of edge.points)
      if (x < 0 || y < 0 || x > drawing.width || y > drawing.height) found.push(`${edge.id} leaves the drawing`);
    drawing.nodes.forEach((node, i) => {
      const isEnd = node.id === edge.from || node.id === edge.to;
      if (!isEnd && passes(edge, nodes[i]!)) found.push(`${edge.id} goes through step ${node.id}`);
    });
    for (const other of drawing.edges)
      for (const label of labelBoxes(other))
        if (other !== edge && passes(edge, label)) found.push(`${edge.id} goes through the ${label.name}`);
  }
  return found;
}

const middle = ({ x, width }: DrawnNode): number => x + width / 2;
const nodeOf = (drawing: Drawing, id: string): DrawnNode => drawing.nodes.find((node) => node.id === id)!;

/** A definition with everything of it in the drawing, and nothing over anything else. */
function expectSound(definition: Dict, name: string): Drawing {
  const drawing = layoutFlow(definition);
  const actions = isDict(definition["actions"]) ? definition["actions"] : {};
  expect(
    drawing.edges.map(({ id }) => id),
    name,
  ).toEqual(expect.arrayContaining(edgesOf(actions).map(edgeId)));
  expect(new Set(drawing.nodes.map(({ id }) => id)).size, name).toBe(drawing.nodes.length);
  expect(faults(drawing), name).toEqual([]);
  expect(layoutFlow(definition), name).toEqual(drawing);
  return drawing;
}

/** Sixty steps: waits, mails and forks that come together again. */
function sixtySteps(): Dict {
  const actions: Record<string, Dict> = {
    start: { type: "trigger", name: "Signed up", config: { type: "event" }, next: "s0" },
  };
  for (let i = 0; i < 58; i += 1) {
    const next = i === 57 ? "end" : `s${i + 1}`;
    actions[`s${i}`] =
      i % 4 === 0 && i < 56
        ? {
            type: "conditional_branch",
            name: `Which plan, in round ${i}?`,
            config: { conditions: [{ name: "pays" }, { name: "has a team of more than fifty people" }] },
            branches: [`s${i + 1}`, `s${i + 2}`],
            next: `s${i + 4}`,
          }
        : i < 56 && (i % 4 === 1 || i % 4 === 2)
          ? {
              type: "delay",
              name: `Let them try step ${i}`,
              config: { delayDuration: "3d" },
              next: `s${i - (i % 4) + 3}`,
            }
          : { type: "function_email", name: `Mail ${i}`, config: { inputs: {} }, next };
  }
  actions["end"] = { type: "exit", name: "Exit" };
  return { actions };
}

const chain = (length: number): Dict => ({
  actions: Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `step_${i}`,
      {
        type: i === 0 ? "trigger" : "delay",
        name: `Step ${i}`,
        config: i === 0 ? { type: "schedule" } : { delayDuration: "1d" },
        ...(i + 1 < length ? { next: `step_${i + 1}` } : {}),
      },
    ]),
  ),
});

describe("a drawing that is laid out", () => {
  it("has nothing over anything else, in every documented flow and in a hundred random compositions", () => {
    for (const [name, { flow }] of Object.entries(REFERENCE_FLOWS)) expectSound(decode(flow as any), name);
    for (let seed = 1; seed <= 100; seed += 1) expectSound(decode(randomComposition(seed)), `composition ${seed}`);
  });

  it("neither in random flows with odd ids and edges, missing steps and loops", () => {
    for (let seed = 1; seed <= 100; seed += 1) expectSound(decode(randomFlow(seed)), `flow ${seed}`);
  });

  it("neither in the examples", () => {
    for (const example of ["win-back", "onboarding"])
      for (const [name, inputs] of Object.entries(exampleFlows(example))) expectSound(inputs, `${example}: ${name}`);
  });

  it("stays legible with sixty steps: one main line, no wider than three branches", () => {
    const drawing = expectSound(sixtySteps(), "sixty");
    const line = middle(nodeOf(drawing, "start"));
    for (const id of ["s0", "s4", "s28", "s52", "s56", "s57", "end"])
      expect(middle(nodeOf(drawing, id)), id).toBe(line);
    expect(drawing.width).toBeLessThan(900);
  });

  it("has the trigger on top, and what nothing leads to below it", () => {
    const drawing = expectSound(
      {
        actions: {
          a: { type: "delay", name: "Left over", config: { delayDuration: "1d" }, next: "b" },
          b: { type: "delay", name: "Left over, too", config: { delayDuration: "1d" }, next: "end" },
          start: { type: "trigger", name: "Start", config: { type: "manual" }, next: "end" },
          end: { type: "exit", name: "Exit" },
        },
      },
      "unreachable",
    );
    const top = nodeOf(drawing, "start").y;
    for (const { id, y } of drawing.nodes) if (id !== "start") expect(y, id).toBeGreaterThan(top);
    expect(drawing.edges).toHaveLength(3);
  });

  it("keeps branches in their order from left to right, and where they meet under the fork", () => {
    const wait = (next: string) => ({ type: "delay", name: "Wait", config: { delayDuration: "1d" }, next });
    const drawing = expectSound(
      {
        actions: {
          start: { type: "trigger", name: "Start", config: { type: "manual" }, next: "split" },
          split: {
            type: "random_cohort_branch",
            name: "Split",
            config: { cohorts: [{ percentage: 30 }, { percentage: 30 }, { percentage: 40 }] },
            branches: ["one", "two", "three"],
          },
          one: wait("mail"),
          two: wait("mail"),
          three: wait("mail"),
          mail: { type: "function_email", name: "Mail", config: {}, next: "end" },
          end: { type: "exit", name: "Exit" },
        },
      },
      "split",
    );
    const [one, two, three] = ["one", "two", "three"].map((id) => middle(nodeOf(drawing, id)));
    expect(one).toBeLessThan(two!);
    expect(two).toBeLessThan(three!);
    expect(new Set(["start", "split", "mail", "end"].map((id) => middle(nodeOf(drawing, id)))).size).toBe(1);
  });

  it("goes straight on where a branch only ends early", () => {
    const drawing = expectSound(
      {
        actions: {
          start: { type: "trigger", name: "Start", config: { type: "manual" }, next: "pays" },
          pays: {
            type: "conditional_branch",
            name: "Pays?",
            config: { conditions: [{ name: "pays" }] },
            branches: ["thanks"],
            next: "wait",
          },
          thanks: { type: "function_email", name: "Thanks", config: {}, next: "end" },
          wait: { type: "delay", name: "Wait", config: { delayDuration: "1d" }, next: "mail" },
          mail: { type: "function_email", name: "Mail", config: {}, next: "more" },
          more: { type: "function_email", name: "More", config: {}, next: "end" },
          end: { type: "exit", name: "Exit" },
        },
      },
      "early",
    );
    expect(
      new Set(["start", "pays", "wait", "mail", "more", "end"].map((id) => middle(nodeOf(drawing, id)))).size,
    ).toBe(1);
    expect(middle(nodeOf(drawing, "thanks"))).toBeLessThan(middle(nodeOf(drawing, "pays")));
  });

  it("draws a loop as a line that leads up, and a step that leads to itself", () => {
    const drawing = expectSound(
      {
        actions: {
          start: { type: "trigger", name: "Start", config: { type: "manual" }, next: "wait" },
          wait: {
            type: "wait_until_condition",
            name: "Until they come",
            config: { maxWaitDuration: "2d" },
            branches: ["mail"],
            next: "wait",
          },
          mail: { type: "function_email", name: "Mail", config: {}, next: "again" },
          again: {
            type: "conditional_branch",
            name: "Again?",
            config: { conditions: [{ name: "yes" }, { name: "a little" }] },
            branches: ["wait", "again"],
            next: "end",
          },
          end: { type: "exit", name: "Exit" },
        },
      },
      "loops",
    );
    const edge = (id: string) => drawing.edges.find((found) => found.id === id)!;
    const up = edge("again.branches[0]").points;
    expect(up.at(-1)!.y).toBeLessThan(up[0]!.y);
    expect(up.at(-1)!.y).toBe(nodeOf(drawing, "wait").y + nodeOf(drawing, "wait").height);
    for (const id of ["wait.next", "again.branches[1]"]) {
      const node = nodeOf(drawing, edge(id).from);
      expect(Math.max(...edge(id).points.map(({ x }) => x)), id).toBeGreaterThan(node.x + node.width);
    }
  });

  it("draws a step that is missing as such", () => {
    const drawing = expectSound(
      { actions: { a: { type: "trigger", name: "A", config: { type: "schedule" }, next: "nowhere" } } },
      "missing",
    );
    expect(nodeOf(drawing, "nowhere")).toMatchObject({ shape: "missing", title: ["nowhere"], below: ["no such step"] });
  });

  it("draws nothing of what it cannot read", () => {
    expect(layoutFlow({})).toEqual({ width: 0, height: 0, nodes: [], edges: [] });
    expect(layoutFlow({ actions: "[secret]" }).nodes).toEqual([]);
    expect(() =>
      layoutFlow({ actions: { a: "text", b: { type: 5, name: {}, next: 7, branches: "x" } } as any }),
    ).not.toThrow();
  });

  it("says the same as the drawing in Markdown", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const definition = decode(randomComposition(seed));
      const mermaid = drawFlow(definition).replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
      const { nodes, edges } = layoutFlow(definition);
      const flat = (text: string): string => text.replace(/[\s\u200b]/g, "");
      for (const lines of [
        ...nodes.flatMap(({ title, below }) => [title, below]),
        ...edges.map(({ label }) => label?.lines ?? []),
      ])
        // Both shorten what is long, one by characters and one by lines.
        expect(flat(mermaid), `composition ${seed}`).toContain(flat(lines.join(" ").slice(0, 40)).replace(/…$/, ""));
    }
  });

  it("takes any text: each line fits its node, and nothing that one cannot see is drawn", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const drawing = expectSound(decode(hostileFlow(seed)), `hostile ${seed}`);
      const texts = [
        ...drawing.nodes.flatMap(({ title, below }) => [...title, ...below]),
        ...drawing.edges.flatMap(({ label }) => label?.lines ?? []),
      ];
      expect(texts.join(" ")).not.toMatch(/[\u202a-\u202e\u2066-\u2069\n\r]/);
    }
    for (const title of [
      "x".repeat(60_000),
      "長い件名".repeat(90),
      "👩‍👩‍👧".repeat(80),
      "a ".repeat(9000),
      "e\u0301".repeat(300),
      "",
    ]) {
      const { nodes } = expectSound(
        { actions: { a: { type: "trigger", name: title, config: { type: "manual" } } } },
        title.slice(0, 9),
      );
      expect(nodes[0]!.title.length).toBeLessThanOrEqual(3);
      expect(nodes[0]!.width).toBeLessThan(300);
    }
  });

  it("marks what a change did, on steps and with a sign on edges", () => {
    const drawing = layoutFlow(chain(3), {
      steps: new Map([["step_1", "added"]]),
      edges: new Map([["step_1.next", "removed"]]),
    });
    expect(nodeOf(drawing, "step_1").mark).toBe("added");
    expect(nodeOf(drawing, "step_0")).not.toHaveProperty("mark");
    expect(drawing.edges[1]).toMatchObject({ mark: "removed", label: { lines: ["−"] } });
    expect(drawing.edges[0]).not.toHaveProperty("label");
  });

  it("needs less than 20 ms for twenty steps, and grows with them", () => {
    const cpu = (definition: Dict): number => {
      const times = Array.from({ length: 7 }, () => {
        const before = process.cpuUsage();
        layoutFlow(definition);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      });
      return Math.min(...times);
    };
    expect(cpu(chain(20))).toBeLessThan(20);
    expect(cpu(sixtySteps())).toBeLessThan(120);
    expect(layoutFlow(chain(1000)).nodes).toHaveLength(1000);
    expect(layoutFlow(chain(20_000)).nodes).toEqual([]);
  });
});

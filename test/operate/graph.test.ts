// @vitest-environment happy-dom
// Drawings of flows: whatever a flow holds, Mermaid's own parser takes the drawing, and people read there what the flow says.
import mermaid from "mermaid";
import { describe, expect, it } from "vitest";
import { decode } from "../../definition/canonical/decode";
import { drawFlow, type ChangeMark } from "../../operate/graph/draw";
import { edgesOf } from "../../operate/graph/edges";
import { randomFlow } from "../support/random-flow";
import { REFERENCE_FLOWS } from "../support/reference-flows";

/** What Mermaid shows of a label: its codes resolved. */
const shown = (drawing: string): string =>
  drawing.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replace(/\u200b/g, "");
const linear = (titles: string[]) => ({
  actions: Object.fromEntries(
    titles.map((name, i) => [
      `step_${i}`,
      {
        type: i === 0 ? "trigger" : "delay",
        name,
        config: i === 0 ? { type: "schedule" } : { delayDuration: "1d" },
        ...(i + 1 < titles.length ? { next: `step_${i + 1}` } : {}),
      },
    ]),
  ),
});

const HOSTILE = [
  'Say "hi"',
  "a|b",
  "x --> y",
  "end",
  "[[sub]]",
  "{{hex}}",
  "<script>alert(1)</script>",
  "%% comment",
  "%%{init: {}}%%",
  "```",
  "`code`",
  "a;b",
  "#35;",
  "&quot;",
  "1. first",
  "- dash",
  "+ plus",
  "*bold* _it_ ~~x~~",
  "line\nbreak",
  "tab\there",
  "back\\slash",
  "Größe ≥ 5 – später",
  "日本語の件名",
  "👩‍👩‍👧 family",
  "\u202egnirts",
  "click a href",
  "subgraph x",
  "style a fill:red",
  "graph TD",
  "$$x^2$$",
  "::icon(fa)",
  "a@{ shape: x }",
  "x".repeat(400),
  "",
  " ",
];

describe("a drawing", () => {
  it("of every documented flow is taken by Mermaid's parser", async () => {
    for (const [name, { flow }] of Object.entries(REFERENCE_FLOWS)) {
      await expect(mermaid.parse(drawFlow(decode(flow as any))), name).resolves.toMatchObject({
        diagramType: "flowchart-v2",
      });
    }
  });

  it("of random flows with odd ids and edges is, too, with marks of every kind", async () => {
    for (let seed = 1; seed <= 120; seed += 1) {
      const definition = decode(randomFlow(seed));
      const ids = Object.keys(definition["actions"] as object);
      const marks: ChangeMark[] = ["added", "removed", "changed"];
      const steps = new Map(ids.map((id, i) => [id, marks[i % 3]!]));
      const drawing = drawFlow(definition, {
        steps,
        edges: new Map(ids.map((id, i) => [`${id}.next`, marks[i % 3]!])),
        takenSteps: new Set(ids),
        direction: seed % 2 ? "TD" : "LR",
      });
      await expect(mermaid.parse(drawing), `seed ${seed}:\n${drawing}`).resolves.toBeTruthy();
    }
  });

  it("shows titles as they are, whatever is in them", async () => {
    for (const title of HOSTILE) {
      const drawing = drawFlow(linear(["Start", title, "Next"]));
      await expect(mermaid.parse(drawing), drawing).resolves.toBeTruthy();
      const plain = title.replace(/\s+/g, " ").replace("\u202e", "").trim();
      if (plain !== "" && plain.length < 60) expect(shown(drawing)).toContain(`"${plain}<br/>`);
      // One line a node and one an edge: nothing in a title makes a line of its own.
      expect(drawing.trim().split("\n")).toHaveLength(1 + 3 + 2);
    }
  });

  it("has no label that begins like a list, which Mermaid refuses to show", () => {
    const drawing = drawFlow(linear(["1. first", "- dash", "+ plus", "10) tenth", "1.5 days"]));
    for (const label of ["1#46; first", "#45; dash", "#43; plus", "10#41; tenth", "1.5 days"])
      expect(drawing).toContain(`"${label}<br/>`);
  });

  it("shows ids as titles where there are none, whatever is in them", async () => {
    const actions = {
      'we"ird|id': { type: "trigger", config: { type: "schedule" }, next: "end" },
      end: { type: "exit" },
    };
    const drawing = drawFlow({ actions });
    await expect(mermaid.parse(drawing)).resolves.toBeTruthy();
    expect(shown(drawing)).toContain('"we"ird|id<br/>');
  });

  it("stays legible with 30 steps: a node and an edge a line, each label short", async () => {
    const drawing = drawFlow(linear(Array.from({ length: 30 }, (_, i) => `Step ${i}: ${"words ".repeat(30)}`)));
    await expect(mermaid.parse(drawing)).resolves.toBeTruthy();
    const nodes = drawing.split("\n").filter((line) => /^ {2}s\d+[[({]/.test(line));
    expect(nodes).toHaveLength(30);
    for (const node of nodes) expect(shown(node).length).toBeLessThan(160);
  });

  it("shows an edge to a step that is not there", () => {
    const drawing = drawFlow({
      actions: { a: { type: "trigger", name: "A", config: { type: "schedule" }, next: "nowhere" } },
    });
    expect(drawing).toContain("nowhere<br/>no such step");
    expect(drawing).toMatch(/class m0 missing/);
  });

  it("draws no step for what it cannot read", () => {
    expect(drawFlow({})).toBe("flowchart TD\n");
    expect(drawFlow({ actions: "[secret]" })).toBe("flowchart TD\n");
    expect(() =>
      drawFlow({ actions: { a: "text", b: { type: 5, name: {}, next: 7, branches: "x" } } as any }),
    ).not.toThrow();
  });

  it("marks a run's way with thick lines, and changes with their colours and a sign", () => {
    const definition = linear(["A", "B", "C"]);
    const drawing = drawFlow(definition, {
      steps: new Map([["step_1", "added"]]),
      edges: new Map([["step_1.next", "removed"]]),
      takenSteps: new Set(["step_0"]),
      takenEdges: new Set(["step_0.next"]),
    });
    expect(drawing).toContain("s0 ==> s1");
    expect(drawing).toContain('s1 -.->|"−"| s2');
    expect(shown(drawing)).toContain('"+ B<br/>');
    expect(drawing).toContain("class s1 added");
    expect(drawing).toContain("class s0 taken");
    expect(drawing).toMatch(/linkStyle 0 stroke:#388bfd/);
    expect(drawing).toMatch(/linkStyle 1 stroke:#e5534b/);
  });
});

describe("edges", () => {
  it("say which condition, which share, what was waited for, and what is left", () => {
    const actions = {
      plan: {
        type: "conditional_branch",
        name: "Plan?",
        config: {
          conditions: [
            { name: "Pro", filters: {} },
            { filters: { properties: [{ key: "plan", value: ["team"], operator: "exact", type: "person" }] } },
          ],
        },
        branches: ["test", "bought"],
        next: "exit",
      },
      test: {
        type: "random_cohort_branch",
        name: "A/B",
        config: { cohorts: [{ name: "A", percentage: 1 }, { percentage: 3 }] },
        branches: ["exit", "exit"],
      },
      bought: {
        type: "wait_until_condition",
        name: "Bought?",
        config: { events: [{ filters: { events: [{ id: "order completed" }] } }], maxWaitDuration: "2h" },
        branches: ["exit"],
        next: "exit",
      },
      exit: { type: "exit", name: "Exit" },
    };
    expect(edgesOf(actions).map(({ from, branch: way, label }) => [from, way, label])).toEqual([
      ["plan", 0, "Pro"],
      ["plan", 1, 'the person\'s plan is "team"'],
      ["plan", "next", "otherwise"],
      ["test", 0, "A 25 %"],
      ["test", 1, "share 2 75 %"],
      ["bought", 0, '"order completed"'],
      ["bought", "next", "timed out after 2 hours"],
    ]);
  });
});

// A flow as a Mermaid flowchart: the shape says the kind of step, labels say who goes where, and marks say what a change did or which way a run took.
import { isDict, type Dict } from "../../definition/canonical/values";
import type { StepKind } from "../../definition/schema/step-kinds";
import { orderOf } from "../../definition/graph/flow-graph";
import { edgeId, edgesOf, type Edge } from "./edges";
import { quotedLabel } from "./mermaid-text";
import { NO_SUCH_STEP, stepText } from "./step-text";

/** What a change did to a step or an edge. */
export type ChangeMark = "added" | "removed" | "changed";

/** What a drawing points out. Edges are named as `edgeId` does: `let_them_try.next`, `plan.branches[0]`. */
export interface Marks {
  /** Steps that a change touched, by id. */
  steps?: ReadonlyMap<string, ChangeMark>;
  /** Edges that a change touched. */
  edges?: ReadonlyMap<string, ChangeMark>;
  /** Steps that a run came through, by id. */
  takenSteps?: ReadonlySet<string>;
  /** Edges that a run took. */
  takenEdges?: ReadonlySet<string>;
}

/** How a flow is drawn. */
export interface DrawOptions extends Marks {
  /** What a step sends to somebody, such as `e.g. "Welcome, Ada!"`, by its id. */
  examples?: ReadonlyMap<string, string>;
  /** `TD` (default) draws from top to bottom, `LR` from left to right. */
  direction?: "TD" | "LR";
}

/** Brackets around the label. */
const SHAPES: Readonly<Record<StepKind["shape"], readonly [string, string]>> = {
  stadium: ["([", "])"],
  subroutine: ["[[", "]]"],
  rectangle: ["[", "]"],
  hexagon: ["{{", "}}"],
  rhombus: ["{", "}"],
};

/** How a mark looks: colours that stand on light and on dark pages, and a sign for those who see no colours. */
const LOOKS: Readonly<Record<ChangeMark, { sign: string; node: string; edge: string }>> = {
  added: {
    sign: "+ ",
    node: "fill:#d1f5d8,stroke:#1a7f37,stroke-width:2px,color:#0b3d1a",
    edge: "stroke:#2da44e,stroke-width:2px",
  },
  removed: {
    sign: "− ",
    node: "fill:#ffdcd9,stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 3,color:#5c0b12",
    edge: "stroke:#e5534b,stroke-width:2px,stroke-dasharray:5 3",
  },
  changed: {
    sign: "✎ ",
    node: "fill:#fff3c4,stroke:#9a6700,stroke-width:2px,color:#4d3400",
    edge: "stroke:#bf8700,stroke-width:2px",
  },
};
const TAKEN = {
  node: "fill:#dbeafe,stroke:#0550ae,stroke-width:3px,color:#0a3069",
  edge: "stroke:#388bfd,stroke-width:3px",
};
const MISSING = "fill:#ffffff,stroke:#cf222e,stroke-dasharray:2 2,color:#cf222e";

/**
 * The Mermaid text of a definition in keyed form. Never throws: what it cannot read it draws as it can. Titles and ids may hold anything.
 *
 * @param definition Keyed form, whole or just its `actions`.
 * @example
 * ```ts
 * const actions = { trigger_node: { type: "trigger", name: "Signed up", config: { type: "event" }, next: "exit_node" }, exit_node: { type: "exit", name: "Exit" } };
 * drawFlow({ actions }); // flowchart TD …
 * ```
 */
export function drawFlow(definition: { actions?: unknown }, options: DrawOptions = {}): string {
  const actions: Dict = isDict(definition.actions) ? definition.actions : {};
  const order = orderOf(actions).filter((id) => isDict(actions[id]));
  const nodes = new Map(order.map((id, i) => [id, `s${i}`]));
  const edges = edgesOf(Object.fromEntries(order.map((id) => [id, actions[id]])));
  const missing = [...new Set(edges.map(({ to }) => to).filter((to) => !nodes.has(to)))];
  missing.forEach((id, i) => nodes.set(id, `m${i}`));
  return [
    `flowchart ${options.direction ?? "TD"}`,
    ...order.map((id) => `  ${nodes.get(id)!}${node(id, actions, options)}`),
    ...missing.map((id) => `  ${nodes.get(id)!}["${quotedLabel([id, NO_SUCH_STEP]).slice(1, -1)}"]`),
    ...edges.map((edge) => `  ${arrow(edge, nodes, options)}`),
    ...styles({ order, missing, nodes, edges }, options),
    "",
  ].join("\n");
}

function node(id: string, actions: Dict, { examples, ...marks }: DrawOptions): string {
  const { title, below, shape } = stepText(actions, id);
  const [open, close] = SHAPES[shape];
  const mark = marks.steps?.get(id);
  const lines = [
    `${mark ? LOOKS[mark].sign : ""}${title}`,
    ...(below === undefined ? [] : [below]),
    ...(examples?.has(id) ? [examples.get(id)!] : []),
  ];
  return `${open}${quotedLabel(lines)}${close}`;
}

function arrow(edge: Edge, nodes: ReadonlyMap<string, string>, marks: Marks): string {
  const mark = marks.edges?.get(edgeId(edge));
  const line = mark === "removed" ? "-.->" : marks.takenEdges?.has(edgeId(edge)) ? "==>" : "-->";
  const sign = mark ? LOOKS[mark].sign : "";
  const label = edge.label === undefined ? sign.trim() : `${sign}${edge.label}`;
  return `${nodes.get(edge.from)!} ${line}${label === "" ? "" : `|${quotedLabel([label])}|`} ${nodes.get(edge.to)!}`;
}

interface Drawn {
  /** Ids of steps. */
  order: readonly string[];
  /** Ids that an edge leads to and no step has. */
  missing: readonly string[];
  /** The name of each in the text. */
  nodes: ReadonlyMap<string, string>;
  edges: readonly Edge[];
}

function styles({ order, missing, nodes, edges }: Drawn, marks: Marks): string[] {
  const lines: string[] = [];
  const style = (name: string, look: string, ids: readonly string[]): void => {
    if (ids.length > 0)
      lines.push(`  classDef ${name} ${look}`, `  class ${ids.map((id) => nodes.get(id)!).join(",")} ${name}`);
  };
  const link = (look: string, wanted: (edge: Edge) => boolean): void => {
    const found = edges.flatMap((edge, i) => (wanted(edge) ? [i] : []));
    if (found.length > 0) lines.push(`  linkStyle ${found.join(",")} ${look}`);
  };
  style(
    "taken",
    TAKEN.node,
    order.filter((id) => marks.takenSteps?.has(id)),
  );
  link(TAKEN.edge, (edge) => marks.takenEdges?.has(edgeId(edge)) === true);
  for (const mark of Object.keys(LOOKS) as ChangeMark[]) {
    style(
      mark,
      LOOKS[mark].node,
      order.filter((id) => marks.steps?.get(id) === mark),
    );
    link(LOOKS[mark].edge, (edge) => marks.edges?.get(edgeId(edge)) === mark);
  }
  style("missing", MISSING, missing);
  return lines;
}

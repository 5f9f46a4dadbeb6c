// The layers of a drawing, from top to bottom, and what stands beside what in each: dagre's work. Where in a layer it stands is decided in columns.ts.
import { Graph, layout, type LayeredGraph } from "./dagre";

/** An edge between nodes that are named by their index. */
export interface Link {
  from: number;
  to: number;
}

/** What takes room in a layer: a node, or an edge on its way through. */
export type Cell = { node: number } | { edge: number };

export interface Layers {
  /** From left to right in each. Between two nodes of an edge there is always at least one layer, for its label. */
  layers: Cell[][];
  /** Edges that lead up, by index: they close a loop. */
  upward: ReadonlySet<number>;
}

/** Branches keep their order from left to right unless edges cross then. An edge from a node to itself takes no room here. */
export function layersOf(nodes: number, links: readonly Link[]): Layers {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({});
  for (let node = 0; node < nodes; node += 1) graph.setNode(`${node}`, { width: 1, height: 1 });
  links.forEach(({ from, to }, edge) => {
    if (from !== to) graph.setEdge(`${from}`, `${to}`, {}, `${edge}`);
  });
  // What nothing leads to does not stand above the trigger, which is the first node.
  for (const source of graph.sources()) if (source !== "0") graph.setEdge("0", source, {}, HIDDEN);
  let found: Counted = { layers: [], upward: new Set(), crossings: 0 };
  layout(graph, {
    // Here is the only moment at which dagre's graph is in layers, each edge cut where it comes through one.
    customOrder: (layered, order) => {
      order(layered, { disableOptimalOrderHeuristic: true });
      found = cellsOf(layered);
      if (found.crossings === 0) return;
      order(layered);
      const other = cellsOf(layered);
      if (other.crossings < found.crossings) found = other;
    },
  });
  return found;
}

/** An edge that nobody sees. */
const HIDDEN = "hidden";

interface Counted extends Layers {
  /** How often edges cross. */
  crossings: number;
}

function cellsOf(graph: LayeredGraph): Counted {
  const upward = new Set<number>();
  const layers: Cell[][] = [];
  let crossings = 0;
  const names: string[][] = [];
  for (const name of graph.nodes()) {
    const { rank, order } = graph.node(name);
    (names[rank] ??= [])[order] = name;
  }
  names.forEach((layer, rank) => {
    layers[rank] = layer.flatMap((name): Cell[] => {
      const { edgeObj, edgeLabel } = graph.node(name);
      if (edgeObj === undefined) return [{ node: Number(name) }];
      const edge = edgeLabel?.forwardName ?? edgeObj.name;
      if (edge === HIDDEN) return [];
      if (edgeLabel?.reversed === true) upward.add(Number(edge));
      return [{ edge: Number(edge) }];
    });
    const ends = layer.flatMap((name) =>
      (graph.successors(name) ?? []).map((to) => graph.node(to).order).sort((a, b) => a - b),
    );
    ends.forEach((end, i) => {
      for (let j = 0; j < i; j += 1) if (ends[j]! > end) crossings += 1;
    });
  });
  return { layers, upward, crossings };
}

// What is used of dagre, by type. Its own types are for ES modules only, and this package is compiled to CommonJS.
declare module "@dagrejs/dagre" {
  /** dagre's own graph once it is in layers, each edge cut into pieces from layer to layer. */
  export interface LayeredGraph {
    nodes(): string[];
    node(name: string): {
      rank: number;
      order: number;
      /** Of a piece of an edge: the edge, and whether dagre turned it around, with the name that it had before. */
      edgeObj?: { name: string };
      edgeLabel?: { reversed?: boolean; forwardName?: string };
    };
    successors(name: string): string[] | undefined;
  }
  export interface Graph {
    setGraph(options: object): void;
    setNode(name: string, size: { width: number; height: number }): void;
    setEdge(from: string, to: string, options: object, name: string): void;
    sources(): string[];
  }
  export const graphlib: { Graph: new (options: { multigraph: boolean }) => Graph };
  export function layout(
    graph: Graph,
    options: {
      /** Called in place of dagre's own way to order each layer, which it gets. */
      customOrder(
        graph: LayeredGraph,
        order: (graph: LayeredGraph, options?: { disableOptimalOrderHeuristic: boolean }) => void,
      ): void;
    },
  ): void;
}

// Nodes and edges with their texts as a drawing that is laid out: from top to bottom, the first node on top, the main path in one line, no edge through a node
// and no text over another.
import type { DrawnEdge, DrawnNode, Drawing } from "../../show/data";
import { BELOW, GAP, LABEL, PADDING, TITLE } from "../../show/drawing-sizes";
import { columnsOf } from "./columns";
import { layersOf, type Cell } from "./layers";
import { straightLines } from "./main-path";
import { breakLines, textWidth } from "./text-lines";

/** Widest lines, in CSS pixels, and the most of them. A rhombus has less room in it. */
const WIDEST = { title: 190, inRhombus: 116, below: 200, label: 150 };
const MOST_LINES = 3;
const NARROWEST_NODE = 72;

/** Between layers: an edge has room for its bend, and more of it the farther it goes aside. */
const BETWEEN = { least: 20, most: 44, slope: 0.07 };
/** Around the drawing: a sign on the border of a step has room. */
const MARGIN = 12;
/** An edge that leads to its own step: how far it goes out to the right, and how high it is. */
const ROUND = { out: 22, height: 14, between: 8 };
/** How far from its middle an edge that leads up meets a step. */
const ASIDE = 40;

/** What a mark reads as at the beginning of a label, for those who see no colours. */
const SIGNS = { added: "+", removed: "−", changed: "~" } as const;

type Sized = Omit<DrawnNode, "x" | "y">;
type Label = Omit<NonNullable<DrawnEdge["label"]>, "x" | "y">;

/** A node and what is written in it. */
export interface NodeToDraw extends Pick<DrawnNode, "id" | "shape" | "mark"> {
  title: string;
  below?: string;
}

/** An edge between nodes and what is written beside it. */
export interface EdgeToDraw extends Pick<DrawnEdge, "id" | "from" | "to" | "mark"> {
  label?: string;
}

/** A drawing of more nobody reads, and dagre goes as deep as a graph is long. */
const MOST_NODES = 1000;

/**
 * The drawing, all numbers in CSS pixels. Both ends of each edge are nodes. The same graph always gives the same drawing; one of more than a thousand nodes
 * is not drawn.
 */
export function layoutGraph(given: { nodes: readonly NodeToDraw[]; edges: readonly EdgeToDraw[] }): Drawing {
  if (given.nodes.length === 0 || given.nodes.length > MOST_NODES) return { width: 0, height: 0, nodes: [], edges: [] };
  const nodes = given.nodes.map(sized);
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  const links = given.edges.map(({ from, to }) => ({ from: index.get(from)!, to: index.get(to)! }));
  const edges = given.edges.map((edge) => ({ ...edge, label: sizedLabel(edge.label, edge.mark) }));
  const rounds = roundsOf(links, edges, nodes);
  const { layers, upward } = layersOf(nodes.length, links);
  /** The layer in which an edge has its label: the one next to the step that it leaves. */
  const labelled = new Map<number, number>();
  layers.forEach((cells, layer) => {
    for (const cell of cells)
      if ("edge" in cell && (upward.has(cell.edge) || !labelled.has(cell.edge))) labelled.set(cell.edge, layer);
  });
  const sizeOf = (cell: Cell, layer: number): { width: number; height: number } => {
    if ("edge" in cell)
      return (labelled.get(cell.edge) === layer && edges[cell.edge]!.label) || { width: 0, height: 0 };
    const { width, height } = nodes[cell.node]!;
    return { width: width + 2 * (rounds.roomOf.get(cell.node) ?? 0), height };
  };
  const { nodeX, edgeX } = columnsOf({
    layers,
    upward,
    links,
    nodes: nodes.length,
    lines: straightLines(nodes.length, links, upward),
    widthOf: (cell, layer) => sizeOf(cell, layer).width,
  });

  const layerOf: number[] = [];
  layers.forEach((cells, layer) => cells.forEach((cell) => "node" in cell && (layerOf[cell.node] = layer)));
  /** Where a link comes through each layer from the upper to the lower one of its steps, these included. */
  const throughs = links.map(({ from, to }, edge) => {
    const [upper, lower] = upward.has(edge) ? [to, from] : [from, to];
    const end = (node: number) => ({
      layer: layerOf[node]!,
      x: nodeX[node]! + (upward.has(edge) ? aside(node, edge) : 0),
    });
    return from === to ? [] : [end(upper), ...edgeX[edge]!, end(lower)];
  });
  /** An edge that leads up meets its steps on the side that it comes from. */
  function aside(node: number, edge: number): number {
    const side = Math.sign(edgeX[edge]![0]!.x - nodeX[node]!) || 1;
    return side * Math.min(ASIDE, nodes[node]!.width / 4);
  }
  const bands = bandsOf(
    layers.map((cells, layer) => Math.max(0, ...cells.map((cell) => sizeOf(cell, layer).height))),
    throughs,
  );
  const middle = (layer: number): number => (bands[layer]!.top + bands[layer]!.bottom) / 2;

  const drawn = nodes.map((node, i): DrawnNode & { middle: { x: number; y: number } } => {
    const [x, y] = [nodeX[i]! + MARGIN, middle(layerOf[i]!) + MARGIN];
    return { ...node, x: x - node.width / 2, y: y - node.height / 2, middle: { x, y } };
  });
  const drawnEdges = edges.map(({ label, ...edge }, i): DrawnEdge => {
    const { from, to } = links[i]!;
    if (from === to) return { ...edge, ...rounds.draw(i, drawn[from]!) };
    const [upper, lower] = upward.has(i) ? [drawn[to]!, drawn[from]!] : [drawn[from]!, drawn[to]!];
    const points = throughs[i]!.flatMap(({ layer, x }, at, all) => {
      const { top, bottom } = bands[layer]!;
      const isFirst = at === 0;
      const isLast = at === all.length - 1;
      return [
        { x: x + MARGIN, y: isFirst ? borderY(upper, x + MARGIN, 1) : top + MARGIN },
        { x: x + MARGIN, y: isLast ? borderY(lower, x + MARGIN, -1) : bottom + MARGIN },
      ];
    });
    const layer = labelled.get(i)!;
    const at = { x: edgeX[i]!.find((through) => through.layer === layer)!.x + MARGIN, y: middle(layer) + MARGIN };
    return {
      ...edge,
      points: corners(upward.has(i) ? points.reverse() : points),
      ...(label ? { label: { ...label, ...at } } : {}),
    };
  });
  const right = [
    ...drawn.map(({ x, width }) => x + width),
    ...drawnEdges.flatMap(({ points, label }) => [
      ...points.map(({ x }) => x),
      ...(label ? [label.x + label.width / 2] : []),
    ]),
  ];
  return {
    width: Math.ceil(right.reduce((most, x) => Math.max(most, x), 0)) + MARGIN,
    height: Math.ceil(bands.at(-1)!.bottom) + 2 * MARGIN,
    nodes: drawn.map(({ middle: _, ...node }) => node),
    edges: drawnEdges,
  };
}

/** The lines of a node, and how large it is around them. */
function sized({ title, below, ...node }: NodeToDraw): Sized {
  const bold = { ...TITLE, isBold: true };
  const width = node.shape === "rhombus" ? WIDEST.inRhombus : WIDEST.title;
  const lines = breakLines(title, { ...bold, width, lines: MOST_LINES });
  const lower = below === undefined ? [] : breakLines(below, { ...BELOW, width: WIDEST.below, lines: MOST_LINES });
  const text = {
    width: Math.max(0, ...lines.map((line) => textWidth(line, bold)), ...lower.map((line) => textWidth(line, BELOW))),
    height: Math.max(1, lines.length) * TITLE.line + (lower.length > 0 ? GAP + lower.length * BELOW.line : 0),
  };
  // A rectangle touches the sides of a rhombus around it where the two shares of width and height are one.
  const around =
    node.shape === "rhombus"
      ? { width: text.width + 2 * text.height + 8, height: text.height + text.width / 2 + 4 }
      : { width: text.width + 2 * PADDING.x, height: text.height + 2 * PADDING.y };
  return {
    ...node,
    title: lines,
    below: lower,
    // Even numbers: the middle is a whole one.
    width: 2 * Math.ceil(Math.max(around.width, NARROWEST_NODE) / 2),
    height: 2 * Math.ceil(around.height / 2),
  };
}

function sizedLabel(label: string | undefined, mark: DrawnEdge["mark"]): Label | undefined {
  const text = [...(mark === undefined ? [] : [SIGNS[mark]]), ...(label === undefined ? [] : [label])].join(" ");
  const lines = breakLines(text, { ...LABEL, width: WIDEST.label, lines: MOST_LINES });
  if (lines.length === 0) return undefined;
  const width = 2 * Math.ceil(Math.max(...lines.map((line) => textWidth(line, LABEL))) / 2) + 8;
  return { lines, width, height: lines.length * LABEL.line + 2 };
}

/** From where to where each layer is, from top to bottom. */
function bandsOf(
  heights: readonly number[],
  throughs: readonly (readonly { layer: number; x: number }[])[],
): { top: number; bottom: number }[] {
  const farthest = heights.map(() => 0);
  for (const through of throughs)
    through.forEach(({ layer, x }, i) => {
      if (i > 0) farthest[layer] = Math.max(farthest[layer]!, Math.abs(x - through[i - 1]!.x));
    });
  let y = 0;
  return heights.map((height, layer) => {
    const { least, most, slope } = BETWEEN;
    const top = layer === 0 ? 0 : y + Math.min(most, least + farthest[layer]! * slope);
    y = top + height;
    return { top, bottom: y };
  });
}

/** Where the border of a node is, under or over its middle. */
function borderY(node: DrawnNode, x: number, side: 1 | -1): number {
  const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
  const share = node.shape === "rhombus" ? 1 - Math.abs(x - middle.x) / (node.width / 2) : 1;
  return middle.y + (side * share * node.height) / 2;
}

function borderX(node: DrawnNode, y: number): number {
  const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
  const share = node.shape === "rhombus" ? 1 - Math.abs(y - middle.y) / (node.height / 2) : 1;
  return middle.x + (share * node.width) / 2;
}

/** The points without those that a straight line passes anyway. */
const corners = (points: readonly { x: number; y: number }[]): { x: number; y: number }[] =>
  points
    .filter(({ x, y }, i) => i === 0 || x !== points[i - 1]!.x || y !== points[i - 1]!.y)
    .filter(({ x }, i, all) => x !== all[i - 1]?.x || x !== all[i + 1]?.x);

/** Edges that lead from a step to itself: one below the other to the right of it. Makes the step high enough for them. */
function roundsOf(
  links: readonly { from: number; to: number }[],
  edges: readonly { label: Label | undefined }[],
  nodes: Sized[],
) {
  /** Of each edge, how far below the middle of its step. */
  const offsets = new Map<number, number>();
  const roomOf = new Map<number, number>();
  nodes.forEach((node, i) => {
    const own = links.flatMap(({ from, to }, edge) => (from === i && to === i ? [edge] : []));
    if (own.length === 0) return;
    const heights = own.map((edge) => Math.max(ROUND.height, edges[edge]!.label?.height ?? 0) + ROUND.between);
    const height = heights.reduce((sum, one) => sum + one, 0);
    let y = -height / 2;
    own.forEach((edge, at) => {
      offsets.set(edge, y + heights[at]! / 2);
      y += heights[at]!;
    });
    const least = node.shape === "rhombus" ? 2 * height : height;
    nodes[i] = { ...node, height: Math.max(node.height, 2 * Math.ceil(least / 2)) };
    roomOf.set(i, ROUND.out + 6 + Math.max(0, ...own.map((edge) => edges[edge]!.label?.width ?? 0)));
  });
  const draw = (edge: number, node: DrawnNode): Pick<DrawnEdge, "points" | "label"> => {
    const y = node.y + node.height / 2 + offsets.get(edge)!;
    const out = node.x + node.width + ROUND.out;
    const [above, under] = [y - ROUND.height / 2, y + ROUND.height / 2];
    const label = edges[edge]!.label;
    return {
      points: [
        { x: borderX(node, above), y: above },
        { x: out, y: above },
        { x: out, y: under },
        { x: borderX(node, under), y: under },
      ],
      ...(label ? { label: { ...label, x: out + 4 + label.width / 2, y } } : {}),
    };
  };
  return { roomOf, draw };
}

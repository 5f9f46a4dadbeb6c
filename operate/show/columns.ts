// Where in its layer everything stands: what goes on straight shares one column, columns of a layer keep their distance, and each is drawn to what it is linked with.
import type { Cell, Layers, Link } from "./layers";
import type { Aligned } from "./main-path";

/** Least room between two things in a layer, by whether each is a node. */
const DISTANCE = { nodes: 36, nodeAndEdge: 22, edges: 18 };
/** How often everything is drawn to its neighbours. More changes nothing that one sees. */
const ROUNDS = 120;
/** How much of an edge's pull one has that leads up. */
const UPWARD_PULL = 0.25;

/** A cell in its layer. */
interface Placed {
  layer: number;
  isNode: boolean;
  width: number;
  column: Column;
  right?: Placed;
}

/** Cells of which all have the same x. */
interface Column {
  cells: Placed[];
  x: number;
  pulls: { to: Column; weight: number }[];
}

export interface ColumnsInput extends Layers {
  links: readonly Link[];
  nodes: number;
  /** Most important first. */
  lines: readonly Aligned[];
  /** Width of a cell in a layer. */
  widthOf: (cell: Cell, layer: number) => number;
}

export interface Columns {
  /** The middle of each node. */
  nodeX: number[];
  /** Of each edge, the layers that it comes through from top to bottom. */
  edgeX: { layer: number; x: number }[][];
}

export function columnsOf({ layers, upward, links, nodes, lines, widthOf }: ColumnsInput): Columns {
  const nodeCells: Placed[] = [];
  const edgeCells: Placed[][] = links.map(() => []);
  const rows = layers.map((cells, layer) =>
    cells.map((cell) => {
      const placed = { layer, isNode: "node" in cell, width: widthOf(cell, layer) } as Placed;
      placed.column = { cells: [placed], x: 0, pulls: [] };
      if ("node" in cell) nodeCells[cell.node] = placed;
      else edgeCells[cell.edge]!.push(placed);
      return placed;
    }),
  );
  for (const row of rows) row.forEach((cell, i) => (cell.right = row[i + 1]));

  straightenEdges(rows, edgeCells);
  for (const { from, to, edge } of lines) {
    const through = edge === undefined ? [] : edgeCells[edge]!;
    join([nodeCells[from]!, ...through, nodeCells[to]!]);
  }
  // An edge is straight up to where it meets others.
  const [outs, ins] = [Array<number>(nodes).fill(0), Array<number>(nodes).fill(0)];
  const isDown = (edge: number): boolean => !upward.has(edge) && links[edge]!.from !== links[edge]!.to;
  links.forEach(({ from, to }, edge) => {
    if (isDown(edge)) [outs[from], ins[to]] = [outs[from]! + 1, ins[to]! + 1];
  });
  links.forEach(({ from, to }, edge) => {
    if (!isDown(edge)) return;
    if (ins[to] === 1) join([edgeCells[edge]!.at(-1)!, nodeCells[to]!]);
    if (outs[from] === 1) join([nodeCells[from]!, edgeCells[edge]![0]!]);
  });

  links.forEach(({ from, to }, edge) => {
    if (from === to) return;
    const weight = isDown(edge) ? 1 : UPWARD_PULL;
    const along = [
      nodeCells[from]!,
      ...(isDown(edge) ? edgeCells[edge]! : edgeCells[edge]!.toReversed()),
      nodeCells[to]!,
    ];
    along.slice(1).forEach((cell, i) => pull(along[i]!.column, cell.column, weight));
  });
  settle(rows.flat());
  return {
    nodeX: nodeCells.map(({ column }) => column.x),
    edgeX: edgeCells.map((cells) => cells.map(({ layer, column }) => ({ layer, x: column.x }))),
  };
}

function pull(a: Column, b: Column, weight: number): void {
  if (a === b) return;
  a.pulls.push({ to: b, weight });
  b.pulls.push({ to: a, weight });
}

/** Each edge is one column from layer to layer, as far as edges do not cross. */
function straightenEdges(rows: readonly Placed[][], edgeCells: readonly Placed[][]): void {
  const below = new Map<Placed, Placed>();
  for (const cells of edgeCells) cells.forEach((cell, i) => i > 0 && below.set(cells[i - 1]!, cell));
  const index = new Map(rows.flatMap((row) => row.map((cell, i) => [cell, i] as const)));
  for (const row of rows) {
    let last = -1;
    for (const cell of row) {
      const next = below.get(cell);
      if (next === undefined || index.get(next)! < last) continue;
      last = index.get(next)!;
      merge(cell.column, next.column);
    }
  }
}

function merge(into: Column, column: Column): void {
  if (into === column) return;
  for (const cell of column.cells) {
    cell.column = into;
    into.cells.push(cell);
  }
}

/** Makes one column of all of them, unless one of them is to the right of another. */
function join(cells: readonly Placed[]): void {
  cells.slice(1).forEach((cell, i) => {
    const [a, b] = [cells[i]!.column, cell.column];
    if (a !== b && !isLeftOf(a, b) && !isLeftOf(b, a)) merge(a, b);
  });
}

function isLeftOf(left: Column, right: Column): boolean {
  const seen = new Set([left]);
  const stack = [left];
  for (let column = stack.pop(); column; column = stack.pop())
    for (const cell of column.cells) {
      const next = cell.right?.column;
      if (next === undefined || seen.has(next)) continue;
      if (next === right) return true;
      seen.add(next);
      stack.push(next);
    }
  return false;
}

interface Pair {
  left: Column;
  right: Column;
  distance: number;
}

/** Gives each column its x, whole numbers from 0. */
function settle(cells: readonly Placed[]): void {
  const pairs = pairsOf(cells);
  const columns = inOrder([...new Set(cells.map(({ column }) => column))], pairs);
  keepDistance(columns, pairs);
  const strength = (column: Column): number => column.pulls.reduce((sum, { weight }) => sum + weight, 0.01);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const column of columns) {
      const sum = column.pulls.reduce((all, { to, weight }) => all + to.x * weight, 0.01 * column.x);
      column.x = sum / strength(column);
    }
    for (const { left, right, distance } of round % 2 === 0 ? pairs : pairs.toReversed()) {
      const missing = distance - (right.x - left.x);
      if (missing <= 0) continue;
      const share = strength(right) / (strength(left) + strength(right));
      left.x -= missing * share;
      right.x += missing * (1 - share);
    }
  }
  for (const column of columns) column.x = Math.round(column.x);
  keepDistance(columns, pairs);
  const start = Math.min(...cells.map(({ column, width }) => column.x - Math.floor(width / 2)));
  for (const column of columns) column.x -= start;
}

/** What is beside each other, once for each pair of columns. */
function pairsOf(cells: readonly Placed[]): Pair[] {
  const pairs = new Map<Column, Map<Column, Pair>>();
  for (const left of cells) {
    const right = left.right;
    if (right === undefined) continue;
    const least =
      left.isNode && right.isNode
        ? DISTANCE.nodes
        : left.isNode || right.isNode
          ? DISTANCE.nodeAndEdge
          : DISTANCE.edges;
    const distance = Math.ceil((left.width + right.width) / 2 + least);
    const found = pairs.get(left.column) ?? new Map<Column, Pair>();
    pairs.set(left.column, found);
    const known = found.get(right.column);
    if (known) known.distance = Math.max(known.distance, distance);
    else found.set(right.column, { left: left.column, right: right.column, distance });
  }
  return [...pairs.values()].flatMap((found) => [...found.values()]);
}

/** Each column after those to its left. */
function inOrder(columns: readonly Column[], pairs: readonly Pair[]): Column[] {
  const waiting = new Map(columns.map((column) => [column, 0]));
  for (const { right } of pairs) waiting.set(right, waiting.get(right)! + 1);
  const rightOf = grouped(pairs, "left");
  const order = columns.filter((column) => waiting.get(column) === 0);
  for (const column of order)
    for (const { right } of rightOf.get(column) ?? []) {
      waiting.set(right, waiting.get(right)! - 1);
      if (waiting.get(right) === 0) order.push(right);
    }
  return order;
}

/** Moves to the right what is too close to its left. */
function keepDistance(columns: readonly Column[], pairs: readonly Pair[]): void {
  const leftOf = grouped(pairs, "right");
  for (const column of columns)
    for (const { left, distance } of leftOf.get(column) ?? []) column.x = Math.max(column.x, left.x + distance);
}

function grouped(pairs: readonly Pair[], by: "left" | "right"): Map<Column, Pair[]> {
  const groups = new Map<Column, Pair[]>();
  for (const pair of pairs) groups.set(pair[by], [...(groups.get(pair[by]) ?? []), pair]);
  return groups;
}

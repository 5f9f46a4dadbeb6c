// What a drawing keeps in one line from top to bottom: the path that most of a flow is on, and where the branches of a fork come together again under it.
import type { Link } from "./layers";

/** What is to stand in one line: a node and the next one, and the edge between them where it is drawn straight. */
export interface Aligned {
  from: number;
  to: number;
  edge?: number;
}

/** How many steps longer a branch is than the others for the main path to go on in it, where all of them end in the same step. */
const LONGER = 2;

/**
 * What goes on straight, the most important first: from the first node along, then what hangs on that.
 *
 * @param upward Edges that close a loop; they decide nothing.
 */
export function straightLines(nodes: number, links: readonly Link[], upward: ReadonlySet<number>): Aligned[] {
  const out = Array.from({ length: nodes }, (): number[] => []);
  links.forEach(({ from, to }, edge) => {
    if (from !== to && !upward.has(edge)) out[from]!.push(edge);
  });
  const to = (edge: number): number => links[edge]!.to;
  const order = fromEnds(nodes, (node) => out[node]!.map(to));
  const { left, meeting } = ahead(order, (node) => out[node]!.map(to));

  const goesOn = (from: number): Aligned | undefined => {
    const edges = out[from]!;
    if (edges.length === 0) return undefined;
    const longest = edges.reduce((best, edge) => (left[to(edge)]! > left[to(best)]! ? edge : best));
    const along = (edge: number): Aligned => ({ from, to: to(edge), edge });
    if (edges.length === 1) return along(longest);
    const meets = meeting[from];
    if (meets === undefined) return along(longest);
    const others = edges.filter((edge) => edge !== longest).map((edge) => left[to(edge)]!);
    const isEnd = out[meets]!.length === 0;
    if (isEnd && left[to(longest)]! >= Math.max(...others) + LONGER) return along(longest);
    const directly = edges.find((edge) => to(edge) === meets);
    return directly === undefined ? { from, to: meets } : along(directly);
  };

  const lines: Aligned[] = [];
  const seen = new Set<number>();
  for (let start = 0; start < nodes; start += 1)
    for (let at: number | undefined = start; at !== undefined && !seen.has(at);) {
      seen.add(at);
      const line = goesOn(at);
      // Where several come together, the most important one goes on.
      if (line && !seen.has(line.to)) lines.push(line);
      at = line?.to;
    }
  return lines;
}

/** Each node after all that it leads to. Without recursion: a flow may be longer than the stack is deep. */
function fromEnds(nodes: number, next: (node: number) => readonly number[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  for (let start = 0; start < nodes; start += 1) {
    const stack = [{ node: start, isDone: false }];
    for (let top = stack.pop(); top; top = stack.pop()) {
      if (top.isDone) {
        order.push(top.node);
        continue;
      }
      if (seen.has(top.node)) continue;
      seen.add(top.node);
      stack.push({ node: top.node, isDone: true });
      for (const node of next(top.node)) if (!seen.has(node)) stack.push({ node, isDone: false });
    }
  }
  return order;
}

/** How many steps may follow each node, and the first node that all that go on from it come to, where there is one. */
function ahead(order: readonly number[], next: (node: number) => readonly number[]) {
  const left: number[] = [];
  const meeting: (number | undefined)[] = [];
  /** How many meetings follow. */
  const depth: number[] = [];
  const common = (a: number, b: number): number | undefined => {
    let [x, y]: [number | undefined, number | undefined] = [a, b];
    while (x !== undefined && y !== undefined && x !== y) {
      if (depth[x]! >= depth[y]!) x = meeting[x];
      else y = meeting[y];
    }
    return x === undefined || y === undefined ? undefined : x;
  };
  for (const node of order) {
    const following = next(node);
    left[node] = following.reduce((most, to) => Math.max(most, left[to]! + 1), 0);
    meeting[node] = following.reduce<number | undefined>(
      (met, to, i) => (i === 0 ? to : met === undefined ? undefined : common(met, to)),
      undefined,
    );
    depth[node] = meeting[node] === undefined ? 0 : depth[meeting[node]]! + 1;
  }
  return { left, meeting };
}

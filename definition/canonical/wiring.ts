// Edges of the wire <-> `next` and `branches` inside each step. What the keyed form cannot say is kept in the leftover, in its order.
import { orderOf } from "../graph/flow-graph";
import type { LeftoverEdge } from "../schema/types";
import { isDict, own, put, type Dict } from "./values";

interface WireEdge {
  from: string;
  to: string;
  type: string;
  index?: number;
}

export interface Wiring {
  next: Map<string, string>;
  branches: Map<string, string[]>;
  leftover: unknown[];
}

/** An edge as the server stores it: the four keys alone, ids trimmed, the index a number (API §2.3, row 21). */
export function plainEdge(edge: unknown): unknown {
  if (!isDict(edge)) return edge;
  const out: Dict = {};
  for (const key of ["from", "to", "type", "index"]) {
    const value = edge[key];
    if (value === undefined) continue;
    if (key === "index") out[key] = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
    else out[key] = typeof value === "string" ? value.trim() : value;
  }
  return out;
}

/** The wiring that a list of edges says. Among edges of one kind PostHog follows the first (run time §2.4), so once one of a kind is left
 *  over, every later one of that kind is, too. */
export function fromEdges(edges: readonly unknown[], ids: ReadonlySet<string>): Wiring {
  const firsts = new Map<string, { edge: WireEdge; i: number }>();
  const spoilt = new Set<string>();
  // By index: a doubled edge may be one object twice.
  const left = new Set<number>();
  for (const [i, edge] of edges.entries()) {
    if (!isWireEdge(edge)) {
      left.add(i);
      continue;
    }
    const kind = kindOf(edge);
    const sayable =
      ids.has(edge.from) &&
      ids.has(edge.to) &&
      (edge.type === "continue" || (edge.type === "branch" && (edge.index ?? -1) >= 0));
    if (!sayable || spoilt.has(kind) || firsts.has(kind)) {
      spoilt.add(kind);
      left.add(i);
    } else firsts.set(kind, { edge, i });
  }
  const next = new Map<string, string>();
  const targets = new Map<string, Map<number, { to: string; i: number }>>();
  for (const { edge, i } of firsts.values()) {
    if (edge.type === "continue") next.set(edge.from, edge.to);
    else
      targets.set(
        edge.from,
        (targets.get(edge.from) ?? new Map<number, { to: string; i: number }>()).set(edge.index!, { to: edge.to, i }),
      );
  }
  const branches = new Map<string, string[]>();
  for (const [from, byIndex] of targets) {
    const list: string[] = [];
    while (byIndex.has(list.length)) list.push(byIndex.get(list.length)!.to);
    if (list.length > 0) branches.set(from, list);
    for (const [index, { i }] of byIndex) if (index >= list.length) left.add(i);
  }
  return { next, branches, leftover: edges.filter((_, i) => left.has(i)) };
}

/** Edges of one kind compete: the first of them counts. The index of a continue edge is ignored at run time. */
function kindOf(edge: unknown): string {
  const { from, type, index } = (isDict(edge) ? edge : {}) as Partial<LeftoverEdge>;
  return JSON.stringify([from ?? null, type ?? null, type === "continue" ? null : (index ?? null)]);
}

function isWireEdge(edge: unknown): edge is WireEdge {
  if (!isDict(edge)) return false;
  const { from, to, type, index } = edge;
  return (
    typeof from === "string" &&
    typeof to === "string" &&
    typeof type === "string" &&
    (index === undefined || Number.isInteger(index))
  );
}

/** The edges of the wire, in the order of the steps; leftover ones last, in their own order. */
export function toEdges(actions: Dict, order: readonly string[], leftover: readonly unknown[]): unknown[] {
  const edges: unknown[] = [];
  for (const from of order) {
    const branches = own(actions[from], "branches");
    if (Array.isArray(branches)) branches.forEach((to, index) => edges.push({ from, to, type: "branch", index }));
    const next = own(actions[from], "next");
    if (typeof next === "string") edges.push({ from, to: next, type: "continue" });
  }
  return [...edges, ...leftover];
}

/** The steps with every leftover edge that they have room for, and the edges that are left then. */
export function absorbed(actions: Dict, edges: readonly unknown[]): { actions: Dict; edges: unknown[] } {
  const leftover = edges.map(plainEdge);
  const wiring = fromEdges(toEdges(actions, orderOf(actions), leftover), new Set(Object.keys(actions)));
  const steps: Dict = {};
  for (const [id, step] of Object.entries(actions)) {
    const next = wiring.next.get(id);
    const branches = wiring.branches.get(id);
    const given = own(step, "branches");
    const hasRoom =
      given === undefined || (Array.isArray(given) && branches !== undefined && branches.length > given.length);
    put(
      steps,
      id,
      isDict(step)
        ? {
            ...step,
            ...(step["next"] === undefined && next !== undefined ? { next } : {}),
            ...(branches !== undefined && hasRoom ? { branches } : {}),
          }
        : step,
    );
  }
  const left = new Set(wiring.leftover);
  return { actions: steps, edges: leftover.filter((edge) => left.has(edge)) };
}

/** Leftover edges in a fixed order, which keeps that of edges of one kind, because the first of them counts. */
export function sortedLeftover(edges: readonly unknown[]): unknown[] {
  return edges
    .map((edge, i) => ({ edge, i, kind: kindOf(edge) }))
    .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.i - b.i))
    .map(({ edge }) => edge);
}

/** A list of things with keys as a map; what has no key, or one that is taken, is left over. */
export function byKey(items: readonly unknown[], keyName: string): { map: Dict; rest: unknown[] } {
  const map: Dict = {};
  const rest: unknown[] = [];
  for (const item of items) {
    const key = own(item, keyName);
    const trimmed = typeof key === "string" ? key.trim() : "";
    if (!isDict(item) || trimmed === "" || Object.hasOwn(map, trimmed)) rest.push(item);
    else {
      const { [keyName]: _, ...others } = item;
      put(map, trimmed, others);
    }
  }
  return { map, rest };
}

// Edges of the wire <-> `next` and `branches` inside each step. What the keyed form cannot say goes to the leftover, in its order.
import type { LeftoverEdge } from "../schema/types";
import { isDict, own, put, type Dict } from "./values";

export interface WireEdge {
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

/** The wiring that a list of edges says. Among edges of one kind PostHog follows the first (run time §2.4), so once one of a kind is left
 *  over, every later one of that kind is, too. */
export function fromEdges(edges: readonly unknown[], ids: ReadonlySet<string>): Wiring {
  const firsts = new Map<string, WireEdge>();
  const spoilt = new Set<string>();
  const leftover: unknown[] = [];
  for (const edge of edges) {
    if (!isWireEdge(edge)) {
      leftover.push(edge);
      continue;
    }
    // The index of a continue edge is ignored at run time.
    const kind = JSON.stringify([edge.from, edge.type, edge.type === "continue" ? null : (edge.index ?? null)]);
    const sayable = ids.has(edge.from) && ids.has(edge.to) && (edge.type === "continue" || (edge.type === "branch" && (edge.index ?? -1) >= 0));
    if (!sayable || spoilt.has(kind) || firsts.has(kind)) {
      spoilt.add(kind);
      leftover.push(edge);
    } else firsts.set(kind, edge);
  }
  const next = new Map<string, string>();
  const targets = new Map<string, Map<number, WireEdge>>();
  for (const edge of firsts.values()) {
    if (edge.type === "continue") next.set(edge.from, edge.to);
    else targets.set(edge.from, (targets.get(edge.from) ?? new Map<number, WireEdge>()).set(edge.index!, edge));
  }
  const branches = new Map<string, string[]>();
  for (const [from, byIndex] of targets) {
    const list: string[] = [];
    while (byIndex.has(list.length)) list.push(byIndex.get(list.length)!.to);
    if (list.length > 0) branches.set(from, list);
    for (const edge of byIndex.values()) if (edge.index! >= list.length) leftover.push(edge);
  }
  return { next, branches, leftover };
}

function isWireEdge(edge: unknown): edge is WireEdge {
  if (!isDict(edge)) return false;
  const { from, to, type, index } = edge;
  return typeof from === "string" && typeof to === "string" && typeof type === "string" && (index === undefined || Number.isInteger(index));
}

/** Steps in one fixed order: the trigger, then along the wiring, then what nothing leads to, by id. */
export function orderOf(actions: Dict): string[] {
  const ids = Object.keys(actions).sort();
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (start: string): void => {
    const stack = [start];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (seen.has(id) || !Object.hasOwn(actions, id)) continue;
      seen.add(id);
      order.push(id);
      // Branches first, then the way on, so that a path stands before what comes after it rejoins.
      const ways = [...branchesOf(actions[id]), ...nextOf(actions[id])];
      for (const way of ways.reverse()) stack.push(way);
    }
  };
  for (const id of ids) if (own(actions[id], "type") === "trigger") visit(id);
  for (const id of ids) visit(id);
  return order;
}

export const nextOf = (step: unknown): string[] => [own(step, "next")].filter((id): id is string => typeof id === "string");
export function branchesOf(step: unknown): string[] {
  const branches = own(step, "branches");
  return Array.isArray(branches) ? branches.filter((id): id is string => typeof id === "string") : [];
}

/** The edges of the wire, in the order of the steps; leftover ones last, in their own order. */
export function toEdges(actions: Dict, order: readonly string[], leftover: readonly unknown[]): unknown[] {
  const edges: unknown[] = [];
  for (const from of order) {
    const branches = own(actions[from], "branches");
    if (Array.isArray(branches)) branches.forEach((to, index) => edges.push({ from, to, type: "branch", index }));
    for (const to of nextOf(actions[from])) edges.push({ from, to, type: "continue" });
  }
  return [...edges, ...leftover];
}

/** Leftover edges in a fixed order, which keeps that of edges of one kind, because the first of them counts. */
export function sortedLeftover(edges: readonly unknown[]): unknown[] {
  const kind = (edge: unknown): string => {
    const { from, type, index } = (isDict(edge) ? edge : {}) as Partial<LeftoverEdge>;
    return JSON.stringify([from ?? null, type ?? null, index ?? null]);
  };
  return edges.map((edge, i) => ({ edge, i, kind: kind(edge) })).sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.i - b.i)).map(({ edge }) => edge);
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

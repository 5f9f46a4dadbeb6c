// The graph as runs follow it (run time §2.4): the first edge of a kind counts. What reaches what, where runs go round, and what lies on every path.
import { isDict, isUnknown, own, type Dict } from "../canonical/values";

/** An edge that runs may take. */
export interface Way {
  from: string;
  to: string;
  /** The index of a branch edge; none for the continue edge. */
  index?: number;
}

const NO_WAYS: readonly Way[] = [];

/** Steps that hold a run up. */
const PAUSES: ReadonlySet<unknown> = new Set(["delay", "wait_until_condition", "wait_until_time_window"]);

export class Wayfinder {
  readonly ids: readonly string[];
  /** False while a step or an edge is unknown, or an edge leads to no step or back to the trigger: what is said about paths would be wrong. */
  readonly isKnown: boolean;
  private readonly steps: ReadonlyMap<string, unknown>;
  private readonly out = new Map<string, Way[]>();
  private reached: Set<string> | undefined;
  private unordered: string[] | undefined;

  constructor(definition: Dict) {
    const actions = isDict(definition["actions"]) ? definition["actions"] : {};
    this.steps = new Map(Object.entries(actions));
    this.ids = [...this.steps.keys()];
    let known = isDict(definition["actions"]) && this.triggers.length === 1;
    const add = (way: Way): void => {
      const list = this.out.get(way.from);
      if (list === undefined) this.out.set(way.from, [way]);
      else if (!list.some((other) => other.index === way.index)) list.push(way);
    };
    for (const [id, step] of this.steps) {
      if (!isDict(step) || isUnknown(step["type"])) known = false;
      const { next, branches } = isDict(step) ? step : {};
      const follow = (to: unknown, index?: number): void => {
        if (to === undefined) return;
        if (
          typeof to !== "string" ||
          isUnknown(to) ||
          !this.steps.has(to) ||
          own(this.steps.get(to), "type") === "trigger"
        )
          known = false;
        else add({ from: id, to, ...(index === undefined ? {} : { index }) });
      };
      follow(next);
      if (Array.isArray(branches)) branches.forEach((to, index) => follow(to, index));
      else if (branches !== undefined) known = false;
    }
    for (const edge of leftoverEdges(definition)) {
      const { from, to, type, index } = edge;
      if (typeof from !== "string" || typeof to !== "string" || !this.steps.has(from) || !this.steps.has(to)) continue;
      if (type === "continue") add({ from, to });
      else if (type === "branch" && typeof index === "number") add({ from, to, index });
    }
    this.isKnown = known;
  }

  private get triggers(): string[] {
    return this.ids.filter((id) => own(this.steps.get(id), "type") === "trigger");
  }

  from(id: string): readonly Way[] {
    return this.out.get(id) ?? NO_WAYS;
  }

  way(id: string, index?: number): Way | undefined {
    return this.from(id).find((way) => way.index === index);
  }

  /** Steps that runs can come to. */
  get reachable(): ReadonlySet<string> {
    if (this.reached) return this.reached;
    const seen = new Set<string>();
    const stack = this.triggers;
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (seen.has(id)) continue;
      seen.add(id);
      for (const { to } of this.from(id)) stack.push(to);
    }
    return (this.reached = seen);
  }

  /** Reachable steps that cannot be put in order, because they lie on a round or behind one. Nearly every flow has none. */
  private get beyondOrder(): readonly string[] {
    if (this.unordered) return this.unordered;
    const coming = new Map<string, number>();
    for (const id of this.reachable) for (const { to } of this.from(id)) coming.set(to, (coming.get(to) ?? 0) + 1);
    const free = this.triggers.filter((id) => !coming.has(id));
    for (let id = free.pop(); id !== undefined; id = free.pop()) {
      for (const { to } of this.from(id)) {
        const left = coming.get(to)! - 1;
        if (left > 0) coming.set(to, left);
        else {
          coming.delete(to);
          free.push(to);
        }
      }
    }
    return (this.unordered = [...this.reachable].filter((id) => coming.has(id)));
  }

  /** Groups of reachable steps in which runs go round, each group once. With `unpaused`, only rounds without a step that waits. */
  rounds({
    unpaused = false,
    pauses = (id: string) => PAUSES.has(own(this.steps.get(id), "type")),
  }: { unpaused?: boolean; pauses?: (id: string) => boolean } = {}): string[][] {
    const nodes = this.beyondOrder.filter((id) => !unpaused || !pauses(id));
    if (nodes.length === 0) return [];
    const inside = new Set(nodes);
    return strongComponents(nodes, (id) =>
      this.from(id)
        .map(({ to }) => to)
        .filter((to) => inside.has(to)),
    ).filter((group) => group.length > 1 || this.from(group[0]!).some(({ to }) => to === group[0]));
  }

  /**
   * For every reachable step, the facts that hold on every path to it. `made` says what a way adds; a fact once made stays.
   */
  factsOnEveryPath(made: (way: Way) => readonly string[]): Map<string, ReadonlySet<string>> {
    const facts = new Map<string, ReadonlySet<string>>();
    const queue = this.triggers;
    for (const id of queue) facts.set(id, new Set());
    while (queue.length > 0) {
      const id = queue.shift()!;
      for (const way of this.from(id)) {
        const coming = new Set([...facts.get(id)!, ...made(way)]);
        const known = facts.get(way.to);
        const both = known === undefined ? coming : new Set([...known].filter((fact) => coming.has(fact)));
        if (known === undefined || both.size < known.size) {
          facts.set(way.to, both);
          queue.push(way.to);
        }
      }
    }
    return facts;
  }
}

export function leftoverEdges(definition: Dict): Dict[] {
  const edges = own(definition["leftover"], "edges");
  return Array.isArray(edges) ? edges.filter(isDict) : [];
}

/** Tarjan's strongly connected components, without recursion: a flow may be longer than the stack is deep. */
function strongComponents(nodes: readonly string[], next: (id: string) => readonly string[]): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const groups: string[][] = [];
  for (const root of nodes) {
    if (order.has(root)) continue;
    const work: { id: string; ways: readonly string[]; i: number }[] = [];
    const enter = (id: string): void => {
      order.set(id, order.size);
      low.set(id, order.get(id)!);
      open.push(id);
      isOpen.add(id);
      work.push({ id, ways: next(id), i: 0 });
    };
    enter(root);
    while (work.length > 0) {
      const top = work[work.length - 1]!;
      const to = top.ways[top.i];
      if (to !== undefined) {
        top.i += 1;
        if (!order.has(to)) enter(to);
        else if (isOpen.has(to)) low.set(top.id, Math.min(low.get(top.id)!, order.get(to)!));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) low.set(parent.id, Math.min(low.get(parent.id)!, low.get(top.id)!));
      if (low.get(top.id) !== order.get(top.id)) continue;
      const group = open.splice(open.lastIndexOf(top.id));
      group.forEach((id) => isOpen.delete(id));
      groups.push(group);
    }
  }
  return groups;
}

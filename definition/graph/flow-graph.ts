// The graph of a flow: the one place that follows `next` and `branches`. What a step leads to as it is written, what runs can take of it (run time §2.4: the first
// edge of a kind counts), what reaches what, where runs go round, what lies on every path, and in which order people read the steps.
import { isDict, isUnknown, own, type Dict } from "../canonical/values";
import { stepKindOf } from "../schema/step-kinds";

/** Which edge out of a step: the one of `next`, or a branch by its index. */
export type EdgeKey = "continue" | number;

export interface Edge {
  from: string;
  to: string;
  /** The index of a branch; none for the continue edge. */
  index?: number;
}

/** Where a step leads as it is written: known ids, also of steps that are not there. Branches first, so that a path comes before what it rejoins. */
function statedEdges(from: string, step: unknown): Edge[] {
  const edges: Edge[] = [];
  const branches = own(step, "branches");
  if (Array.isArray(branches))
    branches.forEach((to, index) => {
      if (isStepId(to)) edges.push({ from, to, index });
    });
  const next = own(step, "next");
  if (isStepId(next)) edges.push({ from, to: next });
  return edges;
}

const listMember = (value: unknown, index: number): unknown => (Array.isArray(value) ? value[index] : undefined);
const isStepId = (value: unknown): value is string => typeof value === "string" && !isUnknown(value);
const keyOf = ({ index }: Edge): EdgeKey => index ?? "continue";
const NO_EDGES: readonly Edge[] = [];

/** What a graph is made of: a definition, or only its steps. */
export interface Graphed {
  readonly actions?: unknown;
  readonly leftover?: unknown;
}

export class FlowGraph {
  readonly ids: readonly string[];
  private readonly steps: Dict;
  /** By step and edge; the first of a kind, also where it leads nowhere. */
  private firsts: Map<string, Map<EdgeKey, Edge>> | undefined;
  private readonly taken = new Map<string, readonly Edge[]>();
  private reached: Set<string> | undefined;
  private unordered: string[] | undefined;
  private known: boolean | undefined;

  constructor(private readonly definition: Graphed) {
    this.steps = isDict(definition.actions) ? definition.actions : {};
    this.ids = Object.keys(this.steps);
  }

  has(id: string): boolean {
    return Object.hasOwn(this.steps, id);
  }

  step(id: string): unknown {
    return this.has(id) ? this.steps[id] : undefined;
  }

  private get triggers(): string[] {
    return this.ids.filter((id) => own(this.steps[id], "type") === "trigger");
  }

  /** False while a step or an edge is unknown, or an edge leads to no step or back to the trigger: what is said about paths would be wrong. */
  get isKnown(): boolean {
    return (this.known ??=
      isDict(this.definition.actions) &&
      this.triggers.length === 1 &&
      this.ids.every((id) => {
        const step = this.steps[id];
        const { next, branches } = isDict(step) ? step : {};
        if (!isDict(step) || isUnknown(step["type"]) || (branches !== undefined && !Array.isArray(branches)))
          return false;
        return [next, ...(branches ?? [])].every(
          (to) => to === undefined || (isStepId(to) && this.has(to) && own(this.steps[to], "type") !== "trigger"),
        );
      }));
  }

  /** Whether the step itself says where the edge leads, be it known or not. */
  isStated(from: string, key: EdgeKey): boolean {
    const step = this.step(from);
    return (key === "continue" ? own(step, "next") : listMember(own(step, "branches"), key)) !== undefined;
  }

  /** Where a step leads as it is written. */
  statedFrom(id: string): readonly Edge[] {
    return statedEdges(id, this.step(id));
  }

  /** Every edge of the steps as they are written, in their order. */
  get stated(): readonly Edge[] {
    return this.ids.flatMap((id) => this.statedFrom(id));
  }

  private get edges(): ReadonlyMap<string, ReadonlyMap<EdgeKey, Edge>> {
    if (this.firsts) return this.firsts;
    const edges = (this.firsts = new Map<string, Map<EdgeKey, Edge>>());
    const add = (edge: Edge): void => {
      let list = edges.get(edge.from);
      if (!list) edges.set(edge.from, (list = new Map()));
      if (!list.has(keyOf(edge))) list.set(keyOf(edge), edge);
    };
    this.stated.forEach(add);
    for (const { from, to, type, index } of leftoverEdges(this.definition)) {
      if (typeof from !== "string" || typeof to !== "string") continue;
      if (type === "continue") add({ from, to });
      else if (type === "branch" && typeof index === "number") add({ from, to, index });
    }
    return edges;
  }

  /** The edges out of a step that count, also where they lead nowhere. */
  first(id: string): Iterable<Edge> {
    return this.edges.get(id)?.values() ?? NO_EDGES;
  }

  /** The edges that runs can take out of a step: those that lead to one. */
  from(id: string): readonly Edge[] {
    let edges = this.taken.get(id);
    if (!edges) {
      edges = [...this.first(id)].filter(({ to }) => this.has(to));
      this.taken.set(id, edges);
    }
    return edges;
  }

  /** Where an edge leads; undefined without one, and where there is no step at its end. */
  to(id: string, key: EdgeKey): string | undefined {
    const to = this.edges.get(id)?.get(key)?.to;
    return to !== undefined && this.has(to) ? to : undefined;
  }

  /** Steps that runs can come to. */
  get reachable(): ReadonlySet<string> {
    return (this.reached ??= this.reachedFrom(this.triggers));
  }

  /** These steps and all that runs come to from them, by the edges that count. */
  reachedFrom(starts: Iterable<string>, counts: (edge: Edge) => boolean = () => true): Set<string> {
    const seen = new Set<string>();
    const stack = [...starts];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (seen.has(id)) continue;
      seen.add(id);
      for (const edge of this.from(id)) if (counts(edge)) stack.push(edge.to);
    }
    return seen;
  }

  /** Steps in one fixed order: the trigger, then along the edges as they are written, then what nothing leads to, by id. */
  get order(): string[] {
    const ids = [...this.ids].sort();
    const order: string[] = [];
    const seen = new Set<string>();
    const visit = (start: string): void => {
      const stack = [start];
      while (stack.length > 0) {
        const id = stack.pop()!;
        if (seen.has(id) || !this.has(id)) continue;
        seen.add(id);
        order.push(id);
        for (const { to } of statedEdges(id, this.steps[id]).reverse()) stack.push(to);
      }
    };
    for (const id of ids) if (own(this.steps[id], "type") === "trigger") visit(id);
    for (const id of ids) visit(id);
    return order;
  }

  /**
   * Steps as people come to them: each after all that lead to it, unless runs go round, and one branch after the other. What nothing leads to comes last.
   */
  get runningOrder(): string[] {
    const order: string[] = [];
    const seen = new Set<string>();
    for (const start of this.order) {
      const finished: string[] = [];
      const stack = [{ id: start, isDone: false }];
      for (let top = stack.pop(); top; top = stack.pop()) {
        const { id, isDone } = top;
        if (isDone) finished.push(id);
        else if (!seen.has(id) && this.has(id)) {
          seen.add(id);
          stack.push({ id, isDone: true });
          for (const { to } of this.statedFrom(id)) stack.push({ id: to, isDone: false });
        }
      }
      order.push(...finished.reverse());
    }
    return order;
  }

  /** Reachable steps that cannot be put in order, because they lie on a round or behind one. Nearly every flow has none. */
  private get beyondOrder(): readonly string[] {
    if (this.unordered) return this.unordered;
    const coming = new Map<string, number>();
    for (const id of this.reachable) for (const to of this.ahead(id)) coming.set(to, (coming.get(to) ?? 0) + 1);
    const free = this.triggers.filter((id) => !coming.has(id));
    for (let id = free.pop(); id !== undefined; id = free.pop()) {
      for (const to of this.ahead(id)) {
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

  /** Where runs go on from a step. A trigger is no step that they go on to. */
  private ahead(id: string): string[] {
    return this.from(id).flatMap(({ to }) => (own(this.steps[to], "type") === "trigger" ? [] : [to]));
  }

  /** Groups of reachable steps in which runs go round, each group once. With `unpaused`, only loops without a step that waits. */
  loops({
    unpaused = false,
    pauses = (id: string) => stepKindOf(own(this.steps[id], "type"))?.stay === "waits",
  }: { unpaused?: boolean; pauses?: (id: string) => boolean } = {}): string[][] {
    const nodes = this.beyondOrder.filter((id) => !unpaused || !pauses(id));
    if (nodes.length === 0) return [];
    const inside = new Set(nodes);
    return strongComponents(nodes, (id) => this.ahead(id).filter((to) => inside.has(to))).filter(
      (group) => group.length > 1 || this.ahead(group[0]!).includes(group[0]!),
    );
  }

  /**
   * For every reachable step, the facts that hold on every path to it. `made` says what an edge adds; a fact once made stays.
   */
  factsOnEveryPath(made: (edge: Edge) => readonly string[]): Map<string, ReadonlySet<string>> {
    const facts = new Map<string, ReadonlySet<string>>();
    const queue = this.triggers;
    for (const id of queue) facts.set(id, new Set());
    while (queue.length > 0) {
      const id = queue.shift()!;
      for (const edge of this.from(id)) {
        const coming = new Set([...facts.get(id)!, ...made(edge)]);
        const known = facts.get(edge.to);
        const both = known === undefined ? coming : new Set([...known].filter((fact) => coming.has(fact)));
        if (known === undefined || both.size < known.size) {
          facts.set(edge.to, both);
          queue.push(edge.to);
        }
      }
    }
    return facts;
  }
}

/** The order of steps alone. */
export const orderOf = (actions: Dict): string[] => new FlowGraph({ actions }).order;

export function leftoverEdges(definition: Graphed): Dict[] {
  const edges = own(definition.leftover, "edges");
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
    const work: { id: string; ahead: readonly string[]; i: number }[] = [];
    const enter = (id: string): void => {
      order.set(id, order.size);
      low.set(id, order.get(id)!);
      open.push(id);
      isOpen.add(id);
      work.push({ id, ahead: next(id), i: 0 });
    };
    enter(root);
    while (work.length > 0) {
      const top = work[work.length - 1]!;
      const to = top.ahead[top.i];
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

// Turns a graph of steps back into the nested list that a person would have written: steps in the order of running, paths inside the step that
// they leave, and `goTo` only where a flow is no tree. The opposite of what composition does with `steps`.
import { own } from "../../definition/canonical/values";
import { FlowGraph } from "../../definition/graph/flow-graph";
import { EXIT_ID } from "../../definition/schema/step-ids";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { Action } from "../../definition/schema/types";

/** What a path holds, in order. */
export type Item =
  | { kind: "step"; id: string; paths?: PathOf[]; isEnd?: boolean }
  /** On to a step that stands elsewhere. */
  | { kind: "goTo"; id: string }
  /** On to the flow's plain exit. */
  | { kind: "exit" };

/** A way out of a step: `branches[index]`, or `next` where there is no index. */
export interface PathOf {
  index?: number;
  items: Item[];
}

export interface Structure {
  trigger: string;
  items: Item[];
  /** The flow's common end, to which a list leads when it ends. Undefined where the flow has none. */
  exit?: string;
}

/** Why a graph is no nested list; it is written in the keyed form then. */
export class NotNested extends Error {}

type Steps = Readonly<Record<string, Action>>;

/** Whether this is the exit that composition makes by itself. PostHog's editor gives it words of its own, and then it is written, too. */
const isPlain = (step: Action | undefined): boolean =>
  step?.type === "exit" &&
  step.name === "Exit" &&
  ["description", "config", "filters", "onError", "outputVariable", "extra"].every((key) =>
    isEmpty((step as unknown as Record<string, unknown>)[key]),
  );
const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** Throws `NotNested` when some way leads nowhere, or when a step is not reached. */
export function structureOf(steps: Steps): Structure {
  const trigger = Object.keys(steps).find((id) => steps[id]!.type === "trigger");
  if (trigger === undefined) throw new NotNested("there is no trigger");
  const exit = steps[EXIT_ID]?.type === "exit" ? EXIT_ID : undefined;
  const written = new Set<string>([trigger]);
  const graph = new FlowGraph({ actions: steps });
  const on = (from: string): string => onward(graph, from, undefined);

  const pathFrom = (start: string, end: string | undefined): Item[] => {
    const items: Item[] = [];
    let current: string | undefined = start;
    while (current !== undefined && current !== end) {
      if (current === exit) return [...items, { kind: "exit" }];
      if (written.has(current)) return [...items, { kind: "goTo", id: current }];
      written.add(current);
      const step: Action = steps[current]!;
      if (step.type === "exit") return [...items, { kind: "step", id: current, isEnd: true }];
      const edges = graph.statedFrom(current);
      const branches = edges.filter(({ index }) => index !== undefined);
      const kind = stepKindOf(step.type)?.branches;
      if (branches.length === 0 && !kind) {
        items.push({ kind: "step", id: current });
        current = on(current);
        continue;
      }
      const join = joinOf(graph, current, { end, exit, written, isGate: kind?.next !== "nobody" });
      const paths = edges.map(({ from, index }): PathOf => ({
        ...(index === undefined ? {} : { index }),
        items: pathFrom(onward(graph, from, index), join ?? end),
      }));
      items.push({ kind: "step", id: current, paths });
      // Where the ways never meet, or meet where this list ends, nothing follows.
      current = join;
    }
    return items;
  };

  const items = pathFrom(on(trigger), exit);
  const reached = new Set([...written, ...(exit === undefined ? [] : [exit])]);
  const left = Object.keys(steps).filter((id) => !reached.has(id));
  if (left.length > 0) throw new NotNested(`no way leads to ${left.join(", ")}`);
  return {
    trigger,
    items: exit === undefined || isPlain(steps[exit]) ? items : withExit(items, exit),
    ...(exit === undefined ? {} : { exit }),
  };
}

/**
 * The list with the common end written where it is reached first: at the end of the list, to which all paths go on, or, where none does, in the first path
 * that ends there.
 */
function withExit(items: readonly Item[], id: string): Item[] {
  if (goesOn(items)) return [...items, { kind: "step", id, isEnd: true }];
  let isWritten = false;
  const walk = (list: readonly Item[]): Item[] =>
    list.map((item): Item => {
      if (isWritten) return item;
      if (item.kind === "exit") {
        isWritten = true;
        return { kind: "step", id };
      }
      return item.kind === "step" && item.paths
        ? { ...item, paths: item.paths.map((path) => ({ ...path, items: walk(path.items) })) }
        : item;
    });
  return walk(items);
}

/** Whether somebody comes to the end of the list. */
function goesOn(items: readonly Item[]): boolean {
  const last = items[items.length - 1];
  if (last === undefined) return true;
  return (
    last.kind === "step" && !last.isEnd && (last.paths === undefined || last.paths.some((path) => goesOn(path.items)))
  );
}

function onward(graph: FlowGraph, from: string, index: number | undefined): string {
  const edge = graph.statedFrom(from).find((other) => other.index === index);
  if (edge === undefined) throw new NotNested(`a way out of ${from} leads nowhere`);
  if (!graph.has(edge.to)) throw new NotNested(`${from} leads to "${edge.to}", which is no step`);
  return edge.to;
}

/**
 * Where the ways out of a step meet again, which is where the list goes on: the step that most of them reach, and of these the nearest. Where all ways
 * but one end at once, as at a gate, the list goes on with that one; the groups of a split stand beside each other. Which step is chosen decides how a
 * program reads, never what it means.
 */
function joinOf(
  graph: FlowGraph,
  from: string,
  {
    end,
    exit,
    written,
    isGate,
  }: { end: string | undefined; exit: string | undefined; written: ReadonlySet<string>; isGate: boolean },
): string | undefined {
  const targets = [...new Set(graph.from(from).map(({ to }) => to))];
  const met = new Map<string, { ways: number; distance: number }>();
  for (const target of targets) {
    for (const [id, distance] of distances(graph, target, end, written)) {
      const before = met.get(id) ?? { ways: 0, distance: 0 };
      met.set(id, { ways: before.ways + 1, distance: before.distance + distance });
    }
  }
  let best: { id: string; ways: number; distance: number } | undefined;
  for (const [id, { ways: count, distance }] of met) {
    // `exit()` ends a path as well as the end of the list does, so meeting there is no reason to nest what comes before.
    if (count < 2 || id === exit) continue;
    if (!best || count > best.ways || (count === best.ways && distance < best.distance))
      best = { id, ways: count, distance };
  }
  if (best) return best.id === end ? undefined : best.id;
  if (!isGate) return undefined;
  const goingOn = targets.filter((id) => own(graph.step(id), "type") !== "exit");
  return goingOn.length === 1 && targets.length > 1 && goingOn[0] !== end && !written.has(goingOn[0]!)
    ? goingOn[0]
    : undefined;
}

/** The steps that can be reached from one, itself included, and how far they are; not beyond what is written already, nor beyond the end. */
function distances(
  graph: FlowGraph,
  from: string,
  end: string | undefined,
  written: ReadonlySet<string>,
): Map<string, number> {
  const found = new Map<string, number>();
  let ring = [from];
  for (let distance = 0; ring.length > 0; distance += 1) {
    const next: string[] = [];
    for (const id of ring) {
      if (found.has(id) || written.has(id)) continue;
      found.set(id, distance);
      if (id === end) continue;
      next.push(...graph.from(id).map(({ to }) => to));
    }
    ring = next;
  }
  return found;
}

// A definition as the rules look at it: its steps, its trigger, and its graph as runs follow it. Computed once, on demand.
import { getAt, type Path } from "../canonical/paths";
import { containsUnknown, isDict, isUnknown, own, same, type Dict } from "../canonical/values";
import { stepTypesWhere, type StepKind } from "../schema/step-kinds";
import { FlowGraph } from "./flow-graph";

export interface ViewOptions {
  /** The definition as it came, before it was shortened. */
  given: Dict;
  /** The resource's old inputs, empty when it is new. */
  before: Dict;
  /** All inputs, lifecycle flags included. */
  inputs: Dict;
  /** The time, in milliseconds. Without it, nothing is said that depends on it. */
  now?: number | undefined;
}

export interface Trigger {
  id: string;
  step: Dict;
  config: Dict;
  type: string;
}

export class FlowView {
  readonly given: Dict;
  readonly before: Dict;
  readonly inputs: Dict;
  readonly now: number | undefined;
  /** Steps whose members are known; a step that is unknown as a whole is left out. */
  readonly steps: readonly [string, Dict][];
  /** The one trigger and its config; nothing while there are none or several. */
  readonly trigger: Trigger | undefined;
  private readonly byType = new Map<unknown, [string, Dict][]>();
  private flowGraph: FlowGraph | undefined;
  private holdsUnknown: boolean | undefined;

  constructor(
    readonly definition: Dict,
    { given, before, inputs, now }: ViewOptions,
  ) {
    this.given = given;
    this.before = before;
    this.inputs = inputs;
    this.now = now;
    this.steps = isDict(definition["actions"])
      ? Object.entries(definition["actions"]).filter((entry): entry is [string, Dict] => isDict(entry[1]))
      : [];
    for (const entry of this.steps) {
      const list = this.byType.get(entry[1]["type"]);
      if (list) list.push(entry);
      else this.byType.set(entry[1]["type"], [entry]);
    }
    this.trigger = this.findTrigger();
  }

  /** Every member of `actions`, whatever it is. */
  get actions(): Dict {
    return isDict(this.definition["actions"]) ? this.definition["actions"] : {};
  }

  get isActive(): boolean {
    return this.definition["status"] === "active";
  }

  private findTrigger(): Trigger | undefined {
    const triggers = this.byType.get("trigger") ?? [];
    const [id, step] = triggers[0] ?? [];
    const config = own(step, "config");
    const type = own(config, "type");
    return triggers.length === 1 &&
      id !== undefined &&
      step &&
      isDict(config) &&
      typeof type === "string" &&
      !isUnknown(type)
      ? { id, step, config, type }
      : undefined;
  }

  get graph(): FlowGraph {
    return (this.flowGraph ??= new FlowGraph(this.definition));
  }

  /** Whether anything is not known yet: a rule that says "nothing does this" waits until all is. */
  get isPartlyUnknown(): boolean {
    return (this.holdsUnknown ??= containsUnknown(this.definition));
  }

  /** Steps of the kinds of which the table says so, with their config. */
  whose(holds: (kind: StepKind) => boolean): Generator<{ id: string; step: Dict; config: Dict; at: Path }> {
    return this.ofType(...stepTypesWhere(holds));
  }

  /** Steps of these types, with their config. */
  *ofType(...types: string[]): Generator<{ id: string; step: Dict; config: Dict; at: Path }> {
    for (const type of types) {
      for (const [id, step] of this.byType.get(type) ?? []) {
        const config = step["config"];
        if (isDict(config)) yield { id, step, config, at: ["actions", id, "config"] };
      }
    }
  }

  /**
   * Whether PostHog has the step or the setting at this path just so already, and no more people come to it than before: what cannot work there is made no worse. An
   * adoption writes nothing, unless it overwrites.
   */
  isLiveAlready([key, id]: Path): boolean {
    if (this.before["actions"] === undefined)
      return typeof this.inputs["adopt"] === "string" && this.inputs["overwriteDrift"] === undefined;
    if (this.isActive && this.before["status"] !== "active") return false;
    const at = (flow: Dict): unknown => (key === "actions" ? own(flow["actions"], String(id)) : own(flow, String(key)));
    return at(this.definition) !== undefined && same(at(this.before), at(this.definition));
  }

  /** Whether PostHog has this very value at this path. */
  isUnchanged(path: Path): boolean {
    const value = getAt(this.definition, path);
    return value !== undefined && same(getAt(this.before, path), value);
  }

  /** Whether PostHog has this already for this step: some shapes that it refuses otherwise may stay (API §4.2). */
  isStored(path: Path, value: unknown): boolean {
    if (typeof this.inputs["adopt"] === "string") return true;
    let at: unknown = this.before;
    for (const part of path) at = typeof part === "number" ? (Array.isArray(at) ? at[part] : undefined) : own(at, part);
    return at !== undefined && JSON.stringify(at) === JSON.stringify(value);
  }
}

/** Known text. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && !isUnknown(value) ? value : undefined;
/** The members of a list, none for what is no list. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A list that is made once for each definition, however many rules ask for it. */
export function oncePerFlow<T>(make: (flow: FlowView) => Iterable<T>): (flow: FlowView) => readonly T[] {
  const known = new WeakMap<FlowView, readonly T[]>();
  return (flow) => {
    const before = known.get(flow);
    if (before) return before;
    const list = [...make(flow)];
    known.set(flow, list);
    return list;
  };
}

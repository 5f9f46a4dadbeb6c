// What a change of a flow does to people who are in it while it is applied (run time §4, API §2.3 row 23): who leaves, who goes on elsewhere, who wakes at another
// time. What a field can do is said in effects.ts; this file decides which people it concerns: those who stay in a step, and those who come to it later.
import { isDict, isUnknown, own, same, stableText, type Dict } from "../canonical/values";
import { DATE_OPERATORS, RELATIVE_DATE } from "../schema/operators";
import { stepKindOf, type StepKind } from "../schema/step-kinds";
import { triggerKindOf } from "../schema/trigger-kinds";
import type { TriggerType } from "../schema/types";
import {
  CONFIG_ROWS,
  CONVERSION_ROWS,
  DELAY_UNTIL_ROWS,
  FATES,
  FLOW_ROWS,
  STEP_ROWS,
  TRIGGER_ROWS,
  type EffectKind,
  type Fate,
  type Row,
} from "./effects";
import { branchEntries } from "./branches";
import { FlowGraph, type EdgeKey } from "./flow-graph";

export interface Effect {
  kind: EffectKind;
  /** The step that people are in, or come to; none for what concerns the flow as a whole. */
  id?: string;
  /** Its title. */
  name?: string;
  /** Nobody is in it: people come to it later. */
  later?: true;
  /** Where they go on. */
  to?: string;
  /** A new step that looks like this one under another id. */
  twin?: string;
  /** The variable, or the field that nobody knows. */
  field?: string;
}

export const fateOf = ({ kind }: Pick<Effect, "kind">): Fate => FATES[kind];
/** What `protectInFlight` holds back, and `--fail-on moves` stops at. */
export const movesPeople = (effect: Pick<Effect, "kind">): boolean => ["leaves", "moves"].includes(fateOf(effect));

const stayOf = (step: unknown): StepKind["stay"] => stepKindOf(own(step, "type"))?.stay ?? "passes";
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Everything that a change from one definition to the other can do to people in the flow, whatever its status; none where no step holds anybody. */
export function effectsOnPeople(before: Dict, after: Dict): Effect[] {
  return new Comparison(new Side(before), new Side(after)).effects();
}

/** One version of a flow, as its worker reads it. */
class Side {
  readonly graph: FlowGraph;

  constructor(readonly definition: Dict) {
    this.graph = new FlowGraph(definition);
  }

  get isKnown(): boolean {
    return isDict(this.definition["actions"]);
  }

  step(id: string): Dict | undefined {
    const step = this.graph.step(id);
    return isDict(step) ? step : undefined;
  }

  /** The edges that a run may take out of a step. A split needs its continue edge only where it is skipped or fails. */
  exits(id: string): EdgeKey[] {
    const step = this.step(id);
    const type = step?.["type"];
    if (step === undefined || type === "trigger") return type === "trigger" ? [] : ["continue"];
    if (type === "exit") return step["filters"] === undefined ? [] : ["continue"];
    const kind = stepKindOf(type);
    if (!kind?.branches) return ["continue"];
    const count = kind.branches.list === undefined ? 1 : (branchEntries(step)?.length ?? 0);
    const branches = Array.from({ length: count }, (_, index) => index);
    const isSkipped = step["filters"] !== undefined || step["outputVariable"] !== undefined;
    return kind.branches.next === "nobody" && count > 0 && !isSkipped ? branches : ["continue", ...branches];
  }

  hasHole(id: string): boolean {
    return this.exits(id).some((key) => this.graph.to(id, key) === undefined);
  }

  /** Steps that runs come to from these, themselves not counted unless an edge leads back. */
  reachedFrom(starts: readonly string[]): Set<string> {
    return this.graph.reachedFrom(starts.flatMap((id) => this.graph.from(id).map(({ to }) => to)));
  }

  get trigger(): { type: TriggerType | undefined; config: unknown } {
    const step = this.graph.ids.map((id) => this.step(id)).find((other) => own(other, "type") === "trigger");
    const config = own(step, "config");
    const type = own(config, "type");
    return {
      type: typeof type === "string" && Object.hasOwn(TRIGGER_ROWS, type) ? (type as TriggerType) : undefined,
      config,
    };
  }

  private get exitCondition(): string {
    return triggerKindOf(this.trigger.type)?.isRowScoped
      ? "exit_only_at_end"
      : String(this.definition["exitCondition"] ?? "exit_on_conversion");
  }

  /** What ends a run early: the goal where people leave on conversion, the trigger's filters where they leave without it (run time §4.1). */
  get goal(): Dict | undefined {
    const { conversion } = this.definition;
    const isOff = !this.exitCondition.endsWith("conversion") && !isUnknown(this.exitCondition);
    if (isOff || !isDict(conversion)) return isOff || !isUnknown(conversion) ? undefined : { filters: conversion };
    const goal = Object.fromEntries(
      Object.entries(CONVERSION_ROWS).flatMap(([key, { waits }]) =>
        waits === "exit" && (isUnknown(conversion[key]) || list(conversion[key]).length > 0)
          ? [[key, conversion[key]]]
          : [],
      ),
    );
    return Object.keys(goal).length > 0 ? goal : undefined;
  }

  get check(): unknown {
    const { type, config } = this.trigger;
    const isOn = this.exitCondition.startsWith("exit_on_trigger_not_matched") || isUnknown(this.exitCondition);
    return isOn && type === "event" ? own(config, "filters") : undefined;
  }
}

class Comparison {
  /** Steps that somebody may stay in, of those that there were. */
  private readonly holders: readonly string[];
  /** Where somebody continues after their step is removed. */
  private readonly moved: ReadonlyMap<string, string | undefined>;
  /** Steps that people in the flow come to afterwards. */
  private readonly coming: ReadonlySet<string>;
  private readonly twinOf: (step: Dict) => string | undefined;

  constructor(
    private readonly before: Side,
    private readonly after: Side,
  ) {
    this.holders = before.graph.ids.filter((id) => stayOf(before.step(id)) !== "passes");
    const gone = this.holders.filter((id) => !after.graph.has(id));
    this.moved = new Map(gone.map((id) => [id, survivor(id, before, after)]));
    const landed = [...this.moved.values()].filter((id): id is string => id !== undefined);
    this.coming = new Set([
      ...landed,
      ...after.reachedFrom([...landed, ...this.holders.filter((id) => after.graph.has(id))]),
    ]);
    this.twinOf = twinsIn(before, after);
  }

  effects(): Effect[] {
    const { before, after, holders } = this;
    if (holders.length === 0 || !before.isKnown || same(contentOf(before.definition), contentOf(after.definition)))
      return [];
    if (!after.isKnown) return [{ kind: "unsure", field: "actions" }];
    const steps = before.graph.ids.flatMap((id) => this.ofStep(id));
    const settings = this.settings();
    // Who wakes at another time meets the goal as it is then, and so does who takes another path.
    const meets =
      (after.goal !== undefined || after.check !== undefined) &&
      [...steps, ...settings].some((effect) => ["moves", "time", "outcome"].includes(fateOf(effect)));
    return [...this.earlyEnds(), ...(meets ? [{ kind: "meets" as const }] : []), ...settings, ...steps];
  }

  /** Who leaves at a wake because of the goal or the trigger's filters. */
  private earlyEnds(): Effect[] {
    const { before, after } = this;
    const pairs = [
      ["goal", before.goal, after.goal],
      ["mismatch", before.check, after.check],
    ] as const;
    const found = pairs.flatMap(([kind, was, is]): Effect[] => (is !== undefined && !same(was, is) ? [{ kind }] : []));
    const isRefixed = pairs.some(([, was, is]) => is !== undefined && same(was, is) && hasRelativeDate(is));
    const isDropped = pairs.some(
      ([kind, was, is]) => was !== undefined && !same(was, is) && !found.some((effect) => effect.kind === kind),
    );
    return [
      ...found,
      ...(isRefixed ? [{ kind: "refixed" as const }] : []),
      ...(isDropped ? [{ kind: "remains" as const }] : []),
    ];
  }

  /** The other settings of the flow. */
  private settings(): Effect[] {
    const [was, is] = [this.before.definition, this.after.definition];
    return Object.entries(FLOW_ROWS).flatMap(([key, { waits }]): Effect[] => {
      if (same(was[key], is[key])) return [];
      if (waits === "variables")
        return changedKeys(was[key], is[key])
          .filter((variable) => this.reads(variable))
          .map((field) => ({ kind: "variable", field }));
      if (waits === "paced")
        return [...this.coming, ...this.holders].some(
          (id) => stepKindOf(this.after.step(id)?.["type"])?.channel === "email",
        )
          ? [{ kind: "paced" }]
          : [];
      if (key === "leftover")
        return same(own(was[key], "actions"), own(is[key], "actions"))
          ? []
          : [{ kind: "unsure", field: "leftover.actions" }];
      return Object.hasOwn(FATES, waits) ? [{ kind: waits as EffectKind, field: key }] : [];
    });
  }

  private ofStep(id: string): Effect[] {
    const [was, is] = [this.before.step(id), this.after.step(id)];
    const holds = stayOf(was) !== "passes";
    if (was === undefined || (!holds && !this.coming.has(id)) || was["type"] === "trigger") return [];
    const about = {
      id,
      ...(typeof was["name"] === "string" ? { name: was["name"] } : {}),
      ...(holds ? {} : { later: true as const }),
    };
    if (!this.after.graph.has(id)) {
      if (!holds) return [];
      const to = this.moved.get(id);
      const twin = this.twinOf(was);
      return [
        {
          ...about,
          kind: to === undefined ? "ejected" : "moved",
          ...(to === undefined ? {} : { to }),
          ...(twin === undefined ? {} : { twin }),
        },
      ];
    }
    if (is === undefined) return [{ ...about, kind: "unsure", field: id }];
    const found = [
      ...new Map(this.changes(id, was, is).map((effect) => [`${effect.kind} ${effect.field ?? ""}`, effect])).values(),
    ];
    // Which way somebody takes may be one that leads nowhere.
    const isOpen =
      found.some(({ kind }) => ["sorted", "outlasted", "retyped"].includes(kind)) &&
      this.after.hasHole(id) &&
      !found.some(({ kind }) => kind === "unrouted");
    return [...found, ...(isOpen ? [{ kind: "unrouted" as const }] : [])].map((effect) => ({ ...about, ...effect }));
  }

  private changes(id: string, was: Dict, is: Dict): Omit<Effect, "id">[] {
    const isRetyped = was["type"] !== is["type"];
    const common = this.fields(id, was, is, { rows: STEP_ROWS, prefix: "" });
    if (isRetyped) return [...common, ...this.asAnother(id, is)];
    const config = this.fields(id, member(was, "config"), member(is, "config"), {
      rows: Object.hasOwn(CONFIG_ROWS, String(is["type"])) ? CONFIG_ROWS[is["type"] as keyof typeof CONFIG_ROWS] : {},
      prefix: "config.",
    });
    const refixed =
      hasRelativeDate([is["filters"], is["config"]]) && ![...common, ...config].some(({ kind }) => kind === "sorted")
        ? [{ kind: "resorted" as const }]
        : [];
    return [...common, ...this.rewirings(id), ...config, ...refixed];
  }

  /** As a step of another kind it may end a run that the old one did not. */
  private asAnother(id: string, is: Dict): Omit<Effect, "id">[] {
    if (own(is["config"], "delayUntil") !== undefined) return [{ kind: "undated" }];
    return stayOf(is) === "works" && this.endsWhenItFails(id) ? [{ kind: "fails" }] : [];
  }

  /** The rows of these fields that differ, and what is no field of the table. */
  private fields(
    id: string,
    was: Dict,
    is: Dict,
    { rows, prefix }: { rows: Readonly<Record<string, Row>>; prefix: string },
  ): Omit<Effect, "id">[] {
    return changedKeys(was, is).flatMap((key): Omit<Effect, "id">[] => {
      const row = Object.hasOwn(rows, key) ? rows[key]! : undefined;
      if (!row) return [{ kind: "unsure", field: `${prefix}${key}` }];
      const { waits, part } = row;
      if (part && same(part(was[key]), part(is[key]))) return [];
      if (key === "delayUntil" && is[key] !== undefined)
        return this.fields(id, member(was, key), member(is, key), {
          rows: DELAY_UNTIL_ROWS,
          prefix: "config.delayUntil.",
        });
      return this.effectOf(id, waits, was, is);
    });
  }

  private effectOf(id: string, waits: Row["waits"], was: Dict, is: Dict): Omit<Effect, "id">[] {
    switch (waits) {
      case "nothing":
      case "exit":
      case "wiring":
      case "steps":
      case "status":
      case "variables":
        return [];
      case "onError":
        return [{ kind: is["onError"] === "abort" ? "aborts" : "recovers" }];
      case "filters": {
        const by = stepKindOf(is["type"])?.filtered ?? "unsure";
        return this.effectOf(id, by, was, is);
      }
      case "result":
        return this.keysOf(id).some((key) => this.reads(key)) ? [{ kind: "results" }] : [];
      case "content":
        // What a step has begun to send is sent as it is: only those who come to it later get the other content (run time §3.8).
        if (!this.coming.has(id)) return [];
        return [
          ...(this.endsWhenItFails(id) ? [{ kind: "fails" as const }] : []),
          ...(this.keysOf(id).some((key) => this.reads(key)) ? [{ kind: "results" as const }] : []),
        ];
      default:
        return [{ kind: waits }];
    }
  }

  private rewirings(id: string): Omit<Effect, "id">[] {
    const known = new Set(this.before.exits(id));
    const turned = this.after
      .exits(id)
      .map((key) => ({ key, was: this.before.graph.to(id, key), is: this.after.graph.to(id, key) }));
    const rewired = turned.find(({ key, was, is }) => is !== undefined && was !== is && known.has(key));
    const unrouted = turned.some(({ key, was, is }) => is === undefined && (was !== undefined || !known.has(key)));
    return [
      ...(rewired ? [{ kind: "rewired" as const, to: rewired.is! }] : []),
      ...(unrouted ? [{ kind: "unrouted" as const }] : []),
    ];
  }

  /** A failing step ends the run where it says so, where the step after it does, and where nothing follows it (run time §2.5). */
  private endsWhenItFails(id: string): boolean {
    const to = this.after.graph.to(id, "continue");
    return (
      to === undefined || this.after.step(id)?.["onError"] === "abort" || this.after.step(to)?.["onError"] === "abort"
    );
  }

  /** The variables that a step sets, before or after. */
  private keysOf(id: string): string[] {
    return [this.before, this.after]
      .flatMap((side) => [side.step(id)?.["outputVariable"]].flat().map((output) => own(output, "key")))
      .filter((key): key is string => typeof key === "string");
  }

  private texts: string | undefined;
  /** Whether anything that decides where or when people go reads this variable. */
  private reads(key: string): boolean {
    this.texts ??= JSON.stringify([
      this.after.goal,
      [...this.holders, ...this.coming]
        .map((id) => this.after.step(id))
        .flatMap((step) => [
          step?.["filters"],
          ...["conditions", "condition", "events", "delayUntil"].map((field) => own(own(step, "config"), field)),
        ]),
    ]);
    return /variable/.test(this.texts) && this.texts.includes(JSON.stringify(key).slice(1, -1));
  }
}

const member = (value: unknown, key: string): Dict => {
  const found = own(value, key);
  return isDict(found) ? found : found === undefined ? {} : { [key]: found };
};

/** What a write of a flow replaces. */
const contentOf = (definition: Dict): Dict =>
  Object.fromEntries(
    Object.keys(FLOW_ROWS)
      .filter((key) => key !== "status")
      .map((key) => [key, definition[key]]),
  );

function changedKeys(was: unknown, is: unknown): string[] {
  const keys = new Set([was, is].flatMap((side) => (isDict(side) ? Object.keys(side) : [])));
  return [...keys].filter((key) => !same(own(was, key), own(is, key)));
}

/** A save writes relative dates down as fixed ones, which stay until the next save (run time §5.4). */
function hasRelativeDate(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasRelativeDate);
  if (!isDict(value)) return false;
  if (DATE_OPERATORS.has(String(value["operator"])))
    return [value["value"]].flat().some((item) => typeof item === "string" && RELATIVE_DATE.test(item));
  return Object.values(value).some(hasRelativeDate);
}

/** Looks among the new steps for one that is the same but for its id. Their texts are made once, when the first step is looked for. */
function twinsIn(before: Side, after: Side): (step: Dict) => string | undefined {
  let known: Map<string, string> | undefined;
  const text = ({ type, config }: Dict): string => `${String(type)} ${stableText(config)}`;
  return (step) => {
    if (!known) {
      known = new Map();
      for (const id of after.graph.ids) {
        const other = after.step(id);
        if (before.graph.has(id) || !other) continue;
        const like = text(other);
        if (!known.has(like)) known.set(like, id);
      }
    }
    return known.get(text(step));
  };
}

/** The step that PostHog moves people to when theirs is gone: the next that is still there along the old continue edges. */
function survivor(id: string, before: Side, after: Side): string | undefined {
  const seen = new Set<string>();
  let current: string | undefined = id;
  while (current !== undefined && !seen.has(current)) {
    if (after.graph.has(current)) return current;
    seen.add(current);
    current = before.graph.to(current, "continue");
  }
  return undefined;
}

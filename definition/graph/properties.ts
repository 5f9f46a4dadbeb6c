// Every property test of a definition, with the filter that holds it (API §2.3, compiled filter objects; §3.4).
import type { Path } from "../canonical/paths";
import { isDict, type Dict } from "../canonical/values";
import { stepKindOf } from "../schema/step-kinds";
import { triggerKindOf } from "../schema/trigger-kinds";
import { listOf, oncePerFlow, textOf } from "./view";

export type FilterKind = "trigger" | "audience" | "step" | "branch" | "wait" | "wait-event" | "goal" | "goal-event";

export interface LocatedFilter {
  path: Path;
  filters: Dict;
  kind: FilterKind;
  /** The step that it belongs to. */
  id: string | undefined;
}

export interface LocatedProperty {
  path: Path;
  property: Dict;
  kind: FilterKind;
  id: string | undefined;
  /** The list that holds it. All of its tests must match. */
  beside: readonly unknown[];
}

/** The operator of a test; none is `exact` (run time §5.4). */
export const operatorOf = (property: Dict): string => textOf(property["operator"]) ?? "exact";

/** Filter objects, those of events inside them not counted. */
export const filtersIn = oncePerFlow<LocatedFilter>(function* (flow) {
  const take = function* (
    holder: unknown,
    path: Path,
    { kind, id, key = "filters" }: { kind: FilterKind; id: string | undefined; key?: string },
  ): Generator<LocatedFilter> {
    const filters = isDict(holder) ? holder[key] : undefined;
    if (isDict(filters)) yield { path: [...path, key], filters, kind, id };
  };
  const goal = isDict(flow.definition["conversion"]) ? flow.definition["conversion"] : {};
  for (const [i, event] of listOf(goal["events"]).entries())
    yield* take(event, ["conversion", "events", i], { kind: "goal-event", id: undefined });
  for (const [id, step] of flow.steps) {
    const at: Path = ["actions", id];
    yield* take(step, at, { kind: "step", id });
    const config = isDict(step["config"]) ? step["config"] : {};
    const path: Path = [...at, "config"];
    if (step["type"] === "trigger")
      yield* take(config, path, {
        kind: triggerKindOf(config["type"])?.startedBy === "schedule" ? "audience" : "trigger",
        id,
      });
    for (const { key, isList, decides } of stepKindOf(step["type"])?.filters ?? [])
      if (!isList) yield* take(config[key], [...path, key], { kind: decides, id });
      else
        for (const [i, entry] of listOf(config[key]).entries())
          yield* take(entry, [...path, key, i], { kind: decides, id });
  }
});

/** An entry of a list of events that is among property tests, or the filters around such a list. */
const isEventEntry = (item: unknown): boolean =>
  isDict(item) &&
  item["key"] === undefined &&
  (item["type"] === "events" ||
    item["type"] === "actions" ||
    ["id", "events", "actions", "filters"].some((name) => item[name] !== undefined));

/** Events that are listed where properties are tested. */
export const eventsAmongProperties = oncePerFlow<{ path: Path; item: unknown; kind: FilterKind }>(function* (flow) {
  const each = function* (
    list: unknown,
    path: Path,
    kind: FilterKind,
  ): Generator<{ path: Path; item: unknown; kind: FilterKind }> {
    for (const [i, item] of listOf(list).entries()) if (isEventEntry(item)) yield { path: [...path, i], item, kind };
  };
  const goal = isDict(flow.definition["conversion"]) ? flow.definition["conversion"] : {};
  yield* each(goal["filters"], ["conversion", "filters"], "goal");
  for (const { path, filters, kind } of filtersIn(flow))
    yield* each(filters["properties"], [...path, "properties"], kind);
});

export const propertiesIn = oncePerFlow<LocatedProperty>(function* (flow) {
  const each = function* (
    list: unknown,
    path: Path,
    rest: { kind: FilterKind; id: string | undefined },
  ): Generator<LocatedProperty> {
    const beside = listOf(list);
    for (const [i, property] of beside.entries())
      if (isDict(property) && !isEventEntry(property)) yield { path: [...path, i], property, beside, ...rest };
  };
  const goal = isDict(flow.definition["conversion"]) ? flow.definition["conversion"] : {};
  yield* each(goal["filters"], ["conversion", "filters"], { kind: "goal", id: undefined });
  for (const { path, filters, kind, id } of filtersIn(flow)) {
    yield* each(filters["properties"], [...path, "properties"], { kind, id });
    for (const list of ["events", "actions"])
      for (const [i, item] of listOf(filters[list]).entries())
        if (isDict(item)) yield* each(item["properties"], [...path, list, i, "properties"], { kind, id });
  }
});

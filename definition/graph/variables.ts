// Variables of a flow: who declares, sets and reads them, and along which edges they are set (run time §1.3, §3.10).
import type { Path } from "../canonical/paths";
import { containsUnknown, isDict, own, type Dict } from "../canonical/values";
import { stepKindOf } from "../schema/step-kinds";
import { propertiesIn } from "./properties";
import { textsOf } from "./texts";
import { listOf, textOf, type FlowView } from "./view";
import type { Edge } from "./flow-graph";

export interface Reading {
  key: string;
  path: Path;
  /** The step that reads it; none for the flow's own settings. */
  id: string | undefined;
  line?: number;
}

export interface Variables {
  /** By key: its default, where it has one that is not empty. */
  declared: ReadonlyMap<string, unknown>;
  readings: readonly Reading[];
  /** Keys that a step sets. One that ends in `_` means all keys with that beginning. */
  setBy: ReadonlyMap<string, readonly string[]>;
  /** False while a declaration or an output variable is unknown. */
  isKnown: boolean;
}

const known = new WeakMap<FlowView, Variables>();
export function variablesOf(flow: FlowView): Variables {
  const before = known.get(flow);
  if (before) return before;
  const { variables, leftover } = flow.definition;
  const declared = new Map<string, unknown>();
  for (const [key, variable] of Object.entries(isDict(variables) ? variables : {}))
    declared.set(key, own(variable, "default"));
  for (const variable of listOf(own(leftover, "variables")))
    if (textOf(own(variable, "key")) !== undefined)
      declared.set(String(own(variable, "key")), own(variable, "default"));
  const outputs = flow.steps.map(
    ([id, step]) => [id, [step["outputVariable"]].flat().filter((output) => output !== undefined)] as const,
  );
  const all: Variables = {
    declared,
    readings: [...readingsOf(flow)],
    setBy: new Map(
      outputs.map(([id, list]) => [
        id,
        list.flatMap((output) =>
          isDict(output) && typeof output["key"] === "string"
            ? [output["spread"] === true ? `${output["key"]}_` : output["key"]]
            : [],
        ),
      ]),
    ),
    isKnown:
      !containsUnknown(variables) &&
      !outputs.some(([, list]) => containsUnknown(list)) &&
      Object.values(flow.actions).every(isDict),
  };
  known.set(flow, all);
  return all;
}

function* readingsOf(flow: FlowView): Generator<Reading> {
  for (const { references, path, id, kind } of textsOf(flow)) {
    if (kind === "trigger" || kind === "masking") continue;
    const seen = new Set<string>();
    for (const { root, path: rest, line } of references) {
      const key = rest[0];
      if (root !== "variables" || key === undefined || seen.has(key)) continue;
      seen.add(key);
      yield { key, path, id, line };
    }
  }
  for (const { property, path, id } of propertiesIn(flow)) {
    const key = property["type"] === "workflow_variable" ? textOf(property["key"]) : undefined;
    if (key !== undefined) yield { key, path, id };
  }
}

/** Whether something that is set under `set` may be the variable `key`. */
export const sets = (set: string, key: string): boolean => set === key || (set.endsWith("_") && key.startsWith(set));

/** What an edge from a step sets, with and without a thought of errors. A step that is skipped, times out or fails leaves by its continue edge. */
export function setOn(flow: FlowView, edge: Edge, { evenOnError }: { evenOnError: boolean }): readonly string[] {
  const step = flow.actions[edge.from] as Dict | undefined;
  const keys = variablesOf(flow).setBy.get(edge.from) ?? [];
  if (!isDict(step) || keys.length === 0 || edge.index !== undefined) return keys;
  const kind = stepKindOf(step["type"]);
  if (step["filters"] !== undefined || kind?.branches?.next === "timeout") return [];
  return evenOnError && kind?.mayFail && step["onError"] !== "abort" ? [] : keys;
}

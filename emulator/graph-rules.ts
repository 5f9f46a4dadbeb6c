/** The structure of a graph. Only surgical edits are held to it; all other writes accept any edges. */
import { FieldError } from "./errors";
import type { JsonObject } from "./json";
import type { Graph } from "./graph-operations";

const fail = (detail: string) => new FieldError(["graph"], detail);

/** How many branches a step has. */
const BRANCHES: Record<string, (config: JsonObject) => number> = {
  conditional_branch: (config) => (Array.isArray(config.conditions) ? config.conditions.length : 0),
  random_cohort_branch: (config) => (Array.isArray(config.cohorts) ? config.cohorts.length : 0),
  wait_until_condition: () => 1,
};

export function checkGraph({ actions, edges }: Graph, abortAction: unknown): void {
  const steps = new Map(actions.map((action) => [action.id, action]));
  const used = new Set<string>();
  for (const edge of edges) {
    if (!steps.has(edge.from)) throw fail(`Edge references unknown source action '${edge.from}'.`);
    if (!steps.has(edge.to)) throw fail(`Edge references unknown target action '${edge.to}'.`);
    if (edge.type === "branch") checkBranchEdge(edge, steps.get(edge.from)!, used);
  }
  for (const action of actions) {
    if (action.type === "wait_until_condition" && !used.has(`${action.id}\n0`)) throw fail(`Action '${action.id}' is missing its branch edge with index 0.`);
  }
  if (abortAction !== null && abortAction !== undefined && !steps.has(abortAction as string)) throw fail(`Abort action '${abortAction}' does not exist.`);
}

function checkBranchEdge(edge: JsonObject, source: JsonObject, used: Set<string>): void {
  const count = BRANCHES[source.type]?.(source.config ?? {});
  if (count === undefined) throw fail(`Action '${edge.from}' of type '${source.type}' does not support branch edges.`);
  if (edge.index === undefined) throw fail(`Branch edge from '${edge.from}' to '${edge.to}' is missing 'index'.`);
  if (edge.index < 0 || edge.index >= count) throw fail(`Branch edge from '${edge.from}' has index ${edge.index}, out of range [0, ${count}).`);
  const identity = `${edge.from}\n${edge.index}`;
  if (used.has(identity)) throw fail(`Duplicate branch edge from '${edge.from}' with index ${edge.index}.`);
  used.add(identity);
}

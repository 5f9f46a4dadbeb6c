/** The structure of a graph. Only surgical edits are held to it; all other writes accept any edges. */
import { FieldError } from "./errors";
import type { JsonObject } from "./json";
import type { Graph } from "./graph-operations";

const fail = (detail: string) => new FieldError(["graph"], detail);

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

/** How many branches a step has; a type that is not here has none. */
const BRANCHES: Record<string, (config: JsonObject) => number> = {
  conditional_branch: (config) => lengthOf(config.conditions),
  random_cohort_branch: (config) => lengthOf(config.cohorts),
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
  if (abortAction && !steps.has(abortAction)) throw fail(`abort_action references unknown action '${abortAction}'.`);
  for (const action of actions) {
    if (action.type !== "wait_until_condition" || used.has(`${action.id}\n0`)) continue;
    throw fail(
      `wait_until_condition '${action.id}' is missing its resolution edge: add a 'branch' edge with index 0. Without it the wait only ends at its max_wait_duration.`,
    );
  }
}

function checkBranchEdge(edge: JsonObject, source: JsonObject, used: Set<string>): void {
  const { from, index } = edge;
  if (index === undefined) throw fail(`Branch edge from '${from}' is missing 'index'.`);
  const count = BRANCHES[source.type]?.(source.config ?? {}) ?? 0;
  if (count === 0) throw fail(`Action '${from}' (type ${source.type}) does not support branch edges.`);
  if (index < 0 || index >= count)
    throw fail(`Branch edge from '${from}' has index ${index} out of range [0, ${count}).`);
  const identity = `${from}\n${index}`;
  if (used.has(identity)) throw fail(`Duplicate branch edge from '${from}' with index ${index}.`);
  used.add(identity);
}

// Which steps and branches of a flow there are, and why one was not reached.
import type { Action } from "../../definition/schema/types";
import { branchName, type FlowModel } from "../world/flow-model";

/** A way out of a step. */
export interface Branch {
  step: string;
  /** Index of the branch, or the way on. */
  branch: number | "continue";
  /** In words: its name, or what it means for this kind of step. */
  label: string;
  to: string;
}

/** Every step but the trigger. */
export const stepsOf = ({ actions, triggerId }: FlowModel): string[] =>
  [...actions.keys()].filter((id) => id !== triggerId);

/** Every way out of the steps that have several. A random split uses its way on only without shares. */
export function branchesOf({ actions, next, branches }: FlowModel): Branch[] {
  const found: Branch[] = [];
  for (const [step, action] of actions) {
    const ways = branches.get(step);
    if (!ways) continue;
    for (const [branch, to] of [...ways].sort(([a], [b]) => a - b))
      if (isPossible(action, branch))
        found.push({
          step,
          branch,
          to,
          label:
            branchName(action, branch) ?? (action.type === "wait_until_condition" ? "matched" : `branch ${branch + 1}`),
        });
    const on = next.get(step);
    if (on !== undefined && action.type !== "random_cohort_branch")
      found.push({
        step,
        branch: "continue",
        to: on,
        label: action.type === "wait_until_condition" ? "timed out" : "otherwise",
      });
  }
  return found;
}

function isPossible(action: Action, branch: number): boolean {
  if (action.type === "conditional_branch") return branch < (action.config.conditions?.length ?? 0);
  if (action.type === "random_cohort_branch") return branch < (action.config.cohorts?.length ?? 0);
  return action.type === "wait_until_condition" && branch === 0;
}

/** Steps that edges lead to from the trigger. The way on of a random split is taken by nobody, unless it has no shares. */
export function reachable({ triggerId, actions, next, branches }: FlowModel): ReadonlySet<string> {
  const seen = new Set<string>();
  const stack = [triggerId];
  while (stack.length > 0) {
    const id = stack.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    stack.push(...(branches.get(id)?.values() ?? []));
    const on = next.get(id);
    if (on !== undefined && !hasShares(actions.get(id))) stack.push(on);
  }
  return seen;
}

const hasShares = (action: Action | undefined): boolean =>
  action?.type === "random_cohort_branch" &&
  (action.config.cohorts ?? []).some(({ percentage }) => Number(percentage) > 0);

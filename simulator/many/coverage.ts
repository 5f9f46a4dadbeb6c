// Which steps and branches of a flow there are, and why one was not reached.
import type { Action } from "../../definition/schema/types";
import { branchCount, branchEntries } from "../../definition/graph/branches";
import { own } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { branchName, type FlowModel } from "../world/flow-model";

/** An edge out of a step that has several. */
export interface Branch {
  step: string;
  /** Index of the branch, or the continue edge. */
  branch: number | "continue";
  /** Its name, or what it means for this kind of step. */
  label: string;
  to: string;
}

/** Every step but the trigger. */
export const stepsOf = ({ actions, triggerId }: FlowModel): string[] =>
  [...actions.keys()].filter((id) => id !== triggerId);

/** Every edge out of the steps that have several. A random split takes its continue edge only without shares. */
export function branchesOf({ actions, graph }: FlowModel): Branch[] {
  const found: Branch[] = [];
  for (const [step, action] of actions) {
    const kind = stepKindOf(action.type)?.branches;
    const edges = [...graph.first(step)].sort((a, b) => (a.index ?? Infinity) - (b.index ?? Infinity));
    if (!edges.some(({ index }) => index !== undefined)) continue;
    for (const { to, index } of edges) {
      if (index !== undefined && index < (branchCount(action) ?? 0))
        found.push({
          step,
          branch: index,
          to,
          label: branchName(action, index) ?? (kind?.next === "timeout" ? "matched" : `branch ${index + 1}`),
        });
      if (index === undefined && kind?.next !== "nobody")
        found.push({ step, branch: "continue", to, label: kind?.next === "timeout" ? "timed out" : "otherwise" });
    }
  }
  return found;
}

/** Steps that edges lead to from the trigger. Nobody takes the continue edge of a random split, unless it has no shares. */
export const reachable = ({ triggerId, actions, graph }: FlowModel): ReadonlySet<string> =>
  graph.reachedFrom([triggerId], ({ from, index }) => index !== undefined || !hasShares(actions.get(from)));

const hasShares = (action: Action | undefined): boolean =>
  stepKindOf(action?.type)?.branches?.next === "nobody" &&
  (branchEntries(action) ?? []).some((entry) => Number(own(entry, "percentage")) > 0);

// The edges of a keyed definition, with what each means: which condition, which share, "timed out", "otherwise" (API §3.5).
import { isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { formatPath } from "../../definition/canonical/paths";
import { FlowGraph } from "../../definition/graph/flow-graph";
import { stepKindOf, type BranchingType } from "../../definition/schema/step-kinds";
import { conditionWords } from "../words/filters";
import { awaitedWords, shareWords } from "../words/steps";
import { durationWords } from "../words/values";

/** An edge from one step to another. */
export interface Edge {
  /** Ids of the steps. */
  from: string;
  to: string;
  /** `next`, or the index in `branches`. */
  branch: "next" | number;
  /** Which people take it, in words; none where there is only one edge. */
  label?: string;
}

/**
 * How marks name an edge: `let_them_try.next`, `plan.branches[0]`.
 *
 * @example
 * ```ts
 * edgeId({ from: "plan", branch: 0 }); // plan.branches[0]
 * ```
 */
export const edgeId = ({ from, branch: way }: Pick<Edge, "from" | "branch">): string =>
  formatPath(way === "next" ? [from, "next"] : [from, "branches", way]);

const config = (step: Dict): Dict => (isDict(step["config"]) ? step["config"] : {});
const named = (item: unknown): string | undefined => {
  const name = own(item, "name");
  return typeof name === "string" && name !== "" && !isUnknown(name) ? name : undefined;
};

/** Who takes a branch, in words. */
const BRANCH_LABELS: Readonly<Record<BranchingType, (config: Dict, index: number) => string>> = {
  wait_until_condition: (config) => awaitedWords(config) || "it came",
  random_cohort_branch: (config, index) => shareWords(config)[index] ?? `share ${index + 1}`,
  conditional_branch: (config, index) => {
    const conditions = config["conditions"];
    const condition = Array.isArray(conditions) ? conditions[index] : undefined;
    return condition === undefined ? `branch ${index + 1}` : (named(condition) ?? conditionWords(condition));
  },
};

function branchLabel(step: Dict, index: number): string {
  const type = stepKindOf(step["type"])?.branches ? (step["type"] as BranchingType) : "conditional_branch";
  return BRANCH_LABELS[type](config(step), index);
}

function nextLabel(step: Dict): string | undefined {
  const kind = stepKindOf(step["type"]);
  if (kind?.branches?.next === "timeout") {
    const longest = kind.duration === undefined ? undefined : config(step)[kind.duration];
    return longest === undefined ? "timed out" : `timed out after ${durationWords(longest)}`;
  }
  const branches = step["branches"];
  return Array.isArray(branches) && branches.length > 0 ? "otherwise" : undefined;
}

/**
 * Every edge of the steps, in their order; edges to steps that are not there included.
 *
 * @param actions Steps in keyed form.
 * @example
 * ```ts
 * edgesOf({ start: { type: "trigger", next: "end" }, end: { type: "exit" } }); // [{ from: "start", to: "end", branch: "next" }]
 * ```
 */
export function edgesOf(actions: unknown): Edge[] {
  const graph = new FlowGraph({ actions });
  return graph.stated.map(({ from, to, index }): Edge => {
    const step = graph.step(from) as Dict;
    const label = index === undefined ? nextLabel(step) : branchLabel(step, index);
    return { from, to, branch: index ?? "next", ...(label === undefined ? {} : { label }) };
  });
}

// The edges of a keyed definition, with what each means: which condition, which share, "timed out", "otherwise" (API §3.5).
import { isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { formatPath } from "../../definition/canonical/paths";
import { conditionWords } from "../words/filters";
import { awaitedWords, shareWords } from "../words/steps";
import { durationWords } from "../words/values";

/** A way from one step to another. */
export interface Edge {
  /** Ids of the steps. */
  from: string;
  to: string;
  /** `next`, or the index in `branches`. */
  way: "next" | number;
  /** What takes people this way, in words; none where there is only one way. */
  label?: string;
}

/**
 * How marks name an edge: `let_them_try.next`, `plan.branches[0]`.
 *
 * @example
 * ```ts
 * edgeId({ from: "plan", way: 0 }); // plan.branches[0]
 * ```
 */
export const edgeId = ({ from, way }: Pick<Edge, "from" | "way">): string =>
  formatPath(way === "next" ? [from, "next"] : [from, "branches", way]);

const config = (step: Dict): Dict => (isDict(step["config"]) ? step["config"] : {});
const named = (item: unknown): string | undefined => {
  const name = own(item, "name");
  return typeof name === "string" && name !== "" && !isUnknown(name) ? name : undefined;
};

function branchLabel(step: Dict, index: number): string {
  if (step["type"] === "wait_until_condition") return awaitedWords(config(step)) || "it came";
  if (step["type"] === "random_cohort_branch") return shareWords(config(step))[index] ?? `share ${index + 1}`;
  const conditions = config(step)["conditions"];
  const condition = Array.isArray(conditions) ? conditions[index] : undefined;
  return condition === undefined ? `branch ${index + 1}` : (named(condition) ?? conditionWords(condition));
}

function nextLabel(step: Dict): string | undefined {
  if (step["type"] === "wait_until_condition") {
    const longest = config(step)["maxWaitDuration"];
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
 * edgesOf({ start: { type: "trigger", next: "end" }, end: { type: "exit" } }); // [{ from: "start", to: "end", way: "next" }]
 * ```
 */
export function edgesOf(actions: unknown): Edge[] {
  if (!isDict(actions)) return [];
  return Object.entries(actions).flatMap(([from, step]) => {
    if (!isDict(step)) return [];
    const edges: Edge[] = [];
    const branches = Array.isArray(step["branches"]) ? step["branches"] : [];
    branches.forEach(
      (to, way) =>
        typeof to === "string" && !isUnknown(to) && edges.push({ from, to, way, label: branchLabel(step, way) }),
    );
    const next = step["next"];
    const label = nextLabel(step);
    if (typeof next === "string" && !isUnknown(next))
      edges.push({ from, to: next, way: "next", ...(label === undefined ? {} : { label }) });
    return edges;
  });
}

// The drawings of a review: the flow after the change with what is new and what is changed marked, and before it with what goes.
import { isDict, type Dict } from "../../definition/canonical/values";
import type { FlowChange } from "../change/changes";
import { changeMarks } from "../graph/change-marks";
import { drawFlow } from "../graph/draw";

export interface Drawings {
  /** Absent when the change leaves steps and ways as they are. */
  before?: string;
  /** Absent when nothing of a flow is left. */
  after?: string;
}

/**
 * Before and after, with the changes marked.
 *
 * @example
 * ```ts
 * const before = { actions: { a: { type: "exit", name: "Exit" } } };
 * drawings(before, before, { flow: [], steps: [] }); // { after: "flowchart TD …" }
 * ```
 */
export function drawings(before: Dict | undefined, after: Dict | undefined, change: FlowChange): Drawings {
  const marks = changeMarks(before, after, change);
  return {
    ...(before && marks.isStructural ? { before: drawFlow(before, marks.before) } : {}),
    ...(after && isDict(after["actions"]) ? { after: drawFlow(after, before ? marks.after : {}) } : {}),
  };
}

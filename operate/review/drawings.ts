// The drawings of a review: the flow after the change with what is new and what is changed marked, and before it with what goes.
import { isDict, type Dict } from "../../definition/canonical/values";
import type { FlowChange } from "../change/changes";
import { changeMarks } from "../graph/change-marks";
import { drawFlow, type DrawOptions } from "../graph/draw";

export interface Drawings {
  /** Absent when the change leaves steps and ways as they are. */
  before?: string;
  /** Absent when nothing of a flow is left. */
  after?: string;
}

/**
 * Before and after, with the changes marked.
 *
 * @param flow `examples`: what steps of the flow after the change send to somebody, by id.
 * @example
 * ```ts
 * const flow = { actions: { a: { type: "exit", name: "Exit" } } };
 * drawings({ before: flow, after: flow, change: { flow: [], steps: [] } }); // { after: "flowchart TD …" }
 * ```
 */
export function drawings({
  before,
  after,
  change,
  examples,
}: {
  before: Dict | undefined;
  after: Dict | undefined;
  change: FlowChange;
  examples?: DrawOptions["examples"];
}): Drawings {
  const marks = changeMarks(before, after, change);
  return {
    ...(before && marks.isStructural ? { before: drawFlow(before, marks.before) } : {}),
    ...(after && isDict(after["actions"])
      ? { after: drawFlow(after, { ...(before ? marks.after : {}), ...(examples ? { examples } : {}) }) }
      : {}),
  };
}

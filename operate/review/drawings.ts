// The drawings of a review: the flow after the change with what is new and what is changed marked, and before it with what goes.
import { isDict, type Dict } from "../../definition/canonical/values";
import type { FlowChange } from "../change/changes";
import { drawFlow, type ChangeMark } from "../graph/draw";
import { edgeId, edgesOf } from "../graph/edges";

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
  const [was, is] = [edgesIn(before), edgesIn(after)];
  const gone = new Map<string, ChangeMark>(
    [...was].filter(([id, to]) => is.get(id) !== to).map(([id]) => [id, "removed"]),
  );
  const fresh = new Map<string, ChangeMark>(
    [...is].filter(([id, to]) => was.get(id) !== to).map(([id]) => [id, "added"]),
  );
  const marks = (...kinds: ChangeMark[]): Map<string, ChangeMark> =>
    new Map(
      change.steps.flatMap(({ id, kind, changes }) =>
        kinds.includes(kind) && (kind !== "changed" || changes.some(({ aspect }) => aspect !== "wiring"))
          ? [[id, kind] as const]
          : [],
      ),
    );
  const isStructural = gone.size > 0 || change.steps.some(({ kind }) => kind !== "changed");
  return {
    ...(before && isStructural
      ? { before: drawFlow(before, { steps: marks("removed", "changed"), edges: gone }) }
      : {}),
    ...(after && isDict(after["actions"])
      ? { after: drawFlow(after, before ? { steps: marks("added", "changed"), edges: fresh } : {}) }
      : {}),
  };
}

const edgesIn = (definition: Dict | undefined): Map<string, string> =>
  new Map(edgesOf(definition?.["actions"]).map((edge) => [edgeId(edge), edge.to]));

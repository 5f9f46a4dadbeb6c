// A flow as a drawing that is laid out, with the texts that its drawing in Mermaid has.
import { isDict, type Dict } from "../../definition/canonical/values";
import { FlowGraph } from "../../definition/graph/flow-graph";
import type { Drawing } from "../../show/data";
import type { Marks } from "../graph/draw";
import { edgeId, edgesOf } from "../graph/edges";
import { NO_SUCH_STEP, stepText } from "../graph/step-text";
import { layoutGraph } from "./graph-layout";

/**
 * The drawing of a definition in keyed form, all numbers in CSS pixels. Never throws: what it cannot read it draws as it can, and steps that are missing it
 * draws as such. The same definition always gives the same drawing. A flow of more than a thousand steps is not drawn.
 *
 * @param definition Keyed form, whole or just its `actions`.
 * @param marks What a change did to steps and edges.
 */
export function layoutFlow(definition: { actions?: unknown }, marks: Pick<Marks, "steps" | "edges"> = {}): Drawing {
  const actions: Dict = isDict(definition.actions) ? definition.actions : {};
  const order = new FlowGraph({ actions }).runningOrder.filter((id) => isDict(actions[id]));
  const edges = edgesOf(Object.fromEntries(order.map((id) => [id, actions[id]])));
  const known = new Set(order);
  const missing = [...new Set(edges.map(({ to }) => to))].filter((id) => !known.has(id));
  return layoutGraph({
    nodes: [
      ...order.map((id) => ({ id, ...stepText(actions, id), ...marked(marks.steps?.get(id)) })),
      ...missing.map((id) => ({ id, title: id, below: NO_SUCH_STEP, shape: "missing" as const })),
    ],
    edges: edges.map((edge) => {
      const id = edgeId(edge);
      return { id, from: edge.from, to: edge.to, label: edge.label, ...marked(marks.edges?.get(id)) };
    }),
  });
}

const marked = <T>(mark: T | undefined): { mark?: T } => (mark === undefined ? {} : { mark });

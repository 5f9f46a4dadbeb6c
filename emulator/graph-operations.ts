/** The operations of a surgical edit, applied one after the other to a copy of the stored graph. */
import { FieldError, NON_FIELD, at } from "./errors";
import { choice, list, nested, required } from "./fields";
import { clone, equal, isFalsy, isObject, mergePatch, pick, type JsonObject } from "./json";

/** Members that an operation cannot do without. */
const REQUIRES: Record<string, readonly string[]> = {
  update_action: ["id", "patch"],
  add_action: ["action"],
  remove_action: ["id"],
  add_edge: ["edge"],
  remove_edge: ["edge"],
  replace_action_edges: ["id", "edges"],
};

/** What an operation may do. */
export const OPERATIONS = Object.keys(REQUIRES);

export interface Graph {
  actions: JsonObject[];
  edges: JsonObject[];
}

export function operationsField(body: JsonObject): JsonObject[] {
  if (!("operations" in body)) throw required("operations");
  return at("operations", () => {
    const operations = list(body.operations);
    if (operations.length === 0) throw new FieldError([], "This list may not be empty.", "empty");
    return operations.map((operation, i) => at(i, () => operationField(operation)));
  });
}

function operationField(sent: unknown): JsonObject {
  const operation = nested(sent);
  if (!("op" in operation)) throw required("op");
  const op = at("op", () => choice(operation.op, OPERATIONS));
  const missing = REQUIRES[op]!.filter((key) => operation[key] === undefined || operation[key] === null);
  if (missing.length > 0) throw new FieldError([NON_FIELD], `op '${op}' requires: ${missing.join(", ")}`);
  for (const key of ["patch", "action", "edge"]) {
    if (key in operation && operation[key] !== null && !isObject(operation[key])) at(key, () => nested(operation[key]));
  }
  return operation;
}

export function applyOperations(stored: Graph, operations: JsonObject[]): Graph {
  const graph = clone(stored);
  for (const operation of operations) APPLY[operation.op as string]!(graph, operation);
  return graph;
}

const refuse = (detail: string) => new FieldError(["operations"], detail);

function indexOf(graph: Graph, { op, id }: JsonObject): number {
  const index = graph.actions.findIndex((action) => action.id === id);
  if (index < 0) throw refuse(`${op}: action '${id}' not found`);
  return index;
}

const EDGE_IDENTITY = ["from", "to", "type", "index"];

const APPLY: Record<string, (graph: Graph, operation: JsonObject) => void> = {
  update_action(graph, operation) {
    const index = indexOf(graph, operation);
    graph.actions[index] = mergePatch(graph.actions[index], operation.patch) as JsonObject;
  },
  add_action(graph, { op, action, edges }) {
    if (isFalsy(action.id)) throw refuse(`${op}: action is missing an 'id'`);
    if (graph.actions.some((other) => other.id === action.id))
      throw refuse(`${op}: action id '${action.id}' already exists`);
    graph.actions.push(action);
    if (Array.isArray(edges)) graph.edges.push(...edges);
  },
  remove_action(graph, operation) {
    graph.actions.splice(indexOf(graph, operation), 1);
    const target = graph.edges.find((edge) => edge.from === operation.id)?.to;
    graph.edges = graph.edges
      .filter((edge) => edge.from !== operation.id)
      .flatMap((edge) =>
        edge.to !== operation.id
          ? [edge]
          : target === undefined || target === operation.id
            ? []
            : [{ ...edge, to: target }],
      );
  },
  add_edge(graph, { edge }) {
    graph.edges.push(edge);
  },
  remove_edge(graph, { op, edge }) {
    const wanted = pick(edge, EDGE_IDENTITY);
    const left = graph.edges.filter((other) => !equal(pick(other, EDGE_IDENTITY), wanted));
    if (left.length === graph.edges.length) throw refuse(`${op}: no matching edge found`);
    graph.edges = left;
  },
  replace_action_edges(graph, operation) {
    indexOf(graph, operation);
    graph.edges = [...graph.edges.filter((edge) => edge.from !== operation.id), ...(operation.edges as JsonObject[])];
  },
};

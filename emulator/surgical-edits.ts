/** Edits that change a part of a flow's steps: operations on the graph, and one step's email. */
import { parseInstant } from "./clock";
import { ServerCrash, at, FieldError, invalid, notFound, staleUpdate } from "./errors";
import { dictionary, isNull, nested } from "./fields";
import { applyOperations, operationsField } from "./graph-operations";
import { checkGraph } from "./graph-rules";
import { clone, isObject, mergePatch, type JsonObject } from "./json";
import { DATETIME_FORMAT } from "./serializers/schedule";
import type { Flow } from "./store";
import { commit, revalidated, type Edit } from "./writes";

/** Unlike in a PATCH of the flow, a stamp that is no datetime is refused here. */
function checkStamp(flow: Flow, body: JsonObject): () => void {
  const value = body.base_updated_at;
  if (value === undefined || value === null) return () => {};
  const instant = typeof value === "string" ? parseInstant(value) : "malformed";
  if (typeof instant !== "number") throw new FieldError(["base_updated_at"], DATETIME_FORMAT);
  return () => {
    if (instant < flow.updated_at) throw staleUpdate();
  };
}

const graphOf = (flow: Flow) => ({
  actions: clone(flow.content.actions) as JsonObject[],
  edges: clone(Array.isArray(flow.content.edges) ? flow.content.edges : []) as JsonObject[],
});

export function editGraph(edit: Edit, body: unknown): void {
  const { flow } = edit;
  const request = nested(body);
  const fence = checkStamp(flow, request);
  const operations = operationsField(request);
  fence();
  const { content, secrets } = revalidated(edit, { ...applyOperations(graphOf(flow), operations) }, flow.secrets);
  checkGraph({ actions: content.actions, edges: content.edges }, flow.content.abort_action);
  commit(edit, { content: { ...flow.content, ...content }, secrets });
}

/** Merges a patch into the email of one step. `operations` name single texts to replace. */
export function editEmail(edit: Edit, actionId: string, body: unknown): void {
  const { flow } = edit;
  const request = nested(body);
  const fence = checkStamp(flow, request);
  const { actions } = graphOf(flow);
  const step = actions.find((action) => action.id === actionId);
  if (!step) throw notFound();
  if (step.type !== "function_email") throw invalid("This step does not send an email.", "action_id");
  if (request.email_patch === undefined && request.operations === undefined)
    throw invalid("Provide operations or email_patch.");
  const email = step.config?.inputs?.email;
  if (!isObject(email)) throw new ServerCrash("an email step without email");
  let value: unknown = email.value;
  for (const operation of emailOperations(request.operations)) value = replaceText(value, operation);
  if (request.email_patch !== undefined)
    value = mergePatch(
      value,
      at("email_patch", () => dictionary(request.email_patch)),
    );
  fence();
  step.config.inputs.email = { ...email, value };
  const { content, secrets } = revalidated(edit, { actions }, flow.secrets);
  commit(edit, { content: { ...flow.content, ...content }, secrets });
}

function emailOperations(value: unknown): JsonObject[] {
  if (value === undefined) return [];
  return at("operations", () => {
    if (value === null) throw isNull();
    if (!Array.isArray(value)) throw new FieldError([], "Expected a list of items.", "not_a_list");
    return value.map((operation, i) => at(i, () => nested(operation)));
  });
}

/** `{field, find, replace}`; the reference names the list but not its members [unverified]. */
function replaceText(value: unknown, { field, find, replace }: JsonObject): unknown {
  if (
    !isObject(value) ||
    typeof value[field] !== "string" ||
    typeof find !== "string" ||
    !value[field].includes(find)
  ) {
    throw new FieldError(["operations"], `No text to replace in '${String(field)}'.`);
  }
  return { ...value, [field]: value[field].replace(find, () => String(replace ?? "")) };
}

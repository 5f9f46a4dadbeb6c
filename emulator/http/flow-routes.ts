/** Flows: the list, one flow, surgical edits, drafts and revisions. */
import { ApiError } from "../errors";
import { canonicalUuid, isObject } from "../json";
import { discardDraft, findRevision, publish, restore } from "../drafts";
import { listFlows, paginate } from "../list";
import { detail, revisionDetail, revisionRow, row } from "../representation";
import { editEmail, editGraph } from "../surgical-edits";
import { createFlow, deleteFlow, updateFlow, type Edit } from "../writes";
import { flowOf, ok, type Answer, type Call, type Route, type Scope } from "./route";

const READ: Scope[] = ["hog_flow:read"];
const WRITE: Scope[] = ["hog_flow:write"];

/** Nobody is behind a project secret API key, and so it has no level of access. */
const options = ({ backend, user }: Call) => ({ switches: backend.switches, nobody: user === null });

const editOf = (call: Call): Edit => ({ backend: call.backend, flow: flowOf(call), writer: call.writer });

const shown = (call: Call, partial = false): Answer => ok(detail(flowOf(call), { ...options(call), partial }));

function update(call: Call, partial: boolean): Answer {
  updateFlow(editOf(call), call.body(), { partial });
  return shown(call, partial);
}

function bulkDelete({ backend, projectId, body }: Call): Answer {
  const request = body();
  const ids: unknown = isObject(request) ? request.ids : undefined;
  if (!Array.isArray(ids) || ids.length === 0)
    throw new ApiError(400, { error: "A non-empty list of 'ids' is required" });
  const uuids = ids.map(canonicalUuid);
  if (uuids.some((id) => id === undefined)) throw new ApiError(400, { error: "One or more IDs are not valid UUIDs" });
  const archived = [...new Set(uuids)]
    .map((id) => backend.store.find(projectId, id!))
    .filter((flow) => flow?.status === "archived");
  for (const flow of archived) deleteFlow(backend, flow!);
  return ok({ deleted: archived.length });
}

export const flowRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "hog_flows",
    scopes: READ,
    secretKeys: true,
    handle(call) {
      const { backend, projectId, url } = call;
      const flows = listFlows(backend.store.flowsOf(projectId), url.searchParams, backend.switches);
      return ok(paginate(flows, url, (flow) => row(flow, options(call))));
    },
  },
  {
    method: "POST",
    path: "hog_flows",
    scopes: WRITE,
    secretKeys: true,
    handle(call) {
      const flow = createFlow(call, call.projectId, call.body());
      return { status: 201, body: detail(flow, options(call)) };
    },
  },
  { method: "POST", path: "hog_flows/bulk_delete", scopes: WRITE, handle: bulkDelete },
  { method: "GET", path: "hog_flows/:id", scopes: READ, secretKeys: true, handle: (call) => shown(call) },
  { method: "PUT", path: "hog_flows/:id", scopes: WRITE, secretKeys: true, handle: (call) => update(call, false) },
  { method: "PATCH", path: "hog_flows/:id", scopes: WRITE, secretKeys: true, handle: (call) => update(call, true) },
  {
    method: "DELETE",
    path: "hog_flows/:id",
    scopes: WRITE,
    handle(call) {
      deleteFlow(call.backend, flowOf(call));
      return { status: 204 };
    },
  },
  {
    method: "PATCH",
    path: "hog_flows/:id/graph",
    scopes: WRITE,
    handle(call) {
      editGraph(editOf(call), call.body());
      return shown(call);
    },
  },
  {
    method: "PATCH",
    path: "hog_flows/:id/actions/:action_id/email",
    scopes: WRITE,
    handle(call) {
      editEmail(editOf(call), call.params.action_id!, call.body());
      return shown(call);
    },
  },
  {
    method: "POST",
    path: "hog_flows/:id/publish",
    scopes: WRITE,
    handle: (call) => ok(publish(editOf(call), call.tokens, call.body())),
  },
  {
    method: "POST",
    path: "hog_flows/:id/discard_draft",
    scopes: WRITE,
    handle(call) {
      discardDraft(call.backend, flowOf(call));
      return shown(call);
    },
  },
  {
    method: "GET",
    path: "hog_flows/:id/revisions",
    scopes: READ,
    handle: (call) => ok(paginate([...flowOf(call).revisions].reverse(), call.url, revisionRow)),
  },
  {
    method: "GET",
    path: "hog_flows/:id/revisions/:version",
    scopes: READ,
    handle: (call) => ok(revisionDetail(findRevision(flowOf(call), call.params.version!))),
  },
  {
    method: "POST",
    path: "hog_flows/:id/revisions/:version/restore",
    scopes: WRITE,
    handle(call) {
      restore(editOf(call), call.params.version!, call.body());
      return shown(call);
    },
  },
];

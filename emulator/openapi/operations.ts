/** What the OpenAPI document says about each route beside its path and scopes: parameters, body and answer. */
import { BREAKDOWNS, INTERVALS, LIMIT } from "../run-history";
import { LIST_PARAMETERS } from "../list";
import { ORIGINS, STATUSES } from "../serializers/flow";
import type { Switches } from "../switches";
import { instant, integer, listOf, ref, text, uuid, type Schema } from "./notation";

export interface Operation {
  /** Default: the path and what is done with it. */
  id?: string;
  body?: string;
  /** Absent: the document says nothing about what comes back. */
  answer?: Schema;
  /** Default: 200. */
  status?: number;
  /** A list of what there is, of which one can be asked for. */
  many?: true;
  query?: Readonly<Record<string, Schema & { required?: boolean }>>;
}

const paged = {
  limit: { ...integer(), description: "Number of results to return per page." },
  offset: { ...integer(), description: "The initial index from which to return the results." },
};

/** Parameters of the list that are not just text. */
const TYPED: Readonly<Record<string, Schema>> = {
  id: uuid,
  created_at: instant,
  updated_at: instant,
  created_by: uuid,
  status: { type: "string", enum: [...STATUSES] },
  origin_product: { type: "string", enum: [...ORIGINS] },
};

const span = { after: text(), before: text() };
const metrics = {
  ...span,
  breakdown_by: { type: "string", enum: [...BREAKDOWNS] },
  instance_id: text(),
  interval: { type: "string", enum: [...INTERVALS] },
  kind: text(),
  name: text(),
};
const runs = { ...span, distinct_id: text(), error_message_contains: text(), status: text() };

const METRICS = ref("AppMetricsResponse");
const FLOW = ref("HogFlow");

/** By method and path of the route. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET hog_flows": { answer: ref("PaginatedHogFlowMinimalList"), many: true, query: paged },
  "POST hog_flows": { body: "HogFlow", answer: FLOW, status: 201 },
  // Upstream documents the viewset's own serializer here, although the body is a list of ids.
  "POST hog_flows/bulk_delete": { body: "HogFlow", answer: FLOW },
  "GET hog_flows/:id": { answer: FLOW },
  "PUT hog_flows/:id": { body: "HogFlowUpdate", answer: ref("HogFlowUpdate") },
  "PATCH hog_flows/:id": { body: "PatchedHogFlowUpdate", answer: ref("HogFlowUpdate") },
  "DELETE hog_flows/:id": { status: 204 },
  "PATCH hog_flows/:id/graph": { body: "PatchedHogFlowGraphUpdate", answer: FLOW },
  "PATCH hog_flows/:id/actions/:action_id/email": { body: "PatchedHogFlowActionEmailUpdate", answer: FLOW },
  "POST hog_flows/:id/publish": { body: "HogFlowPublishRequest", answer: ref("HogFlowPublishResponse") },
  "POST hog_flows/:id/discard_draft": { answer: FLOW },
  "GET hog_flows/:id/revisions": { answer: ref("PaginatedHogFlowRevisionBasicList"), many: true, query: paged },
  "GET hog_flows/:id/revisions/:version": { answer: ref("HogFlowRevision") },
  "POST hog_flows/:id/revisions/:version/restore": { body: "HogFlowRevisionRestoreRequest", answer: FLOW },
  "GET hog_flows/:id/schedules": { answer: listOf(ref("HogFlowSchedule")), many: true },
  "POST hog_flows/:id/schedules": { body: "HogFlowSchedule", answer: ref("HogFlowSchedule"), status: 201 },
  "PATCH hog_flows/:id/schedules/:schedule_id": { body: "PatchedHogFlowSchedule", answer: ref("HogFlowSchedule") },
  "DELETE hog_flows/:id/schedules/:schedule_id": { status: 204 },
  "GET hog_flows/:id/batch_jobs": { answer: listOf(ref("HogFlowBatchJob")), many: true },
  "POST hog_flows/:id/batch_jobs": { body: "HogFlowBatchJob", answer: ref("HogFlowBatchJob") },
  "POST hog_flows/:id/batch_jobs/:batch_job_id/cancel": { answer: ref("HogFlowBatchJobCancelResponse") },
  "POST hog_flows/:id/run": { body: "HogFlowRunRequest", answer: ref("HogFlowRunResponse") },
  "POST hog_flows/:id/invocations": { body: "HogFlowInvocation" },
  "POST hog_flows/:id/invocations/cancel": {
    body: "HogInvocationCancelRequest",
    answer: ref("HogInvocationCancelResponse"),
  },
  "POST hog_flows/:id/resume_email_sending": {
    id: "hog_flows_resume_email_sending",
    answer: ref("WorkflowEmailPauseStatus"),
  },
  "GET hog_flows/:id/logs": {
    query: { ...span, instance_id: text(), level: text(), limit: integer(LIMIT), search: text() },
  },
  "GET hog_flows/:id/metrics": { answer: METRICS, query: metrics },
  "GET hog_flows/:id/metrics/totals": { answer: ref("AppMetricsTotalsResponse"), query: metrics },
  "GET hog_flows/:id/metrics/version": {
    answer: METRICS,
    query: { ...metrics, version: { ...integer(), required: true } },
  },
  "GET hog_flows/:id/invocation_results": {
    answer: listOf(ref("HogInvocationResult")),
    query: { ...runs, limit: integer(LIMIT) },
  },
  "GET hog_flows/:id/invocation_results_count": { answer: ref("HogInvocationResultsCount"), query: runs },
  "GET hog_flows/:id/invocation_results/:invocation_id": {
    id: "hog_flows_invocation_result_retrieve",
    answer: ref("HogInvocationResultDetail"),
  },
  "GET hog_flows/:id/assets": { answer: listOf(ref("MessageAsset")) },
  "GET hog_flows/metrics/global": { answer: listOf(ref("WorkflowStatsRow")) },
  "GET hog_flows/email_sending_suspension": { answer: ref("EmailSendingSuspensionStatus") },
  "POST hog_flows/user_blast_radius": { body: "BlastRadiusRequest", answer: ref("BlastRadius") },
  "GET hog_function_templates/:template_id": { answer: ref("HogFunctionTemplate") },
};

/** @throws Error for a route that the document does not know. */
export function operationOf(route: string, switches: Switches): Operation {
  const operation = OPERATIONS[route];
  if (!operation) throw new Error(`the OpenAPI document knows no route ${route}`);
  if (route !== "GET hog_flows") return operation;
  const listed = LIST_PARAMETERS.filter((name) => name !== "key" || switches.keySupport);
  return {
    ...operation,
    query: { ...Object.fromEntries(listed.map((name) => [name, TYPED[name] ?? text()])), ...operation.query },
  };
}

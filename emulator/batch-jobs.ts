/** Batch runs: records of runs over an audience. Nothing is sent to anyone. */
import { ApiError, invalid, notFound } from "./errors";
import { clone, isObject, type JsonObject } from "./json";
import { newId, type BatchJob, type Flow, type User } from "./store";
import type { Backend } from "./writes";

export const JOB_STATUSES = ["waiting", "queued", "active", "completed", "cancelled", "failed"];
const TERMINAL = ["completed", "cancelled", "failed"];

export interface NewJob {
  variables: unknown;
  status?: string;
  user: User | null;
}

export function startBatchJob(
  { clock }: Backend,
  flow: Flow,
  { variables, status = "queued", user }: NewJob,
): BatchJob {
  const now = clock.stamp();
  const filters = clone(flow.content.trigger?.filters ?? {});
  const job: BatchJob = {
    id: newId(),
    status,
    hog_flow: flow.id,
    filters,
    variables: clone(variables),
    created_at: now,
    created_by: user,
    updated_at: now,
  };
  flow.batchJobs.push(job);
  return job;
}

export function requestBatchJob(
  backend: Backend,
  flow: Flow,
  { body, user }: { body: unknown; user: User | null },
): BatchJob {
  const request: JsonObject = isObject(body) ? body : {};
  const { status, variables } = request;
  // These errors come as plain lists, without the envelope.
  if (status !== undefined && !JOB_STATUSES.includes(status))
    throw new ApiError(400, { status: [`"${String(status)}" is not a valid choice.`] });
  if (variables === null) throw new ApiError(400, { variables: ["This field may not be null."] });
  if (flow.status !== "active") throw invalid("Workflow must be active to run a batch. Enable it first.");
  return startBatchJob(backend, flow, { variables: variables ?? {}, status, user });
}

export function cancelBatchJob({ clock }: Backend, flow: Flow, id: string): JsonObject {
  const job = flow.batchJobs.find((other) => other.id === id.toLowerCase());
  if (!job) throw notFound("Batch job not found");
  if (!TERMINAL.includes(job.status)) {
    job.status = "cancelled";
    job.updated_at = clock.stamp();
  }
  return { status: job.status, marked: 0, remaining: 0, done: true };
}

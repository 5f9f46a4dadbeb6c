/** Schedules, batch jobs, runs and what is known about them, and templates. */
import { cancelBatchJob, requestBatchJob } from "../batch-jobs";
import { userBlastRadius } from "../blast-radius";
import { formatNullable } from "../clock";
import { notFound } from "../errors";
import { batchJob, schedule } from "../representation";
import * as history from "../run-history";
import { createSchedule, deleteSchedule, findSchedule, updateSchedule } from "../schedules";
import type { RunRecords } from "../run-records";
import type { Flow } from "../store";
import { testRun as runTest } from "../test-runs";
import { projectOf, readConfiguration } from "../writes";
import { flowOf, ok, type Answer, type Call, type Route, type Scope } from "./route";

const READ: Scope[] = ["hog_flow:read"];
const WRITE: Scope[] = ["hog_flow:write"];
const PEOPLE: Scope = "person:read";
const GROUPS: Scope = "group:read";

/** Batch jobs name the flow that they did not find. */
function flowOfJobs(call: Call): Flow {
  const flow = call.backend.store.find(call.projectId, call.params.id!);
  if (!flow) throw notFound(`Workflow ${call.params.id} not found`);
  return flow;
}

/** A read about one flow that needs nothing of it but that it exists. */
function about(path: string, scopes: Scope[], answer: (call: Call, records: RunRecords, flow: Flow) => unknown): Route {
  return {
    method: "GET",
    path: `hog_flows/:id/${path}`,
    scopes,
    handle(call) {
      const flow = flowOf(call);
      return ok(answer(call, call.backend.store.recordsOf(flow.id), flow));
    },
  };
}

const query = (call: Call) => call.url.searchParams;
const now = (call: Call) => call.backend.clock.now();
const runQuery = (call: Call): history.RunQuery => ({ query: query(call), now: now(call) });

const scheduleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "hog_flows/:id/schedules",
    scopes: READ,
    handle: (call) => ok([...flowOf(call).schedules].reverse().map(schedule)),
  },
  {
    method: "POST",
    path: "hog_flows/:id/schedules",
    scopes: [...WRITE, PEOPLE],
    handle: (call) => ({ status: 201, body: schedule(createSchedule(call.backend, flowOf(call), call.body())) }),
  },
  {
    method: "PATCH",
    path: "hog_flows/:id/schedules/:schedule_id",
    scopes: WRITE,
    handle(call) {
      const found = findSchedule(flowOf(call), call.params.schedule_id!);
      updateSchedule(call.backend, found, call.body());
      return ok(schedule(found));
    },
  },
  {
    method: "DELETE",
    path: "hog_flows/:id/schedules/:schedule_id",
    scopes: WRITE,
    handle(call) {
      deleteSchedule(flowOf(call), call.params.schedule_id!);
      return { status: 204 };
    },
  },
];

const batchRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "hog_flows/:id/batch_jobs",
    scopes: READ,
    handle: (call) => ok([...flowOfJobs(call).batchJobs].reverse().map(batchJob)),
  },
  {
    method: "POST",
    path: "hog_flows/:id/batch_jobs",
    scopes: [...WRITE, PEOPLE],
    handle: (call) =>
      ok(batchJob(requestBatchJob(call.backend, flowOfJobs(call), { body: call.body(), user: call.user }))),
  },
  {
    method: "POST",
    path: "hog_flows/:id/batch_jobs/:batch_job_id/cancel",
    scopes: WRITE,
    handle: (call) => ok(cancelBatchJob(call.backend, flowOfJobs(call), call.params.batch_job_id!)),
  },
];

function resume(call: Call): Answer {
  const flow = flowOf(call);
  const stamp = call.backend.clock.stamp();
  history.resumeEmail(flow, stamp);
  flow.updated_at = stamp;
  return ok({
    email_sending_paused: false,
    email_sending_paused_at: null,
    email_sending_paused_reason: "",
    email_sending_resumed_at: formatNullable(stamp),
  });
}

/** A flow that does not exist is tested like one that is not stored yet, whose id is `new` (API §1.11). */
async function testRun(call: Call): Promise<Answer> {
  const { backend, projectId, params, writer, url } = call;
  const { store, switches, templates } = backend;
  if (!switches.testRuns) throw notFound("Endpoint not found.");
  const flow = store.find(projectId, params.id!);
  return ok(
    await runTest(
      {
        flow,
        projectId,
        timezone: zoneOf(call),
        siteUrl: url.origin,
        templates,
        now: now(call),
        random: Math.random,
        answers: { ...store.stepAnswers, ...(flow && store.recordsOf(flow.id).steps) },
        workerStatus: switches.workerStatus,
        read: (configuration) => readConfiguration({ backend, flow, writer }, projectId, configuration),
      },
      call.body(),
    ),
  );
}

const KEPT_MS = 86_400_000;

/** A run that was asked for with the same key within a day is not started again. */
function runNow(call: Call): Answer {
  const flow = flowOf(call);
  const answer = history.runNow(flow, call.body());
  const given = call.header("idempotency-key");
  if (!given) return ok(answer);
  const { runsByKey } = call.backend.store;
  const key = `${flow.id} ${given}`;
  const before = runsByKey.get(key);
  if (before && now(call) - before.at < KEPT_MS) return ok(before.answer);
  runsByKey.set(key, { at: now(call), answer });
  return ok(answer);
}

function cancelRuns(call: Call): Answer {
  flowOf(call);
  return ok(history.cancelRuns(call.body()));
}

const SENDS = { email_sending_suspended: false, email_sending_suspended_at: null, email_sending_suspension_reason: "" };

const zoneOf = (call: Call) => projectOf(call.backend, call.projectId).timezone;

const historyRoutes: readonly Route[] = [
  { method: "POST", path: "hog_flows/:id/run", scopes: WRITE, handle: runNow },
  { method: "POST", path: "hog_flows/:id/invocations", scopes: [...WRITE, GROUPS], handle: testRun },
  { method: "POST", path: "hog_flows/:id/invocations/cancel", scopes: WRITE, handle: cancelRuns },
  { method: "POST", path: "hog_flows/:id/resume_email_sending", scopes: WRITE, handle: resume },
  about("logs", READ, (call, records, flow) => history.logs(records, flow, runQuery(call))),
  about("metrics", READ, (call, records) => history.metrics(records, runQuery(call), zoneOf(call))),
  about("metrics/totals", READ, (call, records) => history.metricTotals(records, runQuery(call))),
  about("metrics/version", READ, (call, records) => history.versionMetrics(records, runQuery(call), zoneOf(call))),
  about("invocation_results", [...READ, PEOPLE], (call, records) => history.runs(records, runQuery(call))),
  about("invocation_results_count", [...READ, PEOPLE], (call, records) => history.runCount(records, runQuery(call))),
  about("invocation_results/:invocation_id", [...READ, PEOPLE], (call, records) =>
    history.oneRun(records, call.params.invocation_id!),
  ),
  about("assets", [...READ, PEOPLE], () => []),
  { method: "GET", path: "hog_flows/metrics/global", scopes: READ, handle: () => ok([]) },
  { method: "GET", path: "hog_flows/email_sending_suspension", scopes: READ, handle: () => ok(SENDS) },
  {
    method: "POST",
    path: "hog_flows/user_blast_radius",
    scopes: [...READ, PEOPLE],
    handle: (call) => ok(userBlastRadius(call.tokens, call.body(), call.backend.store.audiences.get(call.projectId))),
  },
];

const templateRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "hog_function_templates/:template_id",
    // Which scope upstream asks for is not known; any valid key may read templates.
    scopes: [],
    handle({ backend, params }) {
      const template = backend.templates.find(params.template_id);
      if (!template) throw notFound();
      return ok(template);
    },
  },
];

export const runRoutes: readonly Route[] = [...scheduleRoutes, ...batchRoutes, ...historyRoutes, ...templateRoutes];

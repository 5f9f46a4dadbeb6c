/**
 * PostHog's Workflows API as functions. Knows hosts, keys, retries, limits and errors; knows nothing of what the caller
 * does with a flow. Every function throws `PostHogApiError` and nothing else.
 */
import { setMaxListeners } from "node:events";
import type { Dispatcher } from "undici";
import { apiError, brokenError, readAnswer, type Expected, type Sent } from "./answer";
import { type Clock, systemClock } from "./clock";
import { sharedDispatcher } from "./dispatcher";
import { SETTING, type Target } from "./error-message";
import { MAX_BODY_BYTES, megabytes } from "../definition/schema/limits";
import { isGone, PostHogApiError } from "./errors";
import { BEYOND_FLOWS, mayRequest } from "./key-kinds";
import { type Limiter, PausedTooLong, sharedLimiter, type Wait } from "./limiter";
import { allRows } from "./paging";
import { type Attempt, type Method, withRetries } from "./retry";
import { exchange, TransportFault } from "./transport";
import { defaultUserAgent } from "./user-agent";
import type {
  FlowQuery,
  Page,
  PageQuery,
  WireBatchJob,
  WireBatchJobBody,
  WireBlastRadius,
  WireBlastRadiusBody,
  WireFlow,
  WireFlowBody,
  WireFlowRow,
  WirePublishPreview,
  WirePublishResult,
  WireRevision,
  WireRevisionDetail,
  WireSchedule,
  WireScheduleBody,
} from "./wire";
import type {
  LogQuery,
  MetricQuery,
  RunQuery,
  WireInvocationBody,
  WireInvocationResult,
  WireLogLine,
  WireMetrics,
  WireRun,
  WireRunDetail,
  WireTemplate,
} from "./wire-runs";

/** Where a client talks to, and how. */
export interface ClientOptions {
  /** Origin, http or https, such as `https://us.posthog.com`. The key is sent there and nowhere else. */
  host: string;
  projectId: string;
  // API §0.3, §1.1
  /**
   * Personal API key (`phx_…`) with `hog_flow:read` and `hog_flow:write`; schedules also need `person:read`. A project secret API key
   * (`phs_…`) may list, read, create and update flows, and nothing else.
   */
  apiKey: string;
  /** Default `pulumi-hogflow/<version> (node/<version>)`. */
  userAgent?: string;
  /** Longest silence of one attempt in milliseconds: to connect, to the answer's head, between pieces of its body. Default 30 000. */
  requestTimeoutMs?: number;
  /** Longest total wait of one call between its attempts, in milliseconds. Default 120 000. */
  patienceMs?: number;
  /** Largest answer in bytes. Default 50 MiB. */
  maxAnswerBytes?: number;
  /** Default: one per process and key. */
  limiter?: Limiter;
  /** Default: built once per process from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
  dispatcher?: Dispatcher;
  clock?: Clock;
  /** Stops every call of this client: what has not been sent is not sent any more. */
  signal?: AbortSignal;
  /** Ends every wait of this client, for the rate limit or between two attempts. What need not wait is sent all the same, and an answer is waited for. */
  waiting?: AbortSignal;
  /**
   * Told after each attempt. `path` includes the query; `status` is undefined when there was no answer; `attempt` counts from 1. `date` is the server's
   * clock, its `Date` header as it came.
   */
  onRequest?: (request: {
    method: string;
    path: string;
    status: number | undefined;
    attempt: number;
    ms: number;
    date: string | undefined;
  }) => void;
  /** Told when a call has to wait because of the rate limit, and again after each minute in which it still does. */
  onWait?: (wait: Wait & { method: string; path: string }) => void;
}

export interface WriteOptions {
  /**
   * Whether to repeat after an unknown outcome (time-out, cut, 5xx). Default: true for deletes; false for PUT and PATCH,
   * after which the caller should read first.
   */
  retryUnknown?: boolean;
}

// API §1
/** PostHog's Workflows API for one project: a method an endpoint. Requests are limited to what PostHog allows, and repeated where that is safe. */
export interface PostHogClient {
  /** The origin that requests go to. */
  readonly host: string;
  readonly projectId: string;
  // API §1.2, §2.6
  /** One page of rows. */
  listFlows(query?: FlowQuery): Promise<Page<WireFlowRow>>;
  /** All rows, 500 a page, each flow once, also when flows are changed meanwhile. */
  allFlows(query?: Omit<FlowQuery, "limit" | "offset">): Promise<WireFlowRow[]>;
  // API §1.2
  /** All rows with the text (at most 200 characters) in their name, description or texts. */
  searchFlows(text: string): Promise<WireFlowRow[]>;
  // API §6.4
  /** Not repeated when it may have worked: look with `searchFlows` first. */
  createFlow(body: WireFlowBody): Promise<WireFlow>;
  getFlow(id: string): Promise<WireFlow>;
  // API §1.3
  /** Full update. 409 `stale_update` when `base_updated_at` is older than the flow. */
  putFlow(id: string, body: WireFlowBody, options?: WriteOptions): Promise<WireFlow>;
  // API §1.3
  /** Partial update: an incomplete nested object is stored and breaks every later read. */
  patchFlow(id: string, body: WireFlowBody, options?: WriteOptions): Promise<WireFlow>;
  // API §1.4, §6.1
  /** Gone at the first attempt is an error (`isGone`); gone after a lost answer is success. */
  deleteFlow(id: string, options?: WriteOptions): Promise<void>;
  // API §1.5
  /** Deletes those of the flows that are archived and skips the others silently. */
  bulkDeleteFlows(ids: string[]): Promise<{ deleted: number }>;
  // API §5.2
  /** Newest first. There is no request for a single schedule. */
  listSchedules(flowId: string): Promise<WireSchedule[]>;
  createSchedule(flowId: string, body: WireScheduleBody): Promise<WireSchedule>;
  patchSchedule(flowId: string, id: string, body: WireScheduleBody, options?: WriteOptions): Promise<WireSchedule>;
  /** Gone at the first attempt is an error (`isGone`); gone after a lost answer is success. */
  deleteSchedule(flowId: string, id: string, options?: WriteOptions): Promise<void>;
  // API §1.10
  /** The batches of a flow. */
  listBatchJobs(flowId: string): Promise<WireBatchJob[]>;
  // API §1.10
  /** Starts a run for a whole audience. */
  createBatchJob(flowId: string, body?: WireBatchJobBody): Promise<WireBatchJob>;
  // API §1.12
  /** Counts the audience of filters. */
  userBlastRadius(body: WireBlastRadiusBody): Promise<WireBlastRadius>;
  // API §7.2
  /** What publishing the staged draft would do, and the token to do it with. */
  previewPublish(flowId: string): Promise<WirePublishPreview>;
  publish(flowId: string, confirmToken: string): Promise<WirePublishResult>;
  // API §7.2
  /** Drops the staged draft. */
  discardDraft(flowId: string): Promise<WireFlow>;
  // API §7.3
  /** The versions that PostHog keeps of a flow, newest first. */
  listRevisions(flowId: string, page?: PageQuery): Promise<Page<WireRevision>>;
  getRevision(flowId: string, version: number): Promise<WireRevisionDetail>;
  // API §1.11, run time §1.7
  /**
   * Executes one step for a test person. Outgoing calls are mocked unless `mock_async_functions` is false: then mail goes
   * out. The flow id may be `new` for a `configuration` that is stored nowhere. Never repeated when it may have worked.
   */
  testInvocation(flowId: string, body: WireInvocationBody): Promise<WireInvocationResult>;
  // API §1.11
  /** Runs of a flow, newest first; needs `person:read`. */
  listRuns(flowId: string, query?: RunQuery): Promise<WireRun[]>;
  // API §1.11
  /** How many runs there are; needs `person:read`. */
  countRuns(flowId: string, query?: Omit<RunQuery, "limit">): Promise<{ count: number }>;
  // API §1.11
  /** One run with what it began with; needs `person:read`. */
  getRun(flowId: string, invocationId: string): Promise<WireRunDetail>;
  // API §1.11
  /** One page of log lines. */
  listLogs(flowId: string, query?: LogQuery): Promise<Page<WireLogLine>>;
  // API §1.11
  /** Numbers over time, one series a name or kind. */
  getMetrics(flowId: string, query?: MetricQuery): Promise<WireMetrics>;
  // API §1.11
  /** Sums over the same span. */
  getMetricTotals(flowId: string, query?: Omit<MetricQuery, "interval">): Promise<{ totals: Record<string, number> }>;
  // API §3.3
  /** The template of a function step, with its inputs. */
  getTemplate(templateId: string): Promise<WireTemplate>;
}

/** Longest `search` that the server accepts, in characters (API §1.2). */
export const MAX_SEARCH_LENGTH = 200;

interface Endpoint {
  method: Method;
  /** Default `hog_flows`. */
  collection?: "hog_function_templates";
  /** Below `/api/projects/<project>/<collection>`. */
  path: string[];
  target: Target;
  expects: Expected;
  query?: object;
  body?: unknown;
  retryUnknown?: boolean;
}

/** An observer that fails changes nothing about the request. */
function tellOf(
  onRequest: ClientOptions["onRequest"],
  request: Parameters<NonNullable<ClientOptions["onRequest"]>>[0],
): void {
  try {
    onRequest?.(request);
  } catch {
    // Its own affair.
  }
}

/** Whatever breaks on our side, the caller learns whether the request may have been carried out, and nothing is repeated. */
async function unbroken<T>(sent: Sent, isUnderWay: () => boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw thrown instanceof PostHogApiError ? thrown : brokenError(sent, isUnderWay() ? "unknown" : "unsent", thrown);
  }
}

/**
 * A client for one project. Makes no request yet.
 *
 * @throws PostHogApiError with code `invalid_request` when host, project or key cannot be right.
 * @example
 * ```ts
 * const posthog = createClient({ host: "https://eu.posthog.com", projectId: "12345", apiKey: process.env["POSTHOG_API_KEY"] ?? "" });
 * const flows = await posthog.allFlows({ status: "active" });
 * ```
 */
export function createClient(options: ClientOptions): PostHogClient {
  const { host, projectId, apiKey } = checkedOptions(options);
  const clock = options.clock ?? systemClock;
  const limiter = options.limiter ?? sharedLimiter(apiKey, clock);
  const patienceMs = options.patienceMs ?? 120_000;
  const userAgent = options.userAgent ?? defaultUserAgent();
  const { signal, waiting, onRequest, onWait } = options;
  // Every call in the queue listens: hundreds are no leak.
  for (const listened of [signal, waiting]) if (listened) setMaxListeners(0, listened);

  async function call<T>(endpoint: Endpoint): Promise<T> {
    const { method, target } = endpoint;
    const label = [
      "/api/projects",
      encodeURIComponent(projectId),
      endpoint.collection ?? "hog_flows",
      ...endpoint.path.map(encodeURIComponent),
    ].join("/");
    const path = `${label}/${queryText(endpoint.query)}`;
    const sent: Sent = { request: `${method} ${label}`, host, target, apiKey, body: endpoint.body };
    // An empty part would turn the request for one object into one for all of them, and dots would climb.
    if (endpoint.path.some((part) => part === "" || part === "." || part === ".." || typeof part !== "string")) {
      throw apiError(sent, { outcome: "unsent", code: "invalid_request", detail: "an id in it is empty or invalid" });
    }
    if (!mayRequest(apiKey, endpoint))
      throw apiError(sent, { outcome: "unsent", code: "key_kind", detail: BEYOND_FLOWS });
    let body: string | undefined;
    try {
      body = endpoint.body === undefined ? undefined : JSON.stringify(endpoint.body);
    } catch (thrown) {
      throw brokenError(sent, "unsent", thrown);
    }
    const bytes = body === undefined ? 0 : Buffer.byteLength(body);
    if (bytes > MAX_BODY_BYTES)
      throw apiError(sent, {
        outcome: "unsent",
        code: "too_large",
        detail: `its body is ${megabytes(bytes)}, and PostHog accepts at most ${megabytes(MAX_BODY_BYTES)}`,
      });
    const aborted = () => apiError(sent, { outcome: "unsent", code: "aborted", detail: "the caller stopped it" });
    const reportWait = onWait && ((wait: Wait) => onWait({ method, path, ...wait }));

    let isUnderWay = false;
    const once = async (attempt: Attempt): Promise<T> => {
      const began = clock.now();
      let status: number | undefined;
      let date: string | undefined;
      try {
        isUnderWay = true;
        const answer = await exchange({
          dispatcher: options.dispatcher ?? sharedDispatcher(host),
          origin: host,
          path,
          method,
          headers: headersOf(apiKey, userAgent, body !== undefined),
          body,
          timeoutMs: options.requestTimeoutMs ?? 30_000,
          maxBytes: options.maxAnswerBytes ?? 50 * 1024 * 1024,
          signal,
        });
        status = answer.status;
        date = typeof answer.headers.date === "string" ? answer.headers.date : undefined;
        return readAnswer(sent, endpoint.expects, answer, clock.now()) as T;
      } catch (thrown) {
        if (!(thrown instanceof TransportFault)) throw thrown;
        throw apiError(sent, {
          outcome: thrown.sent ? "unknown" : "unsent",
          code: thrown.code,
          detail: thrown.message,
        });
      } finally {
        tellOf(onRequest, { method, path, status, attempt: attempt.number, ms: clock.now() - began, date });
      }
    };

    return unbroken(
      sent,
      () => isUnderWay,
      () =>
        withRetries(
          {
            method,
            clock,
            patienceMs,
            signal: signal ?? waiting,
            aborted,
            retryUnknown: endpoint.retryUnknown,
            onThrottled: (ms) => limiter.pause(ms),
            onPause: (ms) => reportWait?.({ ms }),
          },
          async (attempt) => {
            const ticket = { signal, waiting, maxPauseMs: patienceMs, onWait: reportWait };
            let started = false;
            try {
              return await limiter.run(() => {
                started = true;
                return once(attempt);
              }, ticket);
            } catch (thrown) {
              if (method === "DELETE" && attempt.afterUnknown && isGone(thrown)) return undefined as T;
              if (thrown instanceof PausedTooLong) throw pausedError(sent, thrown.ms, patienceMs);
              if (!started && (signal?.aborted || waiting?.aborted)) throw aborted();
              throw thrown;
            }
          },
        ),
    );
  }

  const listFlows = (query: FlowQuery = {}) =>
    call<Page<WireFlowRow>>({ method: "GET", path: [], target: "project", expects: "page", query });
  const allFlows = (query: FlowQuery = {}) => allRows((page) => listFlows({ ...query, ...page }));

  return {
    host,
    projectId,
    listFlows,
    allFlows,
    searchFlows: async (text) => {
      if ([...text].length > MAX_SEARCH_LENGTH) {
        const sent: Sent = {
          request: `GET /api/projects/${encodeURIComponent(projectId)}/hog_flows`,
          host,
          target: "project",
          apiKey,
        };
        throw apiError(sent, {
          outcome: "unsent",
          code: "invalid_request",
          detail: `the search text is longer than ${MAX_SEARCH_LENGTH} characters`,
        });
      }
      return allFlows({ search: text });
    },
    createFlow: (body) => call({ method: "POST", path: [], target: "project", expects: "withId", body }),
    getFlow: (id) => call({ method: "GET", path: [id], target: "flow", expects: "withId" }),
    putFlow: (id, body, write) =>
      call({ method: "PUT", path: [id], target: "flow", expects: "withId", body, ...write }),
    patchFlow: (id, body, write) =>
      call({ method: "PATCH", path: [id], target: "flow", expects: "withId", body, ...write }),
    deleteFlow: (id, write) => call({ method: "DELETE", path: [id], target: "flow", expects: "nothing", ...write }),
    bulkDeleteFlows: (ids) =>
      call({ method: "POST", path: ["bulk_delete"], target: "project", expects: "object", body: { ids } }),
    listSchedules: (flowId) => call({ method: "GET", path: [flowId, "schedules"], target: "flow", expects: "list" }),
    createSchedule: (flowId, body) =>
      call({ method: "POST", path: [flowId, "schedules"], target: "flow", expects: "withId", body }),
    patchSchedule: (flowId, id, body, write) =>
      call({ method: "PATCH", path: [flowId, "schedules", id], target: "schedule", expects: "withId", body, ...write }),
    deleteSchedule: (flowId, id, write) =>
      call({ method: "DELETE", path: [flowId, "schedules", id], target: "schedule", expects: "nothing", ...write }),
    listBatchJobs: (flowId) => call({ method: "GET", path: [flowId, "batch_jobs"], target: "flow", expects: "list" }),
    createBatchJob: (flowId, body = {}) =>
      call({ method: "POST", path: [flowId, "batch_jobs"], target: "flow", expects: "withId", body }),
    userBlastRadius: (body) =>
      call({ method: "POST", path: ["user_blast_radius"], target: "project", expects: "object", body }),
    previewPublish: (flowId) =>
      call({ method: "POST", path: [flowId, "publish"], target: "flow", expects: "object", body: { confirm: false } }),
    publish: (flowId, confirmToken) =>
      call({
        method: "POST",
        path: [flowId, "publish"],
        target: "flow",
        expects: "object",
        body: { confirm: true, confirm_token: confirmToken },
      }),
    discardDraft: (flowId) =>
      call({ method: "POST", path: [flowId, "discard_draft"], target: "flow", expects: "withId", body: {} }),
    listRevisions: (flowId, page = {}) =>
      call({ method: "GET", path: [flowId, "revisions"], target: "flow", expects: "page", query: page }),
    getRevision: (flowId, version) =>
      call({ method: "GET", path: [flowId, "revisions", String(version)], target: "revision", expects: "object" }),
    testInvocation: (flowId, body) =>
      call({ method: "POST", path: [flowId, "invocations"], target: "flow", expects: "object", body }),
    listRuns: (flowId, query) =>
      call({ method: "GET", path: [flowId, "invocation_results"], target: "flow", expects: "list", query }),
    countRuns: (flowId, query) =>
      call({ method: "GET", path: [flowId, "invocation_results_count"], target: "flow", expects: "object", query }),
    getRun: (flowId, id) =>
      call({ method: "GET", path: [flowId, "invocation_results", id], target: "run", expects: "object" }),
    listLogs: (flowId, query) =>
      call({ method: "GET", path: [flowId, "logs"], target: "flow", expects: "page", query }),
    getMetrics: (flowId, query) =>
      call({ method: "GET", path: [flowId, "metrics"], target: "flow", expects: "object", query }),
    getMetricTotals: (flowId, query) =>
      call({ method: "GET", path: [flowId, "metrics", "totals"], target: "flow", expects: "object", query }),
    getTemplate: (id) =>
      call({ method: "GET", collection: "hog_function_templates", path: [id], target: "template", expects: "withId" }),
  };
}

// No X-PostHog-Client: `mcp` would turn on the guardrails for agents (API §0.4).
function headersOf(apiKey: string, userAgent: string, withBody: boolean): Record<string, string> {
  return {
    authorization: `Bearer ${apiKey}`,
    accept: "application/json",
    "user-agent": userAgent,
    ...(withBody ? { "content-type": "application/json" } : {}),
  };
}

function queryText(query: object = {}): string {
  // A list is a parameter that is repeated.
  const entries = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [key, String(one)]),
  );
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries)}`;
}

function pausedError(sent: Sent, ms: number, patienceMs: number): PostHogApiError {
  const detail = `the rate limit is exhausted for another ${Math.ceil(ms / 1000)} s, more than the ${Math.floor(patienceMs / 1000)} s that one call may wait`;
  return apiError(sent, { outcome: "unsent", code: "paused", detail, retryAfterMs: ms });
}

function checkedOptions({
  host,
  projectId,
  apiKey,
}: ClientOptions): Pick<ClientOptions, "host" | "projectId" | "apiKey"> {
  const wrong = (detail: string) =>
    new PostHogApiError({ message: detail, detail, request: "", outcome: "unsent", code: "invalid_request" });
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrong(
      `The PostHog host must be an http or https address such as https://us.posthog.com: check ${SETTING.host()}.`,
    );
  if (url.username || url.password || url.search || url.hash || url.pathname !== "/") {
    throw wrong(`The PostHog host must be an origin only, such as ${url.origin}: check ${SETTING.host()}.`);
  }
  if (!/^[\w@-]+$/.test(projectId))
    throw wrong(`The PostHog project must be its numeric id: check ${SETTING.project()}.`);
  const key = apiKey.trim();
  if (!/^[\x21-\x7e]+$/.test(key))
    throw wrong(`The PostHog API key is empty or contains characters that no key has: check ${SETTING.key()}.`);
  return { host: url.origin, projectId, apiKey: key };
}

/** What there is to read about runs. Nothing runs here, so the answers are the empty ones; parameters are checked all the same. */
import { parseInstant } from "./clock";
import { at, FieldError, invalid, notFound } from "./errors";
import { boolean, choice, dictionary, integer, list, nested, required } from "./fields";
import { canonicalUuid, isObject, type JsonObject } from "./json";
import { newId, type Flow } from "./store";
import { pythonJsonLength } from "./serializers/variables";

const INTERVALS = ["hour", "day", "week"];
const BREAKDOWNS = ["name", "kind"];
const LIMIT = { min: 1, max: 500 };
const DAY = 86_400_000;
const DEFAULT_DAYS = 7;
export const RUN_VARIABLES_MAX_BYTES = 5120;

const each = (query: URLSearchParams, checks: Record<string, (value: string) => unknown>) => {
  for (const [key, check] of Object.entries(checks)) {
    const value = query.get(key);
    if (value !== null) at(key, () => check(value));
  }
};

function instant(value: string): void {
  if (typeof parseInstant(value.replace(/ (\d\d:?\d\d)$/, "+$1")) !== "number") throw new FieldError([], "Datetime has wrong format.");
}

export function logs(query: URLSearchParams): JsonObject {
  each(query, { limit: (v) => integer(v, LIMIT), after: instant, before: instant });
  return { count: 0, next: null, previous: null, results: [] };
}

function checkMetrics(query: URLSearchParams): void {
  each(query, { interval: (v) => choice(v, INTERVALS), breakdown_by: (v) => choice(v, BREAKDOWNS) });
}

export function metrics(query: URLSearchParams, now: number): JsonObject {
  checkMetrics(query);
  const days = Number(/^-(\d{1,3})d$/.exec(query.get("after") ?? "")?.[1] ?? DEFAULT_DAYS);
  const labels = Array.from({ length: days + 1 }, (_, i) => new Date(now - (days - i) * DAY).toISOString().slice(0, 10));
  return { labels, series: [] };
}

export function metricTotals(query: URLSearchParams): JsonObject {
  checkMetrics(query);
  return { totals: {} };
}

export function versionMetrics(query: URLSearchParams, now: number): JsonObject {
  const version = query.get("version");
  if (version === null) throw required("version");
  at("version", () => integer(version));
  return metrics(query, now);
}

export function noInvocation(): never {
  throw notFound("Invocation not found.");
}

export function runNow(flow: Flow, body: unknown): JsonObject {
  const request = nested(body);
  const variables = request.variables === undefined ? {} : at("variables", () => dictionary(request.variables));
  if (flow.status !== "active") throw invalid("Workflow must be active to run. Enable it first.");
  const type = flow.content.trigger?.type;
  if (type !== "schedule") throw invalid(`Only workflows with a 'schedule' trigger can be run directly, not '${type}'.`);
  if (pythonJsonLength(Object.fromEntries(Object.entries(variables).map(([k, v]) => [k, typeof v === "string" ? v : JSON.stringify(v)]))) > RUN_VARIABLES_MAX_BYTES) {
    throw invalid("Total size of run variables must be less than 5KB");
  }
  return { status: "queued", invocation_id: newId() };
}

export function testRun(flow: Flow, body: unknown): JsonObject {
  const request = nested(body);
  const useDraft = "use_draft" in request ? at("use_draft", () => boolean(request.use_draft)) : false;
  if (useDraft && isObject(request.configuration)) throw invalid("use_draft and configuration exclude each other.", "use_draft");
  if (useDraft && !flow.draft) throw invalid("This workflow has no staged draft.", "use_draft");
  return { status: "success", nextActionId: null, errors: [], logs: [] };
}

export function cancelRuns(body: unknown): JsonObject {
  const request = nested(body);
  const ids = "invocation_ids" in request ? at("invocation_ids", () => list(request.invocation_ids)) : undefined;
  ids?.forEach((id, i) => {
    if (!canonicalUuid(id)) throw new FieldError(["invocation_ids", i], "Must be a valid UUID.");
  });
  const all = "all" in request ? at("all", () => boolean(request.all)) : false;
  const selectors = (ids && ids.length > 0 ? 1 : 0) + (all ? 1 : 0);
  if (selectors !== 1) throw invalid("Provide exactly one of invocation_ids or all.");
  return { marked: 0, remaining: 0, done: true };
}

export function resumeEmail(flow: Flow, stamp: number): void {
  if (flow.email.paused_at === null) throw invalid("Email sending is not paused for this workflow.", "detail");
  flow.email = { paused_at: null, reason: "", by: "", resumed_at: stamp };
}

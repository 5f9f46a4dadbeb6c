/** What there is to read about runs, and test runs. Nothing runs here: what tests recorded is read back, and parameters are checked. */
import { parseInstant } from "./clock";
import { at, FieldError, invalid, notFound } from "./errors";
import { boolean, choice, dictionary, integer, list, nested, required } from "./fields";
import { canonicalUuid, isObject, type JsonObject } from "./json";
import { logPage, metricRows, momentOf, runList, shownRun, type RunRecords } from "./run-records";
import { newId, type Flow } from "./store";
import { pythonJsonLength } from "./serializers/variables";

const INTERVALS = ["hour", "day", "week"];
const BREAKDOWNS = ["name", "kind"];
const LIMIT = { min: 1, max: 500 };
const INTERVAL_MS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
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

export function logs(records: RunRecords, flow: Flow, query: URLSearchParams, now: number): JsonObject {
  each(query, { limit: (v) => integer(v, LIMIT), after: instant, before: instant });
  return logPage(records, flow.id, query, now);
}

function checkMetrics(query: URLSearchParams): void {
  each(query, { interval: (v) => choice(v, INTERVALS), breakdown_by: (v) => choice(v, BREAKDOWNS) });
}

export function metrics(records: RunRecords, query: URLSearchParams, now: number): JsonObject {
  checkMetrics(query);
  const interval = (query.get("interval") ?? "day") as keyof typeof INTERVAL_MS;
  const length = INTERVAL_MS[interval];
  const until = momentOf(query.get("before"), now) ?? now;
  const from = momentOf(query.get("after") ?? `-${DEFAULT_DAYS}d`, now) ?? until;
  const first = Math.floor(from / length);
  const labels = Array.from({ length: Math.floor(until / length) - first + 1 }, (_, i) => label((first + i) * length, interval));
  const by = query.get("breakdown_by") === "name" ? "name" : "kind";
  const series = new Map<string, number[]>();
  for (const row of metricRows(records, query, now)) {
    const values = series.get(row[by]) ?? labels.map(() => 0);
    series.set(row[by], values);
    values[Math.floor(Date.parse(row.timestamp) / length) - first]! += row.count;
  }
  return { labels, series: [...series].map(([name, values]) => ({ name, values })) };
}

function label(ms: number, interval: string): string {
  const text = new Date(ms).toISOString();
  return interval === "hour" ? `${text.slice(0, 13)}:00:00Z` : text.slice(0, 10);
}

export function metricTotals(records: RunRecords, query: URLSearchParams, now: number): JsonObject {
  checkMetrics(query);
  const by = query.get("breakdown_by") === "name" ? "name" : "kind";
  const totals: Record<string, number> = {};
  for (const row of metricRows(records, query, now)) totals[row[by]] = (totals[row[by]] ?? 0) + row.count;
  return { totals };
}

export function versionMetrics(records: RunRecords, query: URLSearchParams, now: number): JsonObject {
  const version = query.get("version");
  if (version === null) throw required("version");
  at("version", () => integer(version));
  return metrics(records, query, now);
}

export function runs(records: RunRecords, query: URLSearchParams, now: number): JsonObject[] {
  each(query, { limit: (v) => integer(v, LIMIT) });
  return runList(records, query, now).slice(0, Number(query.get("limit") ?? 50));
}

export const runCount = (records: RunRecords, query: URLSearchParams, now: number): JsonObject => ({ count: runList(records, query, now).length });

export function oneRun(records: RunRecords, id: string): JsonObject {
  const run = records.runs.find((other) => other.invocation_id === id);
  if (!run) throw notFound("Invocation not found.");
  return { ...shownRun(run), invocation_globals: run.invocation_globals ?? {} };
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

/** Id of a test run of a configuration that is stored nowhere. */
export const UNSTORED = "new";

export function testRun(flow: Flow | undefined, records: RunRecords | undefined, body: unknown): JsonObject {
  const request = nested(body);
  const useDraft = "use_draft" in request ? at("use_draft", () => boolean(request.use_draft)) : false;
  if (useDraft && isObject(request.configuration)) throw invalid("use_draft and configuration exclude each other.", "use_draft");
  if (useDraft && !flow?.draft) throw invalid("This workflow has no staged draft.", "use_draft");
  const content: JsonObject = isObject(request.configuration) ? request.configuration : ((useDraft ? flow?.draft : flow?.content) ?? {});
  const steps: JsonObject[] = Array.isArray(content.actions) ? content.actions.filter(isObject) : [];
  const id = typeof request.current_action_id === "string" ? request.current_action_id : steps.find((step) => step.type === "trigger")?.id;
  return { status: "success", nextActionId: nextOf(content, id), errors: [], logs: [], ...records?.steps[id ?? ""] };
}

/** One step is executed, and the answer names the one that follows (run time §1.7). No filters are evaluated here: without a recorded answer, none matches. */
function nextOf(content: JsonObject, id: string | undefined): string | null {
  const edges: JsonObject[] = Array.isArray(content.edges) ? content.edges.filter((edge) => isObject(edge) && edge.from === id) : [];
  return (edges.find((edge) => edge.type === "continue") ?? edges[0])?.to ?? null;
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

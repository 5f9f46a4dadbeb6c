/** What there is to read about runs. Nothing runs here: what tests recorded is read back, and parameters are checked. */
import { parseInstant } from "./clock";
import { at, FieldError, invalid, notFound } from "./errors";
import { boolean, choice, dictionary, integer, list, nested, required } from "./fields";
import { canonicalUuid, type JsonObject } from "./json";
import { logPage, metricRows, momentOf, runList, shownRun, type RunQuery, type RunRecords } from "./run-records";
import { newId, type Flow } from "./store";
import { pythonJsonLength } from "./serializers/variables";
import { toNaive } from "./zones";

export type { RunQuery };

export const INTERVALS = ["hour", "day", "week"];
export const BREAKDOWNS = ["name", "kind"];
export const LIMIT = { min: 1, max: 500 };
const DEFAULT_DAYS = 7;
const RUN_VARIABLES_MAX_BYTES = 5120;

const checkEach = (query: URLSearchParams, checks: Record<string, (value: string) => unknown>) => {
  for (const [key, check] of Object.entries(checks)) {
    const value = query.get(key);
    if (value !== null) at(key, () => check(value));
  }
};

function instant(value: string): void {
  if (typeof parseInstant(value.replace(/ (\d\d:?\d\d)$/, "+$1")) !== "number")
    throw new FieldError([], "Datetime has wrong format.");
}

export function logs(records: RunRecords, flow: Flow, { query, now }: RunQuery): JsonObject {
  checkEach(query, { limit: (v) => integer(v, LIMIT), after: instant, before: instant });
  return logPage(records, flow.id, { query, now });
}

function checkMetrics(query: URLSearchParams): void {
  checkEach(query, { interval: (v) => choice(v, INTERVALS), breakdown_by: (v) => choice(v, BREAKDOWNS) });
}

const DAY = 86_400_000;
const INTERVAL_MS = { hour: 3_600_000, day: DAY, week: 7 * DAY };
/** The epoch was a Thursday, and weeks begin on Monday. */
const WEEK_BEGINS = 4 * DAY;

/** Buckets are hours, days and weeks of the project's zone. */
export function metrics(records: RunRecords, { query, now }: RunQuery, timezone: string): JsonObject {
  checkMetrics(query);
  const interval = (query.get("interval") ?? "day") as keyof typeof INTERVAL_MS;
  const length = INTERVAL_MS[interval];
  const shift = interval === "week" ? WEEK_BEGINS : 0;
  const bucket = (instant: number) => Math.floor((toNaive(instant, timezone) - shift) / length);
  const until = momentOf(query.get("before"), now) ?? now;
  const first = bucket(momentOf(query.get("after") ?? `-${DEFAULT_DAYS}d`, now) ?? until);
  const labels = Array.from({ length: bucket(until) - first + 1 }, (_, i) =>
    label((first + i) * length + shift, interval),
  );
  const by = query.get("breakdown_by") === "name" ? "name" : "kind";
  const series = new Map<string, number[]>();
  for (const row of metricRows(records, { query, now })) {
    const values = series.get(row[by]) ?? labels.map(() => 0);
    series.set(row[by], values);
    values[bucket(Date.parse(row.timestamp)) - first]! += row.count;
  }
  return { labels, series: [...series].map(([name, values]) => ({ name, values })) };
}

/** Hours to the minute, days and weeks as dates. */
const label = (naive: number, interval: string): string =>
  new Date(naive).toISOString().slice(0, interval === "hour" ? 16 : 10);

export function metricTotals(records: RunRecords, { query, now }: RunQuery): JsonObject {
  checkMetrics(query);
  const by = query.get("breakdown_by") === "name" ? "name" : "kind";
  const totals: Record<string, number> = {};
  for (const row of metricRows(records, { query, now })) totals[row[by]] = (totals[row[by]] ?? 0) + row.count;
  return { totals };
}

export function versionMetrics(records: RunRecords, runQuery: RunQuery, timezone: string): JsonObject {
  const version = runQuery.query.get("version");
  if (version === null) throw required("version");
  at("version", () => integer(version));
  return metrics(records, runQuery, timezone);
}

export function runs(records: RunRecords, { query, now }: RunQuery): JsonObject[] {
  checkEach(query, { limit: (v) => integer(v, LIMIT) });
  return runList(records, { query, now }).slice(0, Number(query.get("limit") ?? 50));
}

export const runCount = (records: RunRecords, { query, now }: RunQuery): JsonObject => ({
  count: runList(records, { query, now }).length,
});

export function oneRun(records: RunRecords, id: string): JsonObject {
  const run = records.runs.find((other) => other.invocation_id === id);
  if (!run) throw notFound("Invocation not found.");
  return { ...shownRun(run), invocation_globals: run.invocation_globals ?? {} };
}

export function runNow(flow: Flow, body: unknown): JsonObject {
  if (flow.status !== "active") throw invalid("Workflow must be active to run. Enable it first.");
  const type = flow.content.trigger?.type;
  if (type !== "schedule")
    throw invalid(`Only workflows with a 'schedule' trigger can be run this way (this one has '${type}').`);
  const request = nested(body);
  const given = request.variables === undefined ? {} : at("variables", () => dictionary(request.variables));
  if (
    pythonJsonLength(
      mapped({ ...defaultsOf(flow), ...given }, (v) => (typeof v === "string" ? v : JSON.stringify(v))),
    ) > RUN_VARIABLES_MAX_BYTES
  ) {
    throw invalid("Total size of variable overrides must be less than 5KB");
  }
  return { status: "queued", invocation_id: newId() };
}

const mapped = (object: JsonObject, change: (value: unknown) => unknown): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

const defaultsOf = ({ content }: Flow): JsonObject =>
  Object.fromEntries(
    (Array.isArray(content.variables) ? content.variables : []).map((v: JsonObject) => [v.key, v.default ?? null]),
  );

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

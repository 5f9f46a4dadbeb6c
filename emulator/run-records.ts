/** What PostHog's worker would have recorded about runs. Nothing runs here, so tests put it there; the API reads it back. */
import { formatInstant, parseInstant } from "./clock";
import type { JsonObject } from "./json";
import type { StepAnswer } from "./test-runs";

/** A line of a run's log. */
export interface LogRecord {
  /** ISO 8601. */
  timestamp: string;
  level?: string;
  message: string;
  /** The run; default: one for all. */
  instance_id?: string;
}

/** A run; what is left out has the value of a plain successful one. */
export interface RunRecord {
  invocation_id: string;
  status?: string;
  error_kind?: string | null;
  error_message?: string | null;
  distinct_id?: string | null;
  person_id?: string | null;
  /** ISO 8601; the other times follow from it. */
  started_at: string;
  duration_ms?: number;
  attempts?: number;
  is_retry?: boolean;
  invocation_globals?: unknown;
}

/** So many of something at some time. */
export interface MetricRecord {
  /** ISO 8601. */
  timestamp: string;
  name: string;
  kind: string;
  count: number;
  /** The step. */
  instance_id?: string;
}

/** What test runs of steps answer instead, by step id. */
export type StepAnswers = Record<string, StepAnswer>;

export class RunRecords {
  readonly logs: LogRecord[] = [];
  readonly runs: RunRecord[] = [];
  readonly metrics: MetricRecord[] = [];
  readonly steps: StepAnswers = {};
}

/** What a request asks about runs, and when. */
export interface RunQuery {
  query: URLSearchParams;
  /** Milliseconds since the epoch. */
  now: number;
}

const SPAN = /^-(\d{1,4})([mhdw])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A moment in milliseconds: an instant, or a span back from now. */
export function momentOf(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const span = SPAN.exec(text);
  if (span) return now - Number(span[1]) * UNIT_MS[span[2] as keyof typeof UNIT_MS];
  const instant = parseInstant(text.replace(/ (\d\d:?\d\d)$/, "+$1"));
  return typeof instant === "number" ? instant / 1000 : undefined;
}

/** Whether something lies in the span that `after` and `before` ask for. */
function within({ query, now }: RunQuery, defaultAfter?: string): (timestamp: string) => boolean {
  const after = momentOf(query.get("after") ?? defaultAfter ?? null, now) ?? -Infinity;
  const before = momentOf(query.get("before"), now) ?? Infinity;
  return (timestamp) => {
    const at = Date.parse(timestamp);
    return at > after && at < before;
  };
}

const newestFirst =
  <T>(time: (row: T) => string) =>
  (a: T, b: T) =>
    Date.parse(time(b)) - Date.parse(time(a));

export function logPage({ logs }: RunRecords, flowId: string, runQuery: RunQuery): JsonObject {
  const { query } = runQuery;
  const inside = within(runQuery);
  const levels = query.getAll("level").flatMap((level) => level.toLowerCase().split(","));
  const search = query.get("search")?.toLowerCase() ?? "";
  const instance = query.get("instance_id");
  const found = logs
    .filter(
      (line) =>
        inside(line.timestamp) && (levels.length === 0 || levels.includes((line.level ?? "info").toLowerCase())),
    )
    .filter(
      (line) => line.message.toLowerCase().includes(search) && (instance === null || line.instance_id === instance),
    )
    .sort(newestFirst((line) => line.timestamp));
  const limit = Number(query.get("limit") ?? 50);
  const offset = Number(query.get("offset") ?? 0) || 0;
  const results = found.slice(offset, offset + limit).map((line) => ({
    log_source_id: flowId,
    instance_id: line.instance_id ?? flowId,
    timestamp: formatInstant(Date.parse(line.timestamp) * 1000),
    level: (line.level ?? "info").toUpperCase(),
    message: line.message,
  }));
  const more = offset + limit < found.length;
  return {
    count: found.length,
    next: more ? `?limit=${limit}&offset=${offset + limit}` : null,
    previous: offset > 0 ? `?limit=${limit}&offset=${Math.max(0, offset - limit)}` : null,
    results,
  };
}

export function runList({ runs }: RunRecords, runQuery: RunQuery): JsonObject[] {
  const { query } = runQuery;
  const inside = within(runQuery, "-7d");
  const [status, person, text] = [query.get("status"), query.get("distinct_id"), query.get("error_message_contains")];
  return runs
    .filter((run) => inside(run.started_at) && (status === null || (run.status ?? "succeeded") === status))
    .filter(
      (run) =>
        (person === null || run.distinct_id === person) && (text === null || (run.error_message ?? "").includes(text)),
    )
    .sort(newestFirst((run) => run.started_at))
    .map(shownRun);
}

export function shownRun(run: RunRecord): JsonObject {
  const started = Date.parse(run.started_at);
  const duration = run.duration_ms ?? 0;
  const stamp = (ms: number) => formatInstant(ms * 1000);
  return {
    invocation_id: run.invocation_id,
    status: run.status ?? "succeeded",
    error_kind: run.error_kind ?? null,
    error_message: run.error_message ?? null,
    distinct_id: run.distinct_id ?? null,
    person_id: run.person_id ?? null,
    scheduled_at: stamp(started),
    started_at: stamp(started),
    finished_at: stamp(started + duration),
    duration_ms: duration,
    attempts: run.attempts ?? 1,
    is_retry: run.is_retry ?? false,
  };
}

/** The metric rows that a query asks for. */
export function metricRows({ metrics }: RunRecords, runQuery: RunQuery): MetricRecord[] {
  const { query } = runQuery;
  const inside = within(runQuery, "-7d");
  const listed = (key: string) => query.get(key)?.split(",");
  const [names, kinds, instance] = [listed("name"), listed("kind"), query.get("instance_id")];
  return metrics.filter(
    (row) =>
      inside(row.timestamp) &&
      (!names || names.includes(row.name)) &&
      (!kinds || kinds.includes(row.kind)) &&
      (instance === null || row.instance_id === instance),
  );
}

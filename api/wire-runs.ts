/**
 * The shapes of test runs, results, logs, metrics and function templates over the wire, in PostHog's own words. PostHog's worker makes most of
 * them and adds keys without notice, so everything but the named keys is open.
 */
import type { Stamp } from "./wire";

// API §1.11
/** What a test run of one step takes. */
export interface WireInvocationBody {
  /** A flow as it would be stored; default: the stored one. Not together with `use_draft`. */
  configuration?: Record<string, unknown>;
  /** What the run begins with: `event`, `person`, `groups`, `variables` … */
  globals?: Record<string, unknown>;
  /** Default true: nothing leaves PostHog. */
  mock_async_functions?: boolean;
  /** The step to execute; default: the trigger. */
  current_action_id?: string | null;
  /** Default false: the live flow; true: its staged draft. */
  use_draft?: boolean;
}

// API §1.11
/** The worker's answer about one step. */
export interface WireInvocationResult {
  status: "success" | "error" | "skipped" | (string & {});
  /** The step that follows; null at the end. */
  nextActionId?: string | null;
  errors?: unknown[];
  logs?: Array<{ timestamp?: string; level?: string; message?: string; [unknown: string]: unknown }>;
  [unknown: string]: unknown;
}

// API §1.11
/** `after` and `before`: ISO 8601, or a span such as `-7d` (the default of `after`). */
export interface RunQuery {
  status?: string;
  distinct_id?: string;
  error_message_contains?: string;
  after?: string;
  before?: string;
  /** 1 to 500, default 50. */
  limit?: number;
}

// API §1.11
/** A run as the list shows it. */
export interface WireRun {
  invocation_id: string;
  status: string;
  error_kind: string | null;
  error_message: string | null;
  distinct_id: string | null;
  person_id: string | null;
  scheduled_at: Stamp | null;
  started_at: Stamp | null;
  finished_at: Stamp | null;
  /** Milliseconds. */
  duration_ms: number | null;
  attempts: number;
  is_retry: boolean;
  [unknown: string]: unknown;
}

export interface WireRunDetail extends WireRun {
  /** What the run began with: event, person and so on. */
  invocation_globals: unknown;
}

export type LogLevel = "debug" | "log" | "info" | "warn" | "error";

// API §1.11
/** The filters of log lines. */
export interface LogQuery {
  /** 1 to 500, default 50. */
  limit?: number;
  offset?: number;
  /** ISO 8601. */
  after?: string;
  before?: string;
  level?: readonly LogLevel[];
  search?: string;
  /** Of one run only. */
  instance_id?: string;
}

// API §1.11, run time §8
/** A line of the log. */
export interface WireLogLine {
  log_source_id: string;
  instance_id: string;
  timestamp: Stamp;
  level: string;
  message: string;
  [unknown: string]: unknown;
}

// API §1.11
/** The filters of metrics. */
export interface MetricQuery {
  /** ISO 8601, or a span; default `-7d`. */
  after?: string;
  before?: string;
  /** Of one step only. */
  instance_id?: string;
  /** Default day. */
  interval?: "hour" | "day" | "week";
  // run time §8
  /** Comma list of names of metrics. */
  name?: string;
  /** Comma list of kinds: success, failure, other … */
  kind?: string;
  /** Default kind. */
  breakdown_by?: "name" | "kind";
}

// API §1.11
/** Numbers over time: each series has as many values as there are labels. */
export interface WireMetrics {
  labels: string[];
  series: Array<{ name: string; values: number[] }>;
}

// API §3.3
/** One input of a template. */
export interface WireTemplateInput {
  key: string;
  type: string;
  label?: string;
  description?: string;
  required?: boolean;
  secret?: boolean;
  default?: unknown;
  choices?: Array<{ label: string; value: string }>;
  integration?: string;
  [unknown: string]: unknown;
}

// API §3.3
/** A function template. */
export interface WireTemplate {
  id: string;
  name: string;
  type?: string;
  description?: string;
  inputs_schema: WireTemplateInput[];
  [unknown: string]: unknown;
}

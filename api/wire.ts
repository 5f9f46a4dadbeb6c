/**
 * The shapes that travel over the wire, in PostHog's own words (snake_case), as the reference describes them.
 * What a step's `config` holds is not typed here: the client carries it and never looks inside.
 */

import type { SnakeCase } from "../definition/schema/names";
import type { FlowField } from "../definition/schema/schemas";

// API §6.3
/** A datetime exactly as the server wrote it: microseconds and `Z`. Never pass it through a `Date`. */
export type Stamp = string;

export type FlowStatus = "draft" | "active" | "archived";
export type ScheduleStatus = "active" | "paused" | "completed";
export type BatchJobStatus = "waiting" | "queued" | "active" | "completed" | "cancelled" | "failed";

// API §2.2
/** A step (or the trigger) as the server answers it. List rows hold it as stored, possibly with fewer keys. */
export interface WireAction {
  id: string;
  name: string;
  type: string;
  config: Record<string, unknown>;
  description?: string;
  on_error?: "continue" | "abort" | null;
  filters?: Record<string, unknown> | null;
  output_variable?: unknown;
  /** Epoch milliseconds, set by clients only. */
  created_at?: number;
  /** Epoch milliseconds, set by clients only. */
  updated_at?: number;
  [unknown: string]: unknown;
}

// API §3.5
/** A connection between two steps. `index` belongs to `branch` edges and must be left out otherwise. */
export interface WireEdge {
  from: string;
  to: string;
  type: "continue" | "branch";
  index?: number;
}

// API §3.6
/** `bytecode` is the server's. */
export interface WireTriggerMasking {
  hash: string;
  /** Seconds, 60 to 94 608 000. */
  ttl?: number | null;
  threshold?: number | null;
  bytecode?: unknown;
}

// API §3.7
/** `bytecode` is the server's. */
export interface WireConversion {
  filters?: unknown[];
  events?: Array<{ filters: Record<string, unknown> }>;
  window?: string | null;
  bytecode?: unknown;
}

// API §2.1
/** `count` e-mails per `period`. */
export interface WireEmailRateLimit {
  count: number;
  period: "minute" | "hour";
}

// API §3.8
/** One entry of a flow's `variables`: a flat object of strings. */
export type WireVariable = Record<string, string>;

// API §2.5
/** PostHog's basic user object. */
export interface WireUser {
  id: number;
  uuid: string;
  distinct_id?: string | null;
  first_name?: string;
  last_name?: string;
  email?: string;
  [unknown: string]: unknown;
}

/** The content of a flow: a field that is new in types.ts is here, too. The interfaces below say what they hold. */
type WireContent = Record<SnakeCase<Exclude<FlowField, "leftover" | "extra">>, unknown>;

/** What detail and list row have in common. */
interface WireFlowCommon extends WireContent {
  id: string;
  name: string | null;
  description: string;
  version: number;
  status: FlowStatus;
  origin_product: string | null;
  created_at: Stamp;
  created_by: WireUser | null;
  updated_at: Stamp;
  trigger: Record<string, unknown>;
  trigger_masking: WireTriggerMasking | null;
  conversion: WireConversion | null;
  exit_condition: string;
  email_sending_rate_limit: WireEmailRateLimit | null;
  actions: WireAction[];
  abort_action: string | null;
  variables: WireVariable[];
  billable_action_types: string[];
  user_access_level: string | null;
  // API §7.1
  /** Staged content that somebody may still publish. */
  draft: Record<string, unknown> | null;
  last_run: Record<string, unknown> | null;
  [unknown: string]: unknown;
}

// API §2.1
/** A flow as every detail answer shows it. */
export interface WireFlow extends WireFlowCommon {
  edges: WireEdge[];
  schedules: WireSchedule[];
  draft_updated_at: Stamp | null;
  action_redirects: Record<string, string> | null;
  email_sending_paused_at: Stamp | null;
  email_sending_resumed_at: Stamp | null;
  email_sending_paused_reason: string;
  email_sending_paused_by: string;
  email_sending_pause_requires_support: boolean;
}

// API §2.6
/** A row of the list: columns as stored, so nested defaults may be missing, and no schedules or redirects. */
export interface WireFlowRow extends WireFlowCommon {
  /** `{}` in rows of flows that were created without edges. */
  edges: WireEdge[] | Record<string, never>;
  pending_suggestions?: unknown;
  suggestions_enabled?: unknown;
}

// API §1.3
/** A step as it is sent. Send every key: an omitted one is stored as omitted by PATCH. */
export interface WireActionBody {
  id: string;
  name: string;
  type: string;
  config: Record<string, unknown>;
  description?: string;
  on_error?: "continue" | "abort" | null;
  filters?: Record<string, unknown> | null;
  output_variable?: unknown;
  [unknown: string]: unknown;
}

// API §1.3, §2.1
/** The writable fields of a flow and the control keys of an update. */
export interface WireFlowBody extends Partial<WireContent> {
  name?: string | null;
  description?: string;
  status?: FlowStatus;
  /** Honoured on create only. */
  origin_product?: string | null;
  trigger_masking?: WireTriggerMasking | null;
  conversion?: WireConversion | null;
  exit_condition?: string;
  email_sending_rate_limit?: WireEmailRateLimit | null;
  edges?: WireEdge[];
  actions?: WireActionBody[];
  variables?: WireVariable[];
  // API §6.3
  /** The `updated_at` that the change was made on, as exact text; an older one is a 409. */
  base_updated_at?: Stamp;
  base_live_updated_at?: Stamp;
  // API §7.1
  /** On an active flow: put content keys into the draft instead of the live flow. */
  stage_draft?: boolean;
  includes_staged_draft?: boolean;
  [unknown: string]: unknown;
}

// API §5.1
/** A schedule of a flow. */
export interface WireSchedule {
  id: string;
  rrule: string;
  starts_at: Stamp;
  timezone: string;
  variables: unknown;
  status: ScheduleStatus;
  /** Null until the scheduler fills it in. */
  next_run_at: Stamp | null;
  created_at: Stamp;
  updated_at: Stamp;
  [unknown: string]: unknown;
}

// API §5.2, §5.4
/** On create `rrule` and `starts_at` are required. */
export interface WireScheduleBody {
  rrule?: string;
  starts_at?: string;
  timezone?: string;
  variables?: unknown;
}

// API §1.10
/** A batch: one run of a flow for its whole audience. */
export interface WireBatchJob {
  id: string;
  status: BatchJobStatus;
  hog_flow: string;
  filters: Record<string, unknown>;
  variables: Record<string, unknown>;
  created_at: Stamp;
  created_by: WireUser | null;
  updated_at: Stamp;
  [unknown: string]: unknown;
}

// API §1.10
/** A batch: one run of a flow for its whole audience. */
export interface WireBatchJobBody {
  variables?: Record<string, unknown>;
  status?: BatchJobStatus;
  confirm_token?: string;
}

// API §1.12
/** The audience that is counted. */
export interface WireBlastRadiusBody {
  filters: Record<string, unknown>;
  group_type_index?: number;
  dedupe_key?: "email";
  sends_email?: boolean;
}

// API §1.12
/** `limit` is the project's largest allowed audience; the token lives 15 minutes. */
export interface WireBlastRadius {
  affected: number;
  total: number;
  limit: number | null;
  dedupe_key: string | null;
  confirm_token: string | null;
  [unknown: string]: unknown;
}

// API §7.2
/** What publishing a staged draft would do. */
export interface WirePublishImpact {
  deleted_steps: unknown[];
  position_unknown: unknown;
  empty_variables: unknown[];
  schedule_conflicts: unknown[];
  [unknown: string]: unknown;
}

// API §7.2
/** The answer to a publish without `confirm`. */
export interface WirePublishPreview {
  published: false;
  /** Null when the server could not count. */
  in_flight_runs: number | null;
  draft_updated_at: Stamp | null;
  /** Lives 15 minutes and is bound to flow and draft stamp. */
  confirm_token: string | null;
  impact: WirePublishImpact | null;
  [unknown: string]: unknown;
}

// API §7.2
/** The answer to a confirmed publish: every other field is null then. */
export interface WirePublishResult {
  published: true;
  workflow: WireFlow;
  [unknown: string]: unknown;
}

// API §7.3
/** A version of a flow. */
export interface WireRevision {
  version: number;
  created_at: Stamp;
  created_by: WireUser | null;
  [unknown: string]: unknown;
}

// API §7.3
/** Secrets are left out of the content. */
export interface WireRevisionDetail extends WireRevision {
  content: Record<string, unknown>;
}

// API §0.7
/** A limit/offset page. `next` and `previous` are for display: the client never follows them. */
export interface Page<Row> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Row[];
}

// API §0.7
/** `limit` 1 to 500 (default 100). */
export interface PageQuery {
  limit?: number;
  offset?: number;
}

// API §1.2
/** The filters of the flow list. Order: `updated_at` descending, then `id` descending. */
export interface FlowQuery extends PageQuery {
  id?: string;
  created_at?: string;
  updated_at?: string;
  status?: FlowStatus;
  origin_product?: "loops" | "broadcasts";
  /** A user's UUID. */
  created_by?: string;
  /** Comma list of messaging, automation, loop, broadcast. */
  type?: string;
  /** JSON text; matches triggers that contain it. */
  trigger?: string;
  /** At most 200 characters. */
  search?: string;
}

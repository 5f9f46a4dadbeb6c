/** What the server keeps: projects, and per flow its content, draft, secrets, revisions, schedules and batch jobs. */
import { randomUUID } from "node:crypto";
import type { Instant } from "./clock";
import { clone, type JsonObject } from "./json";
import { RunRecords, type StepAnswers } from "./run-records";
import type { Secrets } from "./secrets";
import type { MessageTemplate } from "./serializers/context";

/** Content that versions, drafts and revisions are about, in the server's order. */
const CONTENT_KEYS = [
  "actions",
  "edges",
  "trigger",
  "trigger_masking",
  "conversion",
  "exit_condition",
  "email_sending_rate_limit",
  "abort_action",
  "variables",
] as const;
export type Content = Record<(typeof CONTENT_KEYS)[number], any>;

/** Whom a key belongs to; `created_by` of what is made with it. */
export interface User {
  id: number;
  uuid: string;
  distinct_id: string;
  first_name: string;
  last_name: string;
  email: string;
  is_email_verified: boolean;
  hedgehog_config: JsonObject | null;
  role_at_organization: string | null;
}

export interface Project {
  id: string;
  name: string;
  messageTemplates: MessageTemplate[];
  /** IANA name; days and hours of metrics are its own. */
  timezone: string;
}

export interface Revision {
  version: number;
  created_at: Instant;
  created_by: User | null;
  content: Content;
}

export const SCHEDULE_STATUSES = ["active", "paused", "completed"] as const;

export interface Schedule {
  id: string;
  rrule: string;
  starts_at: Instant;
  timezone: string;
  variables: unknown;
  status: (typeof SCHEDULE_STATUSES)[number];
  next_run_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
}

export interface BatchJob {
  id: string;
  status: string;
  hog_flow: string;
  filters: unknown;
  variables: unknown;
  created_at: Instant;
  created_by: User | null;
  updated_at: Instant;
}

export interface Flow {
  id: string;
  projectId: string;
  name: string | null;
  description: string;
  version: number;
  status: string;
  origin_product: string | null;
  created_at: Instant;
  created_by: User | null;
  updated_at: Instant;
  content: Content;
  secrets: Secrets;
  draft: Content | null;
  draftSecrets: Secrets;
  draft_updated_at: Instant | null;
  action_redirects: Record<string, string> | null;
  email: { paused_at: Instant | null; reason: string; by: string; resumed_at: Instant | null };
  /** Of the compiler; a background refresh moves it. */
  generation: number;
  revisions: Revision[];
  schedules: Schedule[];
  batchJobs: BatchJob[];
  inFlight: number | null;
  /** How many of them wait in a step. */
  inFlightByStep: Record<string, number>;
  key: string | null;
  managed_by: string | null;
  created_via: string;
  source_repository: string | null;
  source_path: string | null;
  source_ref: string | null;
}

export class Store {
  readonly projects = new Map<string, Project>();
  readonly flows = new Map<string, Flow>();
  private readonly records = new Map<string, RunRecords>();
  /** Answers of runs that were asked for with an Idempotency-Key, by flow and key. */
  readonly runsByKey = new Map<string, { at: number; answer: JsonObject }>();
  /** What test runs of a step answer instead, in whatever flow, by step id. */
  readonly stepAnswers: StepAnswers = {};
  /** What every audience counts, by project. */
  readonly audiences = new Map<string, { affected: number; total: number }>();

  /** What is recorded about the runs of a flow. */
  recordsOf(flowId: string): RunRecords {
    const known = this.records.get(flowId) ?? new RunRecords();
    this.records.set(flowId, known);
    return known;
  }

  flowsOf(projectId?: string): Flow[] {
    return [...this.flows.values()].filter((flow) => projectId === undefined || flow.projectId === projectId);
  }

  find(projectId: string, id: string): Flow | undefined {
    const flow = this.flows.get(id.toLowerCase());
    return flow?.projectId === projectId ? flow : undefined;
  }
}

export const newId = (): string => randomUUID();

/** Content as it is compared and snapshotted: edges that were never set are stored as `{}` and mean none. */
export function snapshot(content: Content): Content {
  const copy = clone(content);
  if (!Array.isArray(copy.edges)) copy.edges = [];
  return copy;
}

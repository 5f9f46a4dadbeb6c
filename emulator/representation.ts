/** How flows, schedules, revisions and batch jobs are shown. */
import { formatInstant, formatNullable } from "./clock";
import { ServerCrash } from "./errors";
import { clone, isObject, pick, type JsonObject } from "./json";
import { maskSteps, maskTrigger, type Secrets } from "./secrets";
import { BILLABLE } from "./serializers/action-types";
import { EVENTS, SHOWN_STEP_FILTER_KEYS } from "./serializers/filters";
import type { BatchJob, Content, Flow, Revision, Schedule } from "./store";
import type { Switches } from "./switches";

const ACCESS_LEVEL = "editor";

const STEP_KEYS: readonly { key: string; required?: boolean; fallback?: unknown }[] = [
  { key: "id", required: true },
  { key: "name", required: true },
  { key: "description", fallback: "" },
  { key: "on_error", fallback: null },
  { key: "created_at" },
  { key: "updated_at" },
  { key: "filters", fallback: null },
  { key: "type", required: true },
  { key: "config", required: true },
  { key: "output_variable", fallback: null },
];
const EDGE_KEYS = ["to", "type", "from"];

/** A step as the serializer prints it; a step that lacks a required key makes the server fail. */
function step(stored: unknown, fill: boolean): JsonObject {
  if (!isObject(stored)) throw new ServerCrash("a stored step that is not an object");
  const shown: JsonObject = {};
  for (const { key, required, ...rest } of STEP_KEYS) {
    if (key in stored) shown[key] = stored[key];
    else if (required) throw new ServerCrash(`a stored step without ${key}`);
    else if (fill && "fallback" in rest) shown[key] = rest.fallback;
  }
  if (isObject(shown.filters)) {
    const filters = pick(shown.filters, SHOWN_STEP_FILTER_KEYS);
    shown.filters = fill && !("source" in filters) ? { source: EVENTS, ...filters } : filters;
  }
  return shown;
}

function edge(stored: unknown): JsonObject {
  if (!isObject(stored)) throw new ServerCrash("a stored edge that is not an object");
  const lacking = EDGE_KEYS.find((key) => !(key in stored));
  if (lacking) throw new ServerCrash(`a stored edge without ${lacking}`);
  return pick(stored, ["to", "type", "index", "from"]);
}

export const billableTypes = (steps: unknown): string[] =>
  BILLABLE.filter((type) => Array.isArray(steps) && steps.some((s) => isObject(s) && s.type === type)).sort();

const draftOf = (flow: Flow): JsonObject | null =>
  flow.draft && {
    ...flow.draft,
    actions: maskSteps(flow.draft.actions, flow.draftSecrets),
    trigger: maskTrigger(flow.draft.trigger, flow.draft.actions, flow.draftSecrets),
  };

function branchFields(flow: Flow, switches: Switches): JsonObject {
  return {
    ...(switches.keySupport ? { key: flow.key } : {}),
    ...(switches.codeManaged
      ? pick(flow, ["managed_by", "created_via", "source_repository", "source_path", "source_ref"])
      : {}),
  };
}

function shownSteps(content: Content, secrets: Secrets, fill: boolean): unknown {
  const masked = maskSteps(content.actions, secrets);
  return Array.isArray(masked) ? masked.map((s) => step(s, fill)) : masked;
}

export interface ShowOptions {
  switches: Switches;
  /** The reader is a project secret API key: it has no level of access. */
  nobody?: boolean;
}

export interface DetailOptions extends ShowOptions {
  /** The answer of a PATCH: keys that are not stored are not filled in. */
  partial?: boolean;
}

export function detail(flow: Flow, { switches, nobody = false, partial = false }: DetailOptions): JsonObject {
  const { content } = flow;
  const masking = content.trigger_masking as JsonObject | null;
  return clone({
    id: flow.id,
    name: flow.name,
    ...branchFields(flow, switches),
    description: flow.description,
    version: flow.version,
    status: flow.status,
    origin_product: flow.origin_product,
    created_at: formatInstant(flow.created_at),
    created_by: flow.created_by,
    updated_at: formatInstant(flow.updated_at),
    trigger: maskTrigger(content.trigger, content.actions, flow.secrets),
    trigger_masking: masking && {
      hash: masking.hash,
      ttl: masking.ttl ?? null,
      threshold: masking.threshold ?? null,
      bytecode: masking.bytecode,
    },
    conversion: content.conversion,
    exit_condition: content.exit_condition,
    email_sending_rate_limit: content.email_sending_rate_limit,
    edges: Array.isArray(content.edges) ? content.edges.map(edge) : [],
    actions: shownSteps(content, flow.secrets, !partial),
    abort_action: content.abort_action,
    variables: content.variables,
    billable_action_types: billableTypes(content.actions),
    schedules: [...flow.schedules].map(schedule),
    user_access_level: nobody ? null : ACCESS_LEVEL,
    draft: draftOf(flow),
    draft_updated_at: formatNullable(flow.draft_updated_at),
    action_redirects: flow.action_redirects,
    email_sending_paused_at: formatNullable(flow.email.paused_at),
    email_sending_paused_reason: flow.email.reason,
    email_sending_paused_by: flow.email.by,
    email_sending_pause_requires_support: flow.email.by === "staff",
    email_sending_resumed_at: formatNullable(flow.email.resumed_at),
    last_run: null,
  });
}

/** A row of the list: columns as they are stored, and so without anything that detail answers fill in. */
export function row(flow: Flow, { switches, nobody = false }: ShowOptions): JsonObject {
  const { content } = flow;
  return clone({
    id: flow.id,
    name: flow.name,
    ...branchFields(flow, switches),
    description: flow.description,
    version: flow.version,
    status: flow.status,
    origin_product: flow.origin_product,
    created_at: formatInstant(flow.created_at),
    created_by: flow.created_by,
    updated_at: formatInstant(flow.updated_at),
    trigger: maskTrigger(content.trigger, content.actions, flow.secrets),
    trigger_masking: content.trigger_masking,
    conversion: content.conversion,
    exit_condition: content.exit_condition,
    email_sending_rate_limit: content.email_sending_rate_limit,
    edges: content.edges,
    actions: maskSteps(content.actions, flow.secrets),
    draft: draftOf(flow),
    abort_action: content.abort_action,
    variables: content.variables,
    billable_action_types: billableTypes(content.actions),
    user_access_level: nobody ? null : ACCESS_LEVEL,
    last_run: null,
    pending_suggestions: 0,
    suggestions_enabled: false,
  });
}

export function schedule(stored: Schedule): JsonObject {
  return {
    id: stored.id,
    rrule: stored.rrule,
    starts_at: formatInstant(stored.starts_at),
    timezone: stored.timezone,
    variables: clone(stored.variables),
    status: stored.status,
    next_run_at: formatNullable(stored.next_run_at),
    created_at: formatInstant(stored.created_at),
    updated_at: formatInstant(stored.updated_at),
  };
}

export const revisionRow = (stored: Revision): JsonObject => ({
  version: stored.version,
  created_at: formatInstant(stored.created_at),
  created_by: stored.created_by,
});

export const revisionDetail = (stored: Revision): JsonObject => ({
  ...revisionRow(stored),
  content: clone(stored.content),
});

export const batchJob = (stored: BatchJob): JsonObject => ({
  ...clone(stored),
  created_at: formatInstant(stored.created_at),
  updated_at: formatInstant(stored.updated_at),
});

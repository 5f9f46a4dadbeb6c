/** The components of the OpenAPI document: what the serializers read and show, with their own limits and choices. */
import { JOB_STATUSES } from "../batch-jobs";
import { DEDUPE_KEYS } from "../blast-radius";
import { OPERATIONS } from "../graph-operations";
import { ID_MAX, NAME_MAX, ON_ERROR } from "../serializers/action";
import { STEP_TYPES, TRIGGER_TYPES } from "../serializers/action-types";
import { EVENTS, FILTER_LISTS, SHOWN_STEP_FILTER_KEYS, SOURCES } from "../serializers/filters";
import { EXIT_CONDITIONS, MANAGERS, ORIGINS, STATUSES } from "../serializers/flow";
import { TIMEZONE_MAX } from "../serializers/schedule";
import { EDGE_TYPES, RATE_LIMIT, TTL, WINDOW } from "../serializers/settings";
import { SCHEDULE_STATUSES } from "../store";
import type { Switches } from "../switches";
import { TEXT_MAX } from "../test-runs";
import {
  answer,
  anything,
  bool,
  component,
  described,
  enumOf,
  fallback,
  instant,
  integer,
  listOf,
  mapOf,
  nullable,
  nullableEnum,
  object,
  page,
  readOnly,
  ref,
  text,
  uuid,
  writeOnly,
  type Schema,
} from "./notation";

type Fields = Record<string, Schema>;

const inWords = (value: string): string =>
  value
    .split(/[_-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

const ROLES = ["engineering", "data", "product", "founder", "leadership", "marketing", "sales", "other"];

const ENUMS: Fields = {
  HogFlowStatusEnum: enumOf(STATUSES, inWords),
  HogFlowOriginProductEnum: enumOf(ORIGINS, inWords),
  ExitConditionEnum: enumOf(EXIT_CONDITIONS, (value) => inWords(value.replace(/^exit_(on_)?/, ""))),
  HogFlowActionTypeEnum: enumOf(STEP_TYPES),
  HogFlowEdgeTypeEnum: enumOf(EDGE_TYPES),
  OnErrorEnum: enumOf(ON_ERROR),
  PeriodEnum: enumOf(RATE_LIMIT.periods),
  HogFunctionFiltersSourceEnum: enumOf(SOURCES),
  HogFlowScheduleStatusEnum: enumOf(SCHEDULE_STATUSES, inWords),
  HogFlowBatchJobStatusEnum: enumOf(JOB_STATUSES, inWords),
  HogFlowGraphOperationOpEnum: enumOf(OPERATIONS),
  DedupeKeyEnum: enumOf(DEDUPE_KEYS),
  RoleAtOrganizationEnum: enumOf(ROLES, inWords),
  BlankEnum: { enum: [""] },
  NullEnum: { enum: [null] },
};

/** Kinds of triggers have no enum: this text is all that the document says about them, and it leaves the warehouse out. */
const CONFIG = [
  "What the step does, by its type.",
  `- trigger: {type: ${TRIGGER_TYPES.filter((type) => !type.startsWith("data-warehouse")).join("|")}, filters?}`,
  "- function, function_email, function_sms, function_push: {template_id, inputs}",
  "- delay: {delay_duration}; conditional_branch: {conditions}; random_cohort_branch: {cohorts}",
].join("\n");

const wait = component(
  {
    condition: component({ filters: nullable(object), name: text() }),
    events: listOf(component({ filters: object, name: text() })),
    max_wait_duration: text(),
  },
  ["max_wait_duration"],
);

const filterField = (key: string): Schema => {
  if (key === "source") return fallback(ref("HogFunctionFiltersSourceEnum"), EVENTS);
  if (FILTER_LISTS.includes(key)) return listOf(object);
  return FILTER_FIELDS[key] ?? anything;
};
const FILTER_FIELDS: Fields = { bytecode: nullable(anything), filter_test_accounts: bool, bytecode_error: text() };

const NESTED: Fields = {
  HogFlowAction: component(
    {
      id: text(ID_MAX),
      name: text(NAME_MAX),
      description: fallback(text(), ""),
      on_error: nullableEnum("OnErrorEnum"),
      created_at: integer(),
      updated_at: integer(),
      filters: nullable(ref("HogFunctionFilters")),
      type: ref("HogFlowActionTypeEnum"),
      config: { anyOf: [object, wait], description: CONFIG },
      output_variable: nullable(anything),
    },
    ["id", "name", "type", "config"],
  ),
  HogFlowEdge: component({ to: text(), type: ref("HogFlowEdgeTypeEnum"), index: integer(), from: text() }, [
    "to",
    "type",
    "from",
  ]),
  HogFunctionFilters: component(Object.fromEntries(SHOWN_STEP_FILTER_KEYS.map((key) => [key, filterField(key)]))),
  HogFlowMasking: component(
    { ttl: nullable(integer(TTL)), threshold: nullable(integer()), hash: text(), bytecode: nullable(anything) },
    ["hash"],
  ),
  HogFlowConversion: component({
    filters: listOf(object),
    events: listOf(ref("HogFlowConversionEvent")),
    window: nullable({ ...text(WINDOW.maxLength), pattern: WINDOW.pattern.source }),
    bytecode: nullable(anything),
  }),
  HogFlowConversionEvent: component({ filters: object }, ["filters"]),
  HogFlowEmailSendingRateLimit: component({ count: integer(RATE_LIMIT.count), period: ref("PeriodEnum") }, [
    "count",
    "period",
  ]),
  HogFlowLastRun: answer({ task_id: uuid, status: text(), ran_at: instant }),
  UserBasic: component(
    {
      id: readOnly(integer()),
      uuid: readOnly(uuid),
      distinct_id: nullable(text(200)),
      first_name: text(150),
      last_name: text(150),
      email: { ...text(254), format: "email", title: "Email address" },
      is_email_verified: nullable(bool),
      hedgehog_config: readOnly(nullable(object)),
      role_at_organization: {
        nullable: true,
        oneOf: [ref("RoleAtOrganizationEnum"), ref("BlankEnum"), ref("NullEnum")],
      },
    },
    ["email"],
  ),
};

const by = ref("UserBasic");

/** Fields that some versions have beside the name. */
const versioned = ({ keySupport, codeManaged }: Switches): Fields => ({
  ...(keySupport ? { key: nullable(text(NAME_MAX)) } : {}),
  ...(codeManaged
    ? {
        managed_by: nullable(enumOf(MANAGERS)),
        created_via: readOnly(text()),
        source_repository: nullable(text(NAME_MAX)),
        source_path: nullable(text(NAME_MAX)),
        source_ref: nullable(text(NAME_MAX)),
      }
    : {}),
});

const settings = (of: Switches): Fields => ({
  id: readOnly(uuid),
  name: nullable(text(NAME_MAX)),
  ...versioned(of),
  description: text(),
  version: readOnly(integer()),
  status: ref("HogFlowStatusEnum"),
  origin_product: nullableEnum("HogFlowOriginProductEnum"),
  created_at: readOnly(instant),
  created_by: readOnly(by),
  updated_at: readOnly(instant),
  trigger: readOnly(anything),
  trigger_masking: nullable(ref("HogFlowMasking")),
  conversion: nullable(ref("HogFlowConversion")),
  exit_condition: ref("ExitConditionEnum"),
  email_sending_rate_limit: nullable(ref("HogFlowEmailSendingRateLimit")),
  edges: listOf(ref("HogFlowEdge")),
  actions: listOf(ref("HogFlowAction")),
  abort_action: readOnly(nullable(text())),
  variables: listOf(mapOf(text())),
  billable_action_types: readOnly(nullable(anything)),
});

const accessLevel = described(readOnly(nullable(text())), "The effective access level the user has for this object");
const lastRun = readOnly(nullable(ref("HogFlowLastRun")));

const flow = (of: Switches): Fields => ({
  ...settings(of),
  schedules: readOnly(listOf(ref("HogFlowSchedule"))),
  user_access_level: accessLevel,
  draft: readOnly(nullable(anything)),
  draft_updated_at: readOnly(nullable(instant)),
  action_redirects: readOnly(nullable(anything)),
  email_sending_paused_at: readOnly(nullable(instant)),
  email_sending_paused_reason: readOnly(text()),
  email_sending_paused_by: readOnly(text()),
  email_sending_pause_requires_support: readOnly(bool),
  email_sending_resumed_at: readOnly(nullable(instant)),
  last_run: lastRun,
});

/** Columns that a row shows as they are stored, of whatever shape. */
const COLUMNS = [
  "trigger",
  "trigger_masking",
  "conversion",
  "email_sending_rate_limit",
  "edges",
  "actions",
  "variables",
];

function minimal(of: Switches): Fields {
  const { billable_action_types, abort_action, variables: _variables, ...columns } = settings(of);
  const fields: Fields = {
    ...columns,
    draft: nullable(anything),
    abort_action: abort_action!,
    variables: anything,
    billable_action_types: billable_action_types!,
    user_access_level: accessLevel,
    last_run: lastRun,
    pending_suggestions: integer(),
    suggestions_enabled: bool,
  };
  return Object.fromEntries(
    Object.entries(fields).map(([key, schema]) => [key, readOnly(COLUMNS.includes(key) ? shapeless(schema) : schema)]),
  );
}

const shapeless = (schema: Schema): Schema => (schema.nullable ? nullable(anything) : anything);

/** A PATCH asks for nothing. */
const patched = (fields: Fields): Schema => ({ type: "object", properties: fields });

const SCHEDULE: Fields = {
  id: readOnly(uuid),
  rrule: text(),
  starts_at: instant,
  timezone: text(TIMEZONE_MAX),
  variables: anything,
  status: readOnly(ref("HogFlowScheduleStatusEnum")),
  next_run_at: readOnly(nullable(instant)),
  created_at: readOnly(instant),
  updated_at: readOnly(instant),
};

const REVISION: Fields = { version: integer(), created_at: instant, created_by: by };

const PROGRESS: Fields = { marked: integer(), remaining: integer(), done: bool };

const RUN: Fields = {
  invocation_id: text(),
  status: text(),
  error_kind: nullable(text()),
  error_message: nullable(text()),
  distinct_id: nullable(text()),
  person_id: nullable(text()),
  scheduled_at: instant,
  started_at: nullable(instant),
  finished_at: nullable(instant),
  duration_ms: nullable(integer()),
  attempts: integer(),
  is_retry: bool,
};

const ASSET_TEXTS = [
  "invocation_id",
  "action_id",
  "function_id",
  "function_name",
  "parent_run_id",
  "kind",
  "distinct_id",
  "person_id",
  "recipient",
  "subject",
  "status",
];

const STAMP = nullable(instant);

/** Bodies and answers of single end points. */
const MESSAGES: Fields = {
  HogFlowSchedule: component(SCHEDULE, ["rrule", "starts_at"]),
  PatchedHogFlowSchedule: patched(SCHEDULE),
  HogFlowRevisionBasic: answer(REVISION),
  HogFlowRevision: answer({ ...REVISION, content: anything }),
  HogFlowRevisionRestoreRequest: component({ overwrite: fallback(bool, false), expected_draft_updated_at: STAMP }),
  HogFlowPublishRequest: component({ confirm: fallback(bool, false), confirm_token: nullable(text()) }),
  HogFlowPublishResponse: answer(
    {
      published: bool,
      in_flight_runs: nullable(integer()),
      draft_updated_at: STAMP,
      confirm_token: nullable(text()),
      impact: nullable(ref("HogFlowPublishImpact")),
      workflow: ref("HogFlow"),
    },
    ["workflow"],
  ),
  HogFlowPublishImpact: answer({
    deleted_steps: listOf(ref("HogFlowPublishImpactDeletedStep")),
    position_unknown: nullable(integer()),
    empty_variables: listOf(ref("HogFlowPublishImpactEmptyVariable")),
    schedule_conflicts: listOf(ref("HogFlowPublishImpactScheduleConflict")),
  }),
  HogFlowPublishImpactDeletedStep: answer({
    action_id: text(),
    name: text(),
    runs: nullable(integer()),
    moves_to: nullable(ref("HogFlowPublishImpactMoveTarget")),
    exits: bool,
  }),
  HogFlowPublishImpactMoveTarget: answer({ action_id: text(), name: text() }),
  HogFlowPublishImpactEmptyVariable: answer({
    variable: text(),
    set_by: nullable(text()),
    referenced_by: listOf(text()),
  }),
  HogFlowPublishImpactScheduleConflict: answer({ schedule_id: uuid, variables: listOf(text()) }),
  PatchedHogFlowGraphUpdate: patched({ operations: listOf(ref("HogFlowGraphOperation")), base_updated_at: STAMP }),
  HogFlowGraphOperation: component(
    {
      op: ref("HogFlowGraphOperationOpEnum"),
      id: text(),
      patch: object,
      action: object,
      edge: object,
      edges: listOf(object),
    },
    ["op"],
  ),
  PatchedHogFlowActionEmailUpdate: patched({
    email_patch: object,
    operations: listOf(object),
    base_updated_at: STAMP,
  }),
  HogFlowBatchJob: component({
    id: readOnly(uuid),
    status: ref("HogFlowBatchJobStatusEnum"),
    hog_flow: readOnly(uuid),
    filters: readOnly(anything),
    variables: anything,
    created_at: readOnly(instant),
    created_by: readOnly(nullable(by)),
    updated_at: readOnly(instant),
  }),
  HogFlowBatchJobCancelResponse: answer({ status: ref("HogFlowBatchJobStatusEnum"), ...PROGRESS }),
  HogFlowInvocation: component({
    configuration: writeOnly(ref("HogFlow")),
    globals: writeOnly(object),
    mock_async_functions: writeOnly(fallback(bool, true)),
    current_action_id: writeOnly(text()),
    use_draft: writeOnly(fallback(bool, false)),
    mock_answer: writeOnly(text(TEXT_MAX)),
  }),
  HogFlowRunRequest: component({ variables: object }),
  HogFlowRunResponse: answer({ status: text(), invocation_id: uuid }),
  HogInvocationCancelRequest: component({ invocation_ids: listOf(uuid), all: fallback(bool, false) }),
  HogInvocationCancelResponse: answer(PROGRESS),
  HogInvocationResult: answer(RUN),
  HogInvocationResultDetail: answer({ ...RUN, invocation_globals: anything }),
  HogInvocationResultsCount: answer({ count: integer() }),
  AppMetricsResponse: answer({ labels: listOf(text()), series: listOf(ref("AppMetricSeries")) }),
  AppMetricSeries: answer({ name: text(), values: listOf(integer()) }),
  AppMetricsTotalsResponse: answer({ totals: mapOf(integer()) }),
  WorkflowEmailPauseStatus: answer({
    email_sending_paused: bool,
    email_sending_paused_at: STAMP,
    email_sending_paused_reason: text(),
    email_sending_resumed_at: STAMP,
  }),
  EmailSendingSuspensionStatus: answer({
    email_sending_suspended: bool,
    email_sending_suspended_at: STAMP,
    email_sending_suspension_reason: text(),
  }),
  WorkflowStatsRow: answer({ workflow_id: text(), succeeded: integer(), failed: integer() }),
  MessageAsset: answer({
    ...Object.fromEntries(ASSET_TEXTS.map((key) => [key, nullable(text())])),
    invocation_id: text(),
    sent_at: instant,
  }),
  BlastRadiusRequest: component(
    {
      filters: object,
      group_type_index: nullable(integer()),
      dedupe_key: nullableEnum("DedupeKeyEnum"),
      sends_email: fallback(bool, true),
    },
    ["filters"],
  ),
  BlastRadius: answer({
    affected: integer(),
    total: integer(),
    limit: nullable(integer()),
    dedupe_key: nullable(text()),
    confirm_token: nullable(text()),
  }),
  HogFunctionTemplate: answer({ id: text(), name: text(), type: text(), inputs_schema: listOf(object) }),
};

/** All of them; the document has those that its operations need. */
export function components(of: Switches): Fields {
  const fields = flow(of);
  const update: Fields = { ...fields, origin_product: readOnly(fields.origin_product!) };
  return {
    HogFlow: component(fields, ["actions"]),
    HogFlowUpdate: component(update, ["actions"]),
    PatchedHogFlowUpdate: patched(update),
    HogFlowMinimal: component(minimal(of)),
    PaginatedHogFlowMinimalList: page("HogFlowMinimal"),
    PaginatedHogFlowRevisionBasicList: page("HogFlowRevisionBasic"),
    ...NESTED,
    ...MESSAGES,
    ...ENUMS,
  };
}

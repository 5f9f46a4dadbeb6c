// The zod schemas of the keyed form: one per object of types.ts, with the defaults and server-made keys of each on it.
import * as z from "./zod";
import * as limits from "./limits";
import { ruled } from "./rules";
import type * as t from "./types";
import type { ActionType, TriggerType } from "./types";
import { checkZone } from "./zones";

/** Keys that the compiler of PostHog adds to a filter (API §2.3, row 7). */
const COMPILED = ["bytecode", "bytecode_contract", "bytecode_error", "transpiled"] as const;

/** One schema for each field of a type: a field that is missing, or that the type does not have, does not compile. */
type Shape<T> = { [Field in keyof T]-?: z.ZodType<T[Field]> };

const text = z.string();
const trimmed = (rule: { default?: unknown } = {}) => ruled(z.string(), { trim: true, ...rule });
const optional = <S extends z.ZodType>(schema: S, fallback?: unknown) =>
  ruled(schema.optional(), fallback === undefined ? {} : { default: fallback });

const duration = z
  .string()
  .regex(
    limits.DURATION,
    "must be one number and one unit, such as 30s, 30m, 2h or 1.5d; ISO 8601 durations are not supported",
  );
const signedDuration = z.string().regex(limits.SIGNED_DURATION, "must be a signed duration, such as -3d or 1h");
const zone = z.string().superRefine((value, context) => {
  const { ok, suggestion } = checkZone(value);
  if (!ok)
    context.addIssue({
      code: "custom",
      message: `is not a time zone of the IANA database${suggestion ? `; did you mean "${suggestion}"?` : ", such as Europe/Berlin"}`,
    });
});
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day as HH:MM, such as 09:00");
const filled = () => z.string().refine((value) => value.trim() !== "", "may not be empty");
const titled = (max: number) =>
  filled().refine((value) => value.trim().length <= max, `may have at most ${max} characters`);

// Filters

export const propertyFilter = ruled(
  z.object({
    key: text,
    value: z.unknown().optional(),
    operator: optional(text, "exact"),
    type: text.optional(),
    groupTypeIndex: z.number().int().optional(),
  } satisfies Shape<t.PropertyFilter>),
  { open: true },
);
export const eventFilterItem = ruled(
  z.object({
    id: z.union([text, z.number(), z.null()]),
    name: z.union([text, z.null()]).optional(),
    type: text.optional(),
    order: z.number().optional(),
    properties: optional(z.array(propertyFilter), []),
  } satisfies Shape<t.EventFilterItem>),
  // The editor's own marks.
  { open: true, derived: ["uuid", "custom_name"] },
);
export const filters = ruled(
  z.object({
    source: z
      .enum(["events", "person-updates", "internal-events", "data-warehouse-table", "data-warehouse-view"])
      .optional(),
    events: optional(z.array(eventFilterItem), []),
    actions: optional(z.array(eventFilterItem), []),
    properties: optional(z.array(propertyFilter), []),
    filterTestAccounts: optional(z.boolean(), false),
    dataWarehouse: optional(z.array(z.unknown()), []),
  } satisfies Shape<t.Filters>),
  { derived: COMPILED },
);
// No defaults here: a batch audience is kept word for word (design L1).
const verbatimProperty = ruled(
  z.object({
    key: text,
    value: z.unknown().optional(),
    operator: text.optional(),
    type: text.optional(),
    groupTypeIndex: z.number().int().optional(),
  } satisfies Shape<t.PropertyFilter>),
  { open: true },
);
export const batchFilters = ruled(
  z.object({
    properties: z.array(verbatimProperty).optional(),
    audienceType: z.enum(["persons", "accounts"]).optional(),
    filterTestAccounts: z.boolean().optional(),
    tagNames: z.array(text).optional(),
    assignmentStatus: z.enum(["all", "assigned", "unassigned"]).optional(),
    assignedToUserIds: z.array(z.number().int()).optional(),
  } satisfies Shape<t.BatchFilters>),
  { open: true, verbatim: true },
);

// Templates

export const templateInput = ruled(
  z.object({
    value: z.unknown().optional(),
    templating: z.enum(["hog", "liquid"]).optional(),
    secret: z.boolean().optional(),
  } satisfies Shape<t.TemplateInput>),
  { derived: ["bytecode", "bytecode_contract", "order"] },
);
export const templateInputs = ruled(z.record(text, templateInput), { data: true });
const templated = { templateUuid: text.optional(), inputs: optional(templateInputs, {}) };

// Triggers

const sourced = <T extends "webhook" | "manual" | "tracking_pixel">(type: T, template: string) =>
  z.object({ type: z.literal(type), templateId: optional(text, template), ...templated } satisfies Shape<
    Omit<t.WebhookTriggerConfig, "type"> & { type: T }
  >);
const warehouse = <T extends "data-warehouse-table" | "data-warehouse-view">(type: T) =>
  z.object({
    type: z.literal(type),
    tableName: text.optional(),
    filters: optional(filters, {}),
    keyProperty: text.optional(),
  } satisfies Shape<Omit<t.WarehouseTriggerConfig, "type"> & { type: T }>);

export const triggerConfigs = {
  event: z.object({ type: z.literal("event"), filters: optional(filters, {}) } satisfies Shape<t.EventTriggerConfig>),
  webhook: sourced("webhook", "template-source-webhook"),
  manual: sourced("manual", "template-source-webhook"),
  tracking_pixel: sourced("tracking_pixel", "template-source-webhook-pixel"),
  schedule: z.object({
    type: z.literal("schedule"),
    filters: z.unknown().optional(),
  } satisfies Shape<t.ScheduleTriggerConfig>),
  batch: z.object({ type: z.literal("batch"), filters: batchFilters } satisfies Shape<t.BatchTriggerConfig>),
  "data-warehouse-table": warehouse("data-warehouse-table"),
  "data-warehouse-view": warehouse("data-warehouse-view"),
  "internal-event": z.object({
    type: z.literal("internal-event"),
    filters,
  } satisfies Shape<t.InternalEventTriggerConfig>),
} satisfies Record<TriggerType, z.ZodObject>;

// Steps

export const delayUntil = ruled(
  z.object({
    expression: filled(),
    offset: signedDuration.optional(),
    timezone: zone.optional(),
    usePersonTimezone: optional(z.boolean(), false),
    fallbackTimezone: zone.optional(),
  } satisfies Shape<t.DelayUntil>),
  { derived: ["bytecode", "bytecode_error"] },
);
const delay = z
  .object({
    delayDuration: duration.optional(),
    delayUntil: delayUntil.optional(),
    maxDelayDuration: duration.optional(),
  } satisfies Shape<t.DelayConfig>)
  .superRefine((config, context) => {
    const given = [config.delayDuration, config.delayUntil].filter((value) => value !== undefined).length;
    if (given === 2) context.addIssue({ code: "custom", message: "takes `delayDuration` or `delayUntil`, not both" });
    if (given === 0)
      context.addIssue({ code: "custom", message: "needs `delayDuration` (such as 3d) or `delayUntil`" });
  });
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const timeWindow = z.object({
  timezone: zone.optional(),
  usePersonTimezone: optional(z.boolean(), false),
  fallbackTimezone: zone.optional(),
  day: z.union([
    z.enum(["any", "weekday", "weekend"]),
    z.array(z.enum(DAYS)).min(1, "an empty list of days never comes: nobody would ever go on"),
  ]),
  time: z.union([
    z.literal("any"),
    z.array(clockTime).length(2, 'takes "any" or a start and an end, such as ["09:00", "17:00"]'),
  ]),
} satisfies Shape<t.TimeWindowConfig>);
export const condition = z.object({
  filters: optional(filters, {}),
  name: text.optional(),
} satisfies Shape<t.Condition>);
const cohort = z.object({ percentage: z.number(), name: text.optional() } satisfies Shape<t.Cohort>);
const message = (template: string) => ({
  templateId: optional(text, template),
  ...templated,
  messageCategoryId: text.optional(),
  messageCategoryType: z.enum(["marketing", "transactional"]).optional(),
});

export const actionConfigs = {
  // The trigger's own shape depends on its type: triggerConfigs.
  trigger: z.object({ type: text }),
  function: z.object({
    templateId: text,
    ...templated,
    mappings: optional(z.array(z.unknown()), []),
  } satisfies Shape<t.FunctionConfig>),
  function_email: z.object({
    ...message("template-email"),
    trackingEnabled: z.boolean().optional(),
  } satisfies Shape<t.EmailConfig>),
  function_sms: z.object(message("template-twilio") satisfies Shape<t.SmsConfig>),
  function_push: z.object(message("template-native-push") satisfies Shape<t.PushConfig>),
  delay,
  wait_until_condition: z.object({
    condition: optional(condition, {}),
    events: optional(z.array(condition), []),
    maxWaitDuration: duration.optional(),
  } satisfies Shape<t.WaitUntilConditionConfig>),
  wait_until_time_window: timeWindow,
  conditional_branch: z.object({ conditions: z.array(condition) } satisfies Shape<t.ConditionalBranchConfig>),
  random_cohort_branch: z.object({ cohorts: z.array(cohort) } satisfies Shape<t.RandomCohortBranchConfig>),
  exit: z.object({ reason: text.optional() } satisfies Shape<t.ExitConfig>),
} satisfies Record<ActionType, z.ZodObject>;

export const outputVariable = z.object({
  key: text.min(1, "may not be empty"),
  resultPath: text.optional(),
  spread: optional(z.boolean(), false),
  label: text.optional(),
} satisfies Shape<t.OutputVariable>);

/** Every key of a step but `config`, which depends on `type`. */
export const action = z.object({
  type: z.enum(Object.keys(actionConfigs) as [ActionType, ...ActionType[]]),
  name: ruled(titled(limits.MAX_NAME_LENGTH), { trim: true }),
  description: trimmed().optional(),
  onError: optional(z.enum(["continue", "abort"]), "continue"),
  filters: optional(filters, {}),
  outputVariable: z.union([outputVariable, z.array(outputVariable)]).optional(),
  config: z.unknown().optional(),
  next: text.optional(),
  branches: optional(z.array(text), []),
  extra: optional(z.record(text, z.unknown()), {}),
} satisfies Shape<t.StepBase & { type: ActionType; config?: unknown }>);
ruled(action.shape.description, { default: "", trim: true });

// The flow

export const triggerMasking = ruled(
  z.object({
    hash: ruled(filled(), { trim: true }),
    ttl: z.number().int().min(limits.MASKING_TTL_SECONDS.min).max(limits.MASKING_TTL_SECONDS.max).optional(),
    threshold: z.number().int().optional(),
  } satisfies Shape<t.TriggerMasking>),
  { derived: ["bytecode"] },
);
const conversionWindow = trimmed()
  .max(limits.CONVERSION_WINDOW.maxLength)
  .regex(limits.DURATION, "must be one number and one unit, such as 14d")
  .superRefine((value, context) => {
    const seconds = Number.parseFloat(value) * (limits.UNIT_SECONDS[value.slice(-1)] ?? Number.NaN);
    if (!(seconds > 0)) context.addIssue({ code: "custom", message: "must be longer than zero" });
    if (seconds > limits.CONVERSION_WINDOW.maxDays * limits.UNIT_SECONDS["d"]!)
      context.addIssue({ code: "custom", message: `cannot be longer than ${limits.CONVERSION_WINDOW.maxDays}d` });
  });
export const conversion = ruled(
  z.object({
    filters: optional(z.array(propertyFilter), []),
    events: optional(z.array(z.object({ filters })), []),
    window: conversionWindow.optional(),
  } satisfies Shape<t.Conversion>),
  { derived: ["bytecode"] },
);
ruled(conversion.shape.window, { trim: true });
export const emailSendingRateLimit = z.object({
  count: z.number().int().min(limits.RATE_LIMIT_COUNT.min).max(limits.RATE_LIMIT_COUNT.max),
  period: z.enum(["minute", "hour"]),
} satisfies Shape<t.EmailSendingRateLimit>);
export const variable = ruled(
  z.object({
    type: trimmed().optional(),
    label: trimmed().optional(),
    default: z.union([text, z.number(), z.boolean()]).optional(),
  } satisfies Shape<t.Variable>),
  { open: true },
);
for (const field of [variable.shape.type, variable.shape.label]) ruled(field, { trim: true });
ruled(variable.shape.default, { trim: true });
const leftover = z.object({
  edges: optional(
    z.array(
      z.object({ from: text, to: text, type: z.enum(["continue", "branch"]), index: z.number().int().optional() }),
    ),
    [],
  ),
  variables: optional(z.array(z.unknown()), []),
  actions: optional(z.array(z.unknown()), []),
} satisfies Shape<t.Leftover>);

export const flow = z.object({
  name: titled(limits.MAX_NAME_LENGTH).optional(),
  description: trimmed().optional(),
  status: z.enum(["draft", "active", "archived"]).optional(),
  exitCondition: z
    .enum([
      "exit_on_conversion",
      "exit_on_trigger_not_matched",
      "exit_on_trigger_not_matched_or_conversion",
      "exit_only_at_end",
    ])
    .optional(),
  triggerMasking: triggerMasking.optional(),
  conversion: conversion.optional(),
  emailSendingRateLimit: emailSendingRateLimit.optional(),
  variables: optional(ruled(z.record(text, variable), { data: true }), {}),
  actions: ruled(z.record(text, action), { data: true }),
  leftover: optional(leftover, {}),
  extra: optional(z.record(text, z.unknown()), {}),
} satisfies Shape<Omit<t.FlowDefinition, "actions"> & { actions: unknown }>);
ruled(flow.shape.name, { trim: true });
ruled(flow.shape.description, { default: "", trim: true });
ruled(flow.shape.exitCondition, { default: "exit_on_conversion" });

/** A field of a flow. */
export type FlowField = keyof t.FlowDefinition;
/** What a flow has apart from its steps. */
export const flowSettings = flow.omit({ actions: true });
/** The fields that are one member of the same name on the wire, and of the content: the status is written apart. */
export const settingShape = flow.omit({
  status: true,
  variables: true,
  actions: true,
  leftover: true,
  extra: true,
}).shape;

/** The schema of a step's config, by the step's type and, for triggers, the trigger's. */
export function configSchema(type: unknown, config: unknown): z.ZodObject | undefined {
  if (type === "trigger") {
    const trigger = typeof config === "object" && config !== null ? (config as { type?: unknown }).type : undefined;
    return typeof trigger === "string" && Object.hasOwn(triggerConfigs, trigger)
      ? triggerConfigs[trigger as TriggerType]
      : undefined;
  }
  return typeof type === "string" && Object.hasOwn(actionConfigs, type) ? actionConfigs[type as ActionType] : undefined;
}

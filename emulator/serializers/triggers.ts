/** The trigger's config, by type: what is checked, rewritten, and asked for only when the flow is to run. */
import { FieldError } from "../errors";
import { isFalsy, isObject, type JsonObject } from "../json";
import { TRIGGER_TYPES } from "./action-types";
import type { Context } from "./context";
import { filtersField, INTERNAL_EVENTS } from "./filters";
import { functionTriggerConfig, isFunctionTrigger } from "./function-steps";

const SLACK = "$slack_message_received";
const GITHUB = "$github_event_received";
const INTERNAL = [SLACK, GITHUB];

const filtersError = (detail: string, ...path: string[]) => new FieldError(["filters", ...path], detail);
const NOT_A_DICT = "Filters must be a dictionary.";
const NO_TARGET = "Pick at least one event or property filter, or the trigger will never fire.";
const ANY = [...TRIGGER_TYPES] as string[];

type TriggerRule = (config: JsonObject, id: string, context: Context) => JsonObject;

const RULES: Record<string, TriggerRule> = {
  event: eventTrigger,
  "internal-event": internalTrigger,
  "data-warehouse-table": warehouseTrigger,
  "data-warehouse-view": warehouseTrigger,
  batch: batchTrigger,
  schedule: scheduleTrigger,
};

export function triggerConfig(config: JsonObject, id: string, context: Context): JsonObject {
  const { type } = config;
  if (typeof type !== "string" || !ANY.includes(type))
    throw new FieldError(["config"], `Invalid trigger type. Valid types are: ${ANY.join(", ")}.`);
  if (isFunctionTrigger(type)) return functionTriggerConfig({ type, id }, config, context);
  return RULES[type]!(config, id, context);
}

const absent = (value: unknown) => value === undefined || value === null;

function eventTrigger(config: JsonObject, _id: string, context: Context): JsonObject {
  const { filter_test_accounts: testAccounts, ...rest } = config;
  let filters = config.filters;
  if (!absent(filters) && !isObject(filters)) throw filtersError(NOT_A_DICT);
  const moved = !absent(testAccounts);
  if (moved) filters = { ...filters, filter_test_accounts: testAccounts };
  const compiled = isFalsy(filters) ? filters : filtersField(filters, { generation: context.generation });
  if (context.active && !hasTarget(compiled)) throw filtersError(NO_TARGET);
  const next = moved ? rest : config;
  return compiled === undefined ? next : { ...next, filters: compiled };
}

function hasTarget(filters: unknown): boolean {
  if (!isObject(filters)) return false;
  const identified = (entries: unknown, key: string) =>
    Array.isArray(entries) && entries.some((entry) => isObject(entry) && !isFalsy(entry[key]));
  const events = (filters.events ?? []) as JsonObject[];
  return (
    identified(filters.properties, "key") ||
    identified(filters.events, "id") ||
    identified(filters.actions, "id") ||
    events.some((entry) => identified(entry.properties, "key"))
  );
}

function internalTrigger(config: JsonObject, _id: string, context: Context): JsonObject {
  const sent = config.filters;
  if (!isObject(sent)) throw filtersError(NOT_A_DICT);
  if (!Array.isArray(sent.events))
    throw filtersError("An internal event trigger needs a list of events in its filters.");
  const ids = sent.events.map((entry: unknown) => (isObject(entry) ? entry.id : entry));
  const foreign = ids.filter((id: unknown) => !INTERNAL.includes(id as string));
  if (foreign.length > 0)
    throw filtersError(
      `These events cannot trigger a workflow: ${foreign.map(String).join(", ")}. Allowed: ${INTERNAL.join(", ")}.`,
    );
  const filters = filtersField(normalisedInternal({ ...sent, source: INTERNAL_EVENTS }), {
    generation: context.generation,
  });
  if (context.active) checkInternalTarget(ids as string[], filters.properties ?? []);
  return { ...config, filters };
}

function checkInternalTarget(ids: string[], properties: JsonObject[]): void {
  const exact = (key: string) =>
    properties.some(
      (p) =>
        p.key === key &&
        (absent(p.operator) || p.operator === "exact") &&
        [p.value].flat().some((v) => typeof v === "string" && v.trim() !== ""),
    );
  if (ids.length === 0) throw filtersError("Pick at least one event, or the trigger will never fire.");
  if (ids.includes(SLACK) && !exact("channel"))
    throw filtersError("Pick a Slack channel for this trigger. Without one it would fire for every message.");
  if (ids.includes(GITHUB) && !exact("repository"))
    throw filtersError("Pick a repository for this trigger. Without one it would fire for every repository.");
  if (ids.includes(GITHUB) && !exact("event_type"))
    throw filtersError("Pick at least one event, or the trigger will never fire.");
}

/** Slack channels without their name, GitHub repositories in lower case: the form in which the events carry them. */
function normalisedInternal(filters: JsonObject): JsonObject {
  const ids = (filters.events as unknown[]).map((entry) => (isObject(entry) ? entry.id : undefined));
  const fix =
    ({ ofSlack, ofGithub }: { ofSlack: boolean; ofGithub: boolean }) =>
    (property: unknown) => {
      if (!isObject(property)) return property;
      if (ofSlack && property.key === "channel")
        return { ...property, value: eachText(property.value, (text) => text.split("|")[0]!) };
      const literal = absent(property.operator) || property.operator === "exact" || property.operator === "is_not";
      if (ofGithub && property.key === "repository" && literal)
        return { ...property, value: eachText(property.value, (text) => text.toLowerCase()) };
      return property;
    };
  const top = fix({ ofSlack: ids.includes(SLACK), ofGithub: ids.includes(GITHUB) });
  const events = (filters.events as unknown[]).map((entry) => {
    if (!isObject(entry) || !Array.isArray(entry.properties)) return entry;
    return {
      ...entry,
      properties: entry.properties.map(fix({ ofSlack: entry.id === SLACK, ofGithub: entry.id === GITHUB })),
    };
  });
  return {
    ...filters,
    events,
    ...(Array.isArray(filters.properties) ? { properties: filters.properties.map(top) } : {}),
  };
}

const eachText = (value: unknown, change: (text: string) => string): unknown =>
  Array.isArray(value)
    ? value.map((item) => eachText(item, change))
    : typeof value === "string"
      ? change(value)
      : value;

function warehouseTrigger(config: JsonObject, _id: string, context: Context): JsonObject {
  const sent = config.filters ?? {};
  if (!isObject(sent)) throw filtersError(NOT_A_DICT);
  if (context.active && (typeof config.table_name !== "string" || config.table_name.trim() === "")) {
    throw new FieldError(["table_name"], "A data warehouse table name is required for this trigger.");
  }
  try {
    return { ...config, filters: filtersField({ ...sent, source: config.type }, { generation: context.generation }) };
  } catch (error) {
    // Unlike every other rule, this one looks at the status and not at who asks: a draft is stored as it was sent.
    if (error instanceof FieldError && !context.active) return config;
    throw error;
  }
}

const AUDIENCES = ["persons", "accounts"];
const ASSIGNMENTS = ["all", "assigned", "unassigned"];
const ACCOUNT_PROPERTIES = ["group", "account"];

function batchTrigger(config: JsonObject): JsonObject {
  const { filters } = config;
  if (absent(filters) || (isObject(filters) && isFalsy(filters)))
    throw filtersError("Filters are required for batch triggers.");
  if (!isObject(filters)) throw filtersError(NOT_A_DICT);
  const audience = filters.audience_type;
  if (!absent(audience) && !AUDIENCES.includes(audience))
    throw filtersError("Must be 'persons' or 'accounts'.", "audience_type");
  if (!absent(filters.properties) && !Array.isArray(filters.properties))
    throw filtersError("Properties must be an array.", "properties");
  if (!isFalsy(filters.events) || !isFalsy(filters.actions))
    throw filtersError("A batch audience cannot filter on events or actions.");
  checkNotBehavioural(filters);
  if (audience === "accounts") checkAccounts(filters);
  return config;
}

function checkAccounts(filters: JsonObject): void {
  const properties: JsonObject[] = filters.properties ?? [];
  const wrong = properties.findIndex((p) => isObject(p) && !ACCOUNT_PROPERTIES.includes(p.type));
  if (wrong >= 0) throw filtersError("An accounts audience can only filter on account properties.", "properties");
  if (!absent(filters.assignment_status) && !ASSIGNMENTS.includes(filters.assignment_status)) {
    throw filtersError("Must be 'all', 'assigned' or 'unassigned'.", "assignment_status");
  }
}

function scheduleTrigger(config: JsonObject): JsonObject {
  if (isObject(config.filters)) checkNotBehavioural(config.filters);
  return config;
}

function checkNotBehavioural(filters: JsonObject): void {
  const properties: unknown[] = Array.isArray(filters.properties) ? filters.properties : [];
  if (properties.some((p) => isObject(p) && p.type === "behavioral"))
    throw filtersError("Behavioral filters and cohorts cannot be used here.");
}

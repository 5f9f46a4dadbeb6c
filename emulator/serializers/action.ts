/** One step of a flow: its own fields in the server's order, then the rules of its type. */
import { at, FieldError, ServerCrash } from "../errors";
import { choice, integer, isNull, nested, required, text } from "../fields";
import { isObject, pythonType, type JsonObject } from "../json";
import { extractSecrets } from "../secrets";
import { LITERAL_TEMPLATES, STEP_TYPES, unsupportedType } from "./action-types";
import { checkConditionalBranch, checkOneKindOfCondition, checkRandomCohort, compileConditions } from "./branch-steps";
import type { Context } from "./context";
import { filtersField } from "./filters";
import { functionConfig } from "./function-steps";
import { checkDelayShape, delayConfig, waitConfig } from "./timing-steps";
import { triggerConfig } from "./triggers";

export const ID_MAX = 200;
export const NAME_MAX = 400;
export const ON_ERROR = ["continue", "abort"];

interface Field {
  key: string;
  /** Asked for on POST and PUT. */
  required?: boolean;
  /** Filled in on POST and PUT. */
  fallback?: unknown;
  read(value: unknown, context: Context): unknown;
}

const nullable = (read: (value: unknown, context: Context) => unknown) => (value: unknown, context: Context) =>
  value === null ? null : read(value, context);

/** In the order in which the server reports their errors. */
const FIELDS: readonly Field[] = [
  { key: "id", required: true, read: (v) => text(v, { max: ID_MAX }) },
  { key: "name", required: true, read: (v) => text(v, { max: NAME_MAX }) },
  { key: "description", fallback: "", read: (v) => text(v, { blank: true }) },
  { key: "on_error", fallback: null, read: nullable((v) => choice(v, ON_ERROR)) },
  { key: "created_at", read: (v) => integer(v) },
  { key: "updated_at", read: (v) => integer(v) },
  {
    key: "filters",
    fallback: null,
    read: nullable((v, { generation, partial }) => filtersField(v, { generation, partial })),
  },
  { key: "type", required: true, read: stepType },
  { key: "config", required: true, read: (v) => (v === null ? raiseNull() : v) },
  { key: "output_variable", fallback: null, read: nullable(outputVariable) },
];

const OUTPUT_ORDER = [
  "id",
  "name",
  "description",
  "on_error",
  "created_at",
  "updated_at",
  "filters",
  "type",
  "config",
  "output_variable",
];

function raiseNull(): never {
  throw isNull();
}

function stepType(value: unknown): string {
  if (value === null) throw isNull();
  if (typeof value !== "string" || !STEP_TYPES.includes(value)) {
    throw new FieldError([], unsupportedType(typeof value === "string" ? value : pythonType(value)));
  }
  return value;
}

function outputVariable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(oneOutputVariable);
  return oneOutputVariable(value);
}

function oneOutputVariable(value: unknown): JsonObject {
  const variable = typeof value === "string" ? { key: value } : value;
  if (isObject(variable) && typeof variable.key === "string" && variable.key.trim() !== "") return variable;
  throw new FieldError(
    [],
    "output_variable must be an object with a non-empty string 'key', or a list of such objects.",
  );
}

export function actionField(sent: unknown, context: Context): JsonObject {
  const raw = nested(sent);
  const step: JsonObject = {};
  for (const field of FIELDS) {
    if (field.key in raw) step[field.key] = at(field.key, () => field.read(raw[field.key], context));
    else if (context.partial) continue;
    else if (field.required) throw required(field.key);
    else if ("fallback" in field) step[field.key] = field.fallback;
  }
  const validated = withConfig(step, context);
  return Object.fromEntries(OUTPUT_ORDER.filter((key) => key in validated).map((key) => [key, validated[key]]));
}

/** Checks and rewrites the config by the step's type. What the web editor saves half-done is stored as it is. */
function withConfig(step: JsonObject, context: Context): JsonObject {
  const { type, config } = step;
  if (type === undefined) return step;
  if (config === undefined) {
    if (type === "wait_until_condition") throw new ServerCrash("a wait without config");
    if (type === "trigger") triggerConfig({}, String(step.id), context);
    return step;
  }
  if (!isObject(config)) throw new ServerCrash("a config that is not an object");
  if (type === "delay") checkDelayShape(config);
  if (context.strict) return { ...step, config: typedConfig(step, config, context) };
  try {
    return { ...step, config: typedConfig(step, config, context) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { config: withoutSecrets, secrets } = extractSecrets(
      context.templates,
      config,
      context.secrets[String(step.id)],
    );
    if (Object.keys(secrets).length > 0) context.nextSecrets[String(step.id)] = secrets;
    return { ...step, config: withoutSecrets };
  }
}

function typedConfig(step: JsonObject, config: JsonObject, context: Context): JsonObject {
  const type = step.type as string;
  const id = String(step.id);
  if (type === "trigger") return triggerConfig(config, id, context);
  let next = config;
  checkOneKindOfCondition(type, next, context);
  if (type === "conditional_branch") checkConditionalBranch(next, id, context);
  if (type === "random_cohort_branch") checkRandomCohort(next);
  if (type === "delay") next = delayConfig(next, context);
  if (type === "wait_until_condition") next = waitConfig(next, id, context);
  next = compileConditions(next, context);
  if (type === "function" || type in LITERAL_TEMPLATES) next = functionConfig({ type, id }, next, context);
  return next;
}

/** A flow's payload: all fields in the server's order, then the rules about the flow as a whole. */
import { at, FieldError, ServerCrash } from "../errors";
import { choice, list, required, text } from "../fields";
import { isObject, type JsonObject } from "../json";
import { actionField, NAME_MAX } from "./action";
import { NEEDS_PERSON, PERSONLESS } from "./action-types";
import type { Context } from "./context";
import { compiledConversion, conversionField, edgesField, maskingField, rateLimitField } from "./settings";
import { variablesField } from "./variables";

export const STATUSES = ["draft", "active", "archived"] as const;
export const EXIT_CONDITIONS = [
  "exit_on_conversion",
  "exit_on_trigger_not_matched",
  "exit_on_trigger_not_matched_or_conversion",
  "exit_only_at_end",
] as const;
export const ORIGINS = ["loops", "broadcasts"] as const;
export const MANAGERS = ["gui", "code"] as const;

export const DEFAULT_EXIT_CONDITION = "exit_on_conversion";
export const FORCED_EXIT_CONDITION = "exit_only_at_end";

/** Content that a client may write; `trigger` and `abort_action` are content too, but derived or not writable. */
export const WRITABLE_CONTENT = [
  "actions",
  "edges",
  "trigger_masking",
  "conversion",
  "exit_condition",
  "email_sending_rate_limit",
  "variables",
] as const;
export const METADATA = ["name", "description", "status"] as const;

const SOURCE_RECORD = /^[a-z_]+:[A-Za-z0-9_-]+$/;
const KEY = /^[a-zA-Z0-9_-]+$/;
const KEY_MAX = 400;

export interface FlowOptions {
  context: Context;
  keySupport: boolean;
  codeManaged: boolean;
}

const nullable = (read: (v: unknown) => unknown) => (v: unknown) => (v === null ? null : read(v));

function fields({ context, keySupport, codeManaged }: FlowOptions): Record<string, (value: unknown) => unknown> {
  return {
    name: nullable((v) => text(v, { blank: true, max: NAME_MAX })),
    ...(keySupport ? { key: nullable(keyField) } : {}),
    description: (v) => text(v, { blank: true }),
    status: (v) => choice(v, STATUSES),
    origin_product: nullable((v) => choice(v, ORIGINS)),
    source_record: nullable(sourceRecord),
    ...(codeManaged
      ? {
          managed_by: nullable((v) => choice(v, MANAGERS)),
          source_repository: nullable((v) => text(v, { blank: true, max: NAME_MAX })),
          source_path: nullable((v) => text(v, { blank: true, max: NAME_MAX })),
          source_ref: nullable((v) => text(v, { blank: true, max: NAME_MAX })),
        }
      : {}),
    trigger_masking: (v) => maskingField(v, context),
    conversion: conversionField,
    exit_condition: (v) => choice(v, EXIT_CONDITIONS),
    email_sending_rate_limit: (v) => rateLimitField(v, context),
    edges: (v) => edgesField(v, context),
    actions: (v) => actionsField(v, context),
    variables: variablesField,
  };
}

/** The validated fields of a payload; keys that were not sent are absent. */
export function flowPayload(body: unknown, options: FlowOptions): JsonObject {
  if (!isObject(body)) throw new ServerCrash("a flow that is not an object");
  const { context } = options;
  const values: JsonObject = {};
  for (const [key, read] of Object.entries(fields(options))) {
    if (key in body) values[key] = at(key, () => read(body[key]));
    else if (key === "actions" && !context.partial) throw required("actions");
  }
  if (values.actions) checkSteps(values.actions, context);
  if (values.conversion) values.conversion = compiledConversion(values.conversion, context.generation);
  return values;
}

function actionsField(value: unknown, context: Context): JsonObject[] {
  return list(value).map((action, i) => at(i, () => actionField(action, context)));
}

/** Rules about all steps together. */
export function checkSteps(steps: JsonObject[], context: Context): void {
  const fail = (detail: string) => new FieldError(["actions"], detail);
  const ids = steps.map((step) => step.id).filter((id) => id !== undefined);
  const twice = [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))].sort();
  if (twice.length > 0) throw fail(`Duplicate action id(s): ${twice.join(", ")}`);
  const triggers = steps.filter((step) => step.type === "trigger");
  if (triggers.length !== 1) throw fail("Exactly one trigger action is required");
  const triggerType = triggers[0]!.config?.type;
  if (context.active && PERSONLESS.includes(triggerType)) {
    const personal = [...new Set(steps.map((step) => step.type).filter((type) => NEEDS_PERSON.includes(type)))].sort();
    if (personal.length > 0)
      throw fail(
        `These step types rely on person data, which a ${triggerType} trigger has none of: ${personal.join(", ")}`,
      );
  }
}

function sourceRecord(value: unknown): string {
  const record = text(value, { max: 255 });
  if (!SOURCE_RECORD.test(record)) throw new FieldError([], "This value does not match the required pattern.");
  return record;
}

function keyField(value: unknown): string {
  const key = text(value, { max: KEY_MAX });
  if (!KEY.test(key))
    throw new FieldError([], "Only letters, numbers, hyphens (-) & underscores (_) are allowed.", "invalid_key");
  return key;
}

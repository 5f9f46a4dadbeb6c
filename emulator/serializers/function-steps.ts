/** Function steps and function-shaped triggers: which template they use, and their inputs. */
import { at, FieldError } from "../errors";
import { canonicalUuid, isFalsy, isObject, type JsonObject } from "../json";
import { LITERAL_TEMPLATES } from "./action-types";
import { storedStep, type Context } from "./context";
import { fromMessageTemplate, hasBody } from "./email";
import { inputsField } from "./inputs";

interface SourceTemplate {
  template: string;
  inputs: string;
}

const SOURCE_TEMPLATES: Record<string, SourceTemplate> = {
  webhook: {
    template: "template-source-webhook",
    inputs: 'event "{request.body.event}" and distinct_id "{request.body.distinct_id}"',
  },
  manual: {
    template: "template-source-webhook",
    inputs: 'event "$workflow_triggered" and distinct_id "{request.body.user_id}"',
  },
  tracking_pixel: {
    template: "template-source-webhook-pixel",
    inputs: 'event "{request.query.ph_event}" and distinct_id "{request.query.ph_distinct_id}"',
  },
};

export const isFunctionTrigger = (type: unknown): type is string =>
  typeof type === "string" && type in SOURCE_TEMPLATES;

const MISSING_MESSAGE = "template_uuid doesn't match a saved email template in this project.";

/** A step, and the type of itself or of its trigger. */
export interface StepRef {
  type: string;
  id: string;
}

/** The config of a step of one of the function types. */
export function functionConfig({ type, id }: StepRef, config: JsonObject, context: Context): JsonObject {
  let next = { ...config };
  const literal = LITERAL_TEMPLATES[type];
  if (literal) next = withLiteralTemplate(next, literal);
  if (type === "function_email") next = withMessageTemplate(next, context);
  if (type === "function_email" && context.utmDefaults && !storedStep(context, id)) next = withUtmDefaults(next);
  const hint = literal ? `template_id must be the literal '${literal}' for this step type.` : undefined;
  return withInputs(next, { id, hint }, context);
}

/** The config of a webhook, manual or pixel trigger. */
export function functionTriggerConfig({ type, id }: StepRef, config: JsonObject, context: Context): JsonObject {
  const { template, inputs } = SOURCE_TEMPLATES[type]!;
  const hint = `A ${type} trigger needs template_id '${template}', with inputs such as ${inputs}.`;
  return withInputs(config, { id, hint }, context);
}

function withInputs(
  config: JsonObject,
  { id, hint }: { id: string; hint: string | undefined },
  context: Context,
): JsonObject {
  const template = context.templates.find(config.template_id);
  if (!template) throw notFound(config.template_id, context, hint);
  const { inputs, secrets } = at("inputs", () =>
    inputsField(config.inputs === undefined ? {} : config.inputs, {
      schema: template.inputs_schema,
      secrets: context.secrets[id],
      stored: storedStep(context, id)?.config?.inputs,
      generation: context.generation,
    }),
  );
  if (template.id === CREATE_TASK) checkTask(inputs, context);
  if (Object.keys(secrets).length > 0) context.nextSecrets[id] = secrets;
  return { ...config, inputs };
}

const NOT_A_UUID = "Function steps name a destination template such as 'template-webhook', not a UUID.";

/** PostHog may well have a template that the emulator does not: the log says so, and the API does not. */
function notFound(id: unknown, context: Context, hint: string | undefined): FieldError {
  const uuid = canonicalUuid(id) !== undefined;
  if (typeof id === "string" && id !== "" && !uuid) {
    context.note?.(
      `The emulator does not know the template "${id}". If your project has it: hogflow templates pull ${/^[\w.-]+$/.test(id) ? id : "<its id>"} --out templates.json, then --templates templates.json (startEmulator({ templates })).`,
    );
  }
  const more = hint ?? (uuid ? NOT_A_UUID : undefined);
  return new FieldError(["template_id"], more ? `Template not found. ${more}` : "Template not found");
}

const CREATE_TASK = "template-posthog-create-task";
const REPOSITORY = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;
const PARALLEL = { min: 1, max: 100 };

/** What the server requires of an AI task in addition to its inputs, as far as it can be known without PostHog's own data. */
function checkTask(inputs: JsonObject, { nobody }: Context): void {
  if (nobody)
    throw new FieldError(
      ["template_id"],
      "A project secret API key cannot add a step that creates an AI task: there is nobody whom it could run as.",
    );
  const repository = inputs.repository?.value;
  if (!isFalsy(repository) && !(typeof repository === "string" && REPOSITORY.test(repository))) {
    throw new FieldError(
      ["inputs", "repository"],
      "Repository must be an organization/repo name like your-org/your-repo.",
    );
  }
  const parallel = inputs.max_parallel_tasks?.value;
  if (parallel !== undefined && !(Number.isInteger(parallel) && parallel >= PARALLEL.min && parallel <= PARALLEL.max)) {
    throw new FieldError(
      ["inputs", "max_parallel_tasks"],
      `Must be a whole number between ${PARALLEL.min} and ${PARALLEL.max}.`,
    );
  }
}

function withLiteralTemplate(config: JsonObject, literal: string): JsonObject {
  const given = config.template_id;
  if (given === undefined || given === null || given === "" || given === literal)
    return { ...config, template_id: literal };
  const uuid = canonicalUuid(given);
  if (!uuid)
    throw new FieldError(
      ["template_id"],
      `template_id must be the literal '${literal}' for this step type, not '${String(given)}'.`,
    );
  const other = config.template_uuid;
  if (other !== undefined && other !== null && other !== "" && canonicalUuid(other) !== uuid) {
    throw new FieldError(
      ["template_id"],
      "Ambiguous template reference: template_id and template_uuid name different templates.",
    );
  }
  return { ...config, template_id: literal, template_uuid: uuid };
}

function withMessageTemplate(config: JsonObject, context: Context): JsonObject {
  const input = isObject(config.inputs) ? config.inputs.email : undefined;
  if (
    !config.template_uuid ||
    (isObject(input) && hasBody(input.value)) ||
    (input !== undefined && input !== null && !isObject(input))
  )
    return config;
  const uuid = canonicalUuid(config.template_uuid);
  const message = context.messageTemplates.find((template) => canonicalUuid(template.id) === uuid);
  if (!uuid || !message) throw new FieldError(["template_uuid"], MISSING_MESSAGE);
  return {
    ...config,
    inputs: { ...(isObject(config.inputs) ? config.inputs : {}), email: fromMessageTemplate(input, message) },
  };
}

const PROJECT_UTM = { utm_source: "posthog", utm_medium: "email" };

function withUtmDefaults(config: JsonObject): JsonObject {
  if ("utm_tags_enabled" in config) return config;
  return { ...config, utm_tags_enabled: true, utm_params: { ...PROJECT_UTM }, utm_params_from_default: true };
}

/** Secret inputs: kept apart from the steps, by step id and input key, and shown as a placeholder that says only that there is one. */
import { isObject, type JsonObject } from "./json";
import type { Templates } from "./templates";

export type Secrets = Record<string, JsonObject>;

export const PLACEHOLDER = "********";

/** Steps as they are shown: every stored secret appears as `{"secret": true}` after the other inputs. */
export function maskSteps(steps: unknown, secrets: Secrets): unknown {
  if (!Array.isArray(steps)) return steps;
  return steps.map((step) => {
    if (!isObject(step) || !isObject(step.config)) return step;
    return { ...step, config: maskConfig(step.config, secrets[String(step.id)]) };
  });
}

function maskConfig(config: JsonObject, secrets: JsonObject | undefined): JsonObject {
  if (!secrets || Object.keys(secrets).length === 0) return config;
  const placeholders = Object.fromEntries(Object.keys(secrets).map((key) => [key, { secret: true }]));
  return { ...config, inputs: { ...(isObject(config.inputs) ? config.inputs : {}), ...placeholders } };
}

/** The trigger as it is shown: it has the secrets of the step that it is a copy of. */
export function maskTrigger(trigger: unknown, steps: unknown, secrets: Secrets): unknown {
  const step = Array.isArray(steps) ? steps.find((s) => isObject(s) && s.type === "trigger") : undefined;
  return isObject(trigger) && isObject(step) ? maskConfig(trigger, secrets[String(step.id)]) : trigger;
}

/**
 * Moves secret values out of inputs that were not validated (incomplete steps of the web editor), so that none is ever stored in
 * clear. A placeholder or an omission keeps what is stored.
 */
export function extractSecrets(
  templates: Templates,
  config: JsonObject,
  stored: JsonObject | undefined,
): { config: JsonObject; secrets: JsonObject } {
  const schema = templates.find(config.template_id)?.inputs_schema ?? [];
  const keys = schema.filter((input) => input.secret).map((input) => input.key);
  const inputs: JsonObject = isObject(config.inputs) ? { ...config.inputs } : {};
  const secrets: JsonObject = {};
  for (const key of keys) {
    const item = inputs[key];
    delete inputs[key];
    const given = isObject(item) && item.value !== undefined && item.value !== null && item.value !== PLACEHOLDER;
    if (given) secrets[key] = { value: item.value };
    else if (stored && key in stored) secrets[key] = stored[key];
  }
  return { config: isObject(config.inputs) ? { ...config, inputs } : config, secrets };
}

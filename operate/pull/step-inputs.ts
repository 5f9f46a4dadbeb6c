// The inputs of a template as arguments: each with its language, and a secret that PostHog has as `stored()`.
import { isKeptSecret } from "../../definition/canonical/secrets";
import { isDict, own, put, type Dict } from "../../definition/canonical/values";
import { NotExpressible } from "./conditions";
import { StoredSecret, Tagged } from "./expression";
import type { StepOf } from "./step-options";

/** The value of a template input, with its language where one is set. */
function inputOf(item: unknown, input: string): unknown {
  if (isKeptSecret(item)) return new StoredSecret();
  if (
    !isDict(item) ||
    item["value"] === undefined ||
    Object.keys(item).some((key) => key !== "value" && key !== "templating")
  )
    throw new NotExpressible(`the input ${input} is more than a value`);
  const { value, templating } = item;
  if (templating === undefined) return value;
  if (templating !== "liquid") throw new NotExpressible(`the input ${input} says that it is Hog`);
  return tagged(value);
}

function tagged(value: unknown): unknown {
  if (typeof value === "string") return new Tagged("liquid", value);
  if (Array.isArray(value)) return value.map(tagged);
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, tagged(item));
  return out;
}

/** All inputs of a template under the names of a function's options; `others` stays under the template's own. */
export function readInputs({ step }: StepOf, names: Readonly<Record<string, string>>): { named: Dict; others: Dict } {
  const inputs = own(step.config, "inputs") ?? {};
  if (!isDict(inputs)) throw new NotExpressible("inputs are no map");
  const named: Dict = {};
  const others: Dict = {};
  for (const [input, item] of Object.entries(inputs)) {
    const value = inputOf(item, input);
    if (Object.hasOwn(names, input)) named[names[input]!] = value;
    else put(others, input, value);
  }
  return { named, others };
}

/** The config as the API has it, with `stored()` for secrets. */
export function withSecrets(config: unknown): unknown {
  const inputs = own(config, "inputs");
  if (!isDict(inputs) || !isDict(config)) return config ?? {};
  const out: Dict = {};
  for (const [key, item] of Object.entries(inputs)) put(out, key, isKeptSecret(item) ? new StoredSecret() : item);
  return { ...config, inputs: out };
}

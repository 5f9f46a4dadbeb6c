// What the tests of the canonical form share: flows to try the rules on, and ways to write one flow in several forms.
import type { z } from "zod";
import { canonical } from "../../../definition/canonical/canonical";
import { keyed } from "../../../definition/canonical/decode";
import { isDict, type Dict } from "../../../definition/canonical/values";
import { unwrapped } from "../../../definition/schema/rules";
import { action, configSchema, flow as flowSchema } from "../../../definition/schema/schemas";
import { randomFlow, type Random } from "../../support/random-flow";
import { REFERENCE_FLOWS } from "../../support/reference-flows";
import { ZodArray, ZodObject, ZodUnion } from "zod";

const RANDOM_FLOWS = 30;

/** Flows of the wire: the reference ones and random ones. */
export const FLOWS: [string, Dict][] = [
  ...Object.entries(REFERENCE_FLOWS).map(([name, { flow }]): [string, Dict] => [name, flow]),
  ...Array.from({ length: RANDOM_FLOWS }, (_, seed): [string, Dict] => [`seed ${seed}`, randomFlow(seed)]),
];

/** Canonical form of a flow of the wire. */
export const canonicalOf = (wire: Dict): Dict => canonical(keyed(wire));

export const without = (value: Dict, ...keys: string[]): Dict =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** The same value with the members of every map in another order. */
export function reordered(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, random));
  if (!isDict(value)) return value;
  return Object.fromEntries(
    random.shuffled(Object.entries(value)).map(([key, item]) => [key, reordered(item, random)]),
  );
}

/** A definition in keyed form with every default of the schemas written out. */
export function withDefaults(definition: Dict): Dict {
  const { actions, ...settings } = definition;
  const out = filled(settings, flowSchema) as Dict;
  const steps: Dict = {};
  for (const [id, step] of Object.entries(actions as Dict)) {
    const { config, ...rest } = step as Dict;
    const schema = configSchema(rest["type"], config);
    steps[id] = {
      ...(filled(rest, action) as Dict),
      ...(config === undefined ? {} : { config: schema ? filled(config, schema) : config }),
    };
  }
  return { ...out, actions: steps };
}

function filled(value: unknown, typed: z.ZodType): unknown {
  const { schema: bare, rule } = unwrapped(typed);
  if (rule.verbatim) return value;
  const schema =
    bare instanceof ZodUnion
      ? ((bare.options as z.ZodType[])
          .map((option) => unwrapped(option).schema)
          .find((option) => (Array.isArray(value) ? option instanceof ZodArray : option instanceof ZodObject)) ?? bare)
      : bare;
  if (Array.isArray(value))
    return schema instanceof ZodArray ? value.map((item) => filled(item, schema.element as z.ZodType)) : value;
  if (!isDict(value) || !(schema instanceof ZodObject)) return value;
  const out: Dict = { ...value };
  for (const [key, field] of Object.entries(schema.shape)) {
    const fallback = unwrapped(field).rule.default;
    if (out[key] === undefined && fallback !== undefined && key !== "actions") out[key] = fallback;
    if (out[key] !== undefined) out[key] = filled(out[key], field);
  }
  return out;
}

/** Every place in a value, as a path. */
export function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item, i) => places(item, [...path, i]))];
  if (isDict(value)) return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
  return [path];
}

/** A copy with another value at a place. */
export function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (Array.isArray(value)) return value.map((item, i) => (i === first ? replaced(item, rest, by) : item));
  if (isDict(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, key === first ? replaced(item, rest, by) : item]),
    );
  return value;
}

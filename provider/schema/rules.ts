// What the canonical form knows about a field or an object besides its type. It stands on the zod schema itself, so that a field
// can't have a type here and a rule elsewhere.
import * as z from "./zod";

export interface Rule {
  /** A value that means the same as leaving the key out. */
  default?: unknown;
  /** The server cuts white space off both ends (API §2.2). */
  trim?: boolean;
  /** The name on the wire, where it is not the snake_case of ours. */
  wire?: string;
  /** On objects: keys that the server makes, by their wire names; dropped. */
  derived?: readonly string[];
  /** On objects: a map of data, whose keys are nobody's to rename. */
  data?: boolean;
  /** On objects: PostHog keeps any further key, and its editor writes some. */
  open?: boolean;
  /** On objects: kept word for word, nulls and defaults included. */
  verbatim?: boolean;
}

export const rules = z.registry<Rule>();

/** The schema with a rule on it. */
export function ruled<S extends z.ZodType>(schema: S, rule: Rule): S {
  rules.add(schema, rule);
  return schema;
}

export const ruleOf = (schema: z.ZodType): Rule => rules.get(schema) ?? {};

export interface Unwrapped {
  schema: z.ZodType;
  rule: Rule;
}

// Asked at every field of every definition; the schemas are complete once their module is loaded.
const known = new WeakMap<z.ZodType, Unwrapped>();

/** The schema inside `optional` and `nullable`, with the rules met on the way. */
export function unwrapped(schema: z.ZodType): Unwrapped {
  const cached = known.get(schema);
  if (cached) return cached;
  let rule = ruleOf(schema);
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
    inner = inner.unwrap() as z.ZodType;
    rule = { ...ruleOf(inner), ...rule };
  }
  const result = { schema: inner, rule };
  known.set(schema, result);
  return result;
}

interface Containers {
  list: z.ZodType;
  map: z.ZodType;
}

const containers = new WeakMap<z.ZodType, Containers>();

/** The schema of a container among several: of a union, the member that has this container's form. */
export function containerSchema(schema: z.ZodType, isList: boolean): z.ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  let found = containers.get(schema);
  if (!found) {
    const options = (schema.options as z.ZodType[]).map((option) => unwrapped(option).schema);
    found = { list: options.find((option) => option instanceof z.ZodArray) ?? schema, map: options.find((option) => option instanceof z.ZodObject) ?? schema };
    containers.set(schema, found);
  }
  return isList ? found.list : found.map;
}

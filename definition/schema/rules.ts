// What the canonical form knows about a field or an object in addition to its type. It is part of the zod schema itself, so that a field
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
  /** On objects: a map of data. Its keys are never renamed. */
  data?: boolean;
  /** On objects: PostHog keeps any further key, and its editor writes some. */
  open?: boolean;
  /** On objects: kept word for word, nulls and defaults included. */
  verbatim?: boolean;
}

const rules = z.registry<Rule>();

/** The schema with a rule on it. */
export function ruled<S extends z.ZodType>(schema: S, rule: Rule): S {
  rules.add(schema, rule);
  return schema;
}

const ruleOf = (schema: z.ZodType): Rule => rules.get(schema) ?? {};

export interface Unwrapped {
  schema: z.ZodType;
  rule: Rule;
}

/** The schema inside `optional` and `nullable`, with the rules met on the way. */
export function unwrapped(schema: z.ZodType): Unwrapped {
  let rule = ruleOf(schema);
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) {
    inner = inner.unwrap() as z.ZodType;
    rule = { ...ruleOf(inner), ...rule };
  }
  return { schema: inner, rule };
}

/** What a schema is to those who walk values along it. */
export interface Form {
  /** The rules of the place. */
  rule: Rule;
  /** The schema of the members, where a list is allowed. */
  member?: z.ZodType;
  /** The schema of the values, where a map of data is allowed. */
  values?: z.ZodType;
  /** The object, where one is allowed, with its fields and its rules. */
  object?: z.ZodObject;
  fields?: Readonly<Record<string, z.ZodType>>;
  inner: Rule;
}

// Asked at every value of every definition, and zod's own tests of kinds are slow. The schemas are complete once their module is loaded.
const forms = new WeakMap<z.ZodType, Form>();

export function formOf(typed: z.ZodType): Form {
  const cached = forms.get(typed);
  if (cached) return cached;
  const { schema, rule } = unwrapped(typed);
  // Of a union, the members that are containers say what such a container looks like.
  const options =
    schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]).map((option) => unwrapped(option).schema) : [schema];
  const list = options.find((option) => option instanceof z.ZodArray);
  const map = options.find((option) => option instanceof z.ZodRecord);
  const object = options.find((option) => option instanceof z.ZodObject);
  const form: Form = {
    rule,
    ...(list ? { member: list.element as z.ZodType } : {}),
    ...(map ? { values: map.valueType as z.ZodType } : {}),
    ...(object ? { object, fields: object.shape } : {}),
    inner: object ? unwrapped(object).rule : {},
  };
  forms.set(typed, form);
  return form;
}

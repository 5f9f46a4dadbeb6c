// The JSON Schema of a pasted definition, made from its type as the build makes it, and a small checker of the part of JSON Schema that it uses.
import * as decode from "../../definition/canonical/decode";
import * as structure from "../../definition/canonical/structure";
import * as limits from "../../definition/schema/limits";
import * as rules from "../../definition/schema/rules";
import * as schemas from "../../definition/schema/schemas";
import { definitionSchema as schemaOf } from "../../tools/definition-schema.mjs";

export interface JsonSchema {
  $ref?: string;
  anyOf?: JsonSchema[];
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
  definitions?: Record<string, JsonSchema>;
  $schema?: string;
  $id?: string;
  title?: string;
}

const MODULES: Readonly<Record<string, unknown>> = {
  "definition/schema/schemas": schemas,
  "definition/schema/limits": limits,
  "definition/schema/rules": rules,
  "definition/canonical/structure": structure,
  "definition/canonical/decode": decode,
};
let made: JsonSchema | undefined;

/** The schema, as the build makes it. */
export const definitionSchema = (): JsonSchema =>
  (made ??= schemaOf((module: string) => MODULES[module]) as JsonSchema);

export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const found = root.definitions?.[schema.$ref.replace("#/definitions/", "")];
  if (!found) throw new Error(`no definition ${schema.$ref}`);
  return resolved(found, root);
}

const KEYWORDS: ReadonlySet<string> = new Set([
  "$ref",
  "anyOf",
  "type",
  "const",
  "enum",
  "properties",
  "additionalProperties",
  "required",
  "items",
  "maxItems",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "default",
  "description",
  "definitions",
  "$schema",
  "$id",
  "title",
]);

/** Keywords that this checker does not know, so that none is passed over in silence. */
export function unknownKeywords(schema: JsonSchema): string[] {
  const inner = [
    ...(schema.anyOf ?? []),
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.definitions ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
  ];
  return [...Object.keys(schema).filter((key) => !KEYWORDS.has(key)), ...inner.flatMap(unknownKeywords)];
}

const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** What does not fit, as paths with the keyword. */
export function violations(value: unknown, schema: JsonSchema, root: JsonSchema = schema, at = ""): string[] {
  const { $ref, anyOf } = schema;
  const out: string[] = [];
  if ($ref !== undefined) out.push(...violations(value, resolved(schema, root), root, at));
  if (anyOf) {
    const all = anyOf.map((option) => violations(value, option, root, at));
    // As editors do: the option of the same type says what is wrong, else the one with the fewest complaints.
    const distance = (list: string[]): number =>
      list.length + (list.includes(`${at}/type: const`) || list.includes(`${at}/type: enum`) ? 1000 : 0);
    if (all.every((list) => list.length > 0)) out.push(...[...all].sort((a, b) => distance(a) - distance(b))[0]!);
  }
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types && !types.some((type) => type === typeOf(value) || (type === "integer" && Number.isInteger(value))))
    return [...out, `${at}: type`];
  if ("const" in schema && schema.const !== value) out.push(`${at}: const`);
  if (schema.enum && !schema.enum.includes(value)) out.push(`${at}: enum`);
  if (typeof value === "string") {
    if (value.length < (schema.minLength ?? 0)) out.push(`${at}: minLength`);
    if (value.length > (schema.maxLength ?? Infinity)) out.push(`${at}: maxLength`);
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) out.push(`${at}: pattern`);
  }
  if (typeof value === "number" && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)))
    out.push(`${at}: range`);
  if (Array.isArray(value)) {
    if (value.length > (schema.maxItems ?? Infinity)) out.push(`${at}: maxItems`);
    if (schema.items) value.forEach((item, i) => out.push(...violations(item, schema.items!, root, `${at}/${i}`)));
  } else if (typeof value === "object" && value !== null) {
    const members = value as Record<string, unknown>;
    for (const key of schema.required ?? []) if (!Object.hasOwn(members, key)) out.push(`${at}/${key}: required`);
    for (const [key, item] of Object.entries(members)) {
      const known = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
      if (known) out.push(...violations(item, known, root, `${at}/${key}`));
      else if (schema.additionalProperties === false) out.push(`${at}/${key}: additionalProperties`);
      else if (typeof schema.additionalProperties === "object")
        out.push(...violations(item, schema.additionalProperties, root, `${at}/${key}`));
    }
  }
  return out;
}

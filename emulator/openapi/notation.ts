/** Schemas of the OpenAPI document, in the notation of OpenAPI 3.0, and how the same is written in 3.1. */
import { isObject, type JsonObject } from "../json";

export type Schema = JsonObject;

export const text = (maxLength?: number): Schema => ({
  type: "string",
  ...(maxLength === undefined ? {} : { maxLength }),
});
export const uuid: Schema = { type: "string", format: "uuid" };
export const instant: Schema = { type: "string", format: "date-time" };
export const bool: Schema = { type: "boolean" };
export const integer = ({ min, max }: { min?: number; max?: number } = {}): Schema => ({
  type: "integer",
  ...(max === undefined ? {} : { maximum: max }),
  ...(min === undefined ? {} : { minimum: min }),
});
export const listOf = (items: Schema): Schema => ({ type: "array", items });
export const mapOf = (values: Schema): Schema => ({ type: "object", additionalProperties: values });
/** Any JSON value. */
export const anything: Schema = {};
export const object = mapOf(anything);

const REF = "#/components/schemas/";
export const ref = (name: string): Schema => ({ $ref: REF + name });
/** What OpenAPI 3.0 says beside a reference needs a list around it. */
const beside = (schema: Schema, more: Schema): Schema => ({
  ...("$ref" in schema ? { allOf: [schema] } : schema),
  ...more,
});

export const readOnly = (schema: Schema): Schema => beside(schema, { readOnly: true });
export const writeOnly = (schema: Schema): Schema => beside(schema, { writeOnly: true });
export const nullable = (schema: Schema): Schema => beside(schema, { nullable: true });
export const fallback = (schema: Schema, value: unknown): Schema => beside(schema, { default: value });
export const described = (schema: Schema, description: string): Schema => beside(schema, { description });
export const nullableEnum = (name: string): Schema => ({ nullable: true, oneOf: [ref(name), ref("NullEnum")] });

/** Values with what they are called, which is the value in words or, for a set with names of its own, what `label` says. */
export const enumOf = (values: readonly string[], label: (value: string) => string = (value) => value): Schema => ({
  enum: [...values],
  type: "string",
  description: values.map((value) => `* \`${value}\` - ${label(value)}`).join("\n"),
});

/** A component: besides the keys that must be sent, those that only the server writes count as required. */
export function component(properties: Record<string, Schema>, required: readonly string[] = []): Schema {
  const always = Object.keys(properties).filter((key) => properties[key]!.readOnly || required.includes(key));
  return { type: "object", properties, ...(always.length > 0 ? { required: always.sort() } : {}) };
}

/** What a server alone writes. */
export const answer = (properties: Record<string, Schema>, optional: readonly string[] = []): Schema =>
  component(
    properties,
    Object.keys(properties).filter((key) => !optional.includes(key)),
  );

export const page = (name: string): Schema => {
  const link = (offset: number) => ({
    ...nullable(text()),
    format: "uri",
    example: `http://api.example.org/accounts/?offset=${offset}&limit=100`,
  });
  return component(
    { count: { ...integer(), example: 123 }, next: link(400), previous: link(200), results: listOf(ref(name)) },
    ["count", "results"],
  );
};

/** The names of the components that something refers to. */
export const refsIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "$ref" && typeof item === "string" ? [item.slice(REF.length)] : refsIn(item),
  );
};

const NULL = { type: "null" };

/** Below `properties` stand names of fields, such as `type`. */
const eachIn31 = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, in31(schema)]));

/** OpenAPI 3.1 knows no `nullable`: null is a type like others. */
export function in31(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(in31);
  if (!isObject(value)) return value;
  const {
    nullable: orNull,
    allOf,
    oneOf,
    type,
    ...rest
  }: JsonObject = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "properties" && isObject(item) ? eachIn31(item) : in31(item),
    ]),
  );
  const kept = {
    ...(type === undefined ? {} : { type }),
    ...(allOf ? { allOf } : {}),
    ...(oneOf ? { oneOf } : {}),
    ...rest,
  };
  if (orNull !== true) return kept;
  if (type !== undefined) return { ...kept, type: [type, "null"] };
  if (oneOf) return { ...kept, oneOf: [...(oneOf as Schema[]).filter((one) => one.$ref !== `${REF}NullEnum`), NULL] };
  return allOf ? { oneOf: [...(allOf as Schema[]), NULL], ...rest } : kept;
}

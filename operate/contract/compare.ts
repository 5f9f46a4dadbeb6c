// Compares the schema of a PostHog with what this version knows. What differs is data; what it means for a user is one row of a table (meaning.ts).
import { isDict, type Dict } from "../../definition/canonical/values";
import { ENDPOINTS, OBJECTS, STEP_TYPES, TRIGGER_TYPES, VALUES, type KnownValues } from "./known";

/** What can differ. */
export type DifferenceKind =
  | "field-new"
  | "field-required"
  | "field-gone"
  | "value-new"
  | "value-gone"
  | "step-new"
  | "trigger-new"
  | "endpoint-new"
  | "endpoint-gone";

/** One difference. */
export interface ContractDifference {
  kind: DifferenceKind;
  /** The field, end point or kind, such as `step.retries` or `GET hog_flows/{}/logs/`. */
  name: string;
  /** Of a value: which. */
  value?: string;
  /** Of an end point that is gone: what needs it. */
  usedBy?: string;
}

/** What a schema says, and what of it could not be compared. */
export interface ContractReport {
  differences: ContractDifference[];
  /** How many fields, values, kinds and end points were compared. */
  compared: number;
  /** Objects of the API that the schema does not name, such as `HogFlowEdge`. */
  notFound: string[];
}

const dictOf = (value: unknown): Dict => (isDict(value) ? value : {});
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

/**
 * Compares an OpenAPI document with what this version knows.
 *
 * @example
 * compareContract(await readApiSchema("https://eu.posthog.com")).differences;
 */
export function compareContract(document: unknown): ContractReport {
  const components = dictOf(dictOf(dictOf(document)["components"])["schemas"]);
  const notFound = Object.keys(OBJECTS).filter((name) => !isDict(components[name]));
  const differences = [
    ...Object.keys(OBJECTS).flatMap((name) => fieldDifferences(name, components[name])),
    ...VALUES.flatMap((known) => valueDifferences(known, components)),
    ...kindDifferences(components),
    ...endpointDifferences(dictOf(dictOf(document)["paths"])),
  ];
  return { differences, compared: counted(), notFound };
}

/** A property of a component. */
const propertyOf = (components: Dict, component: string, property: string): Dict =>
  dictOf(dictOf(dictOf(components[component])["properties"])[property]);

/** The values that a property may have, wherever they are written: at the property, at what it refers to, or in one of several parts. */
function valuesOf(schema: Dict, components: Dict, depth = 0): string[] {
  const { $ref } = schema;
  const parts = ["allOf", "oneOf", "anyOf"].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  if (typeof $ref === "string") parts.push(components[$ref.split("/").at(-1)!]);
  if (depth > MOST_REFERENCES) return [];
  return [...textsOf(schema["enum"]), ...parts.flatMap((part) => valuesOf(dictOf(part), components, depth + 1))];
}

/** More of them than this one after the other lead in a circle. */
const MOST_REFERENCES = 10;

const counted = (): number =>
  Object.values(OBJECTS).reduce((sum, { sent, answered }) => sum + sent.length + answered.length, 0) +
  VALUES.reduce((sum, { values }) => sum + values.length, 0) +
  STEP_TYPES.length +
  TRIGGER_TYPES.length +
  ENDPOINTS.length;

function fieldDifferences(component: string, found: unknown): ContractDifference[] {
  if (!isDict(found)) return [];
  const { noun, sent, answered } = OBJECTS[component]!;
  const fields = dictOf(found["properties"]);
  const required = textsOf(found["required"]);
  const of = (kind: DifferenceKind, field: string): ContractDifference => ({ kind, name: `${noun}.${field}` });
  const added = Object.keys(fields).filter((field) => !sent.includes(field) && !answered.includes(field));
  const isWritable = (field: string): boolean => dictOf(fields[field])["readOnly"] !== true;
  return [
    ...added.map((field) => of(required.includes(field) && isWritable(field) ? "field-required" : "field-new", field)),
    ...sent.filter((field) => !Object.hasOwn(fields, field)).map((field) => of("field-gone", field)),
  ];
}

function valueDifferences(
  { component, property, field, values, isStated }: KnownValues,
  components: Dict,
): ContractDifference[] {
  const listed = valuesOf(propertyOf(components, component, property), components);
  if (listed.length === 0) return [];
  return [
    ...listed
      .filter((value) => !values.includes(value))
      .map((value): ContractDifference => ({ kind: "value-new", name: field, value })),
    ...values
      .filter((value) => isStated && !listed.includes(value))
      .map((value): ContractDifference => ({ kind: "value-gone", name: field, value })),
  ];
}

/** A description need not name all kinds, so none that is missing there is gone. */
function kindDifferences(components: Dict): ContractDifference[] {
  const described = (property: string): string => {
    const { description } = propertyOf(components, "HogFlowAction", property);
    return typeof description === "string" ? description : "";
  };
  const listed = valuesOf(propertyOf(components, "HogFlowAction", "type"), components);
  const steps = listed.length > 0 ? listed : listedKinds(described("type"));
  const triggers = listedKinds(/\btrigger: \{type: ([^,}]+)/.exec(described("config"))?.[1] ?? "");
  const added = (kind: DifferenceKind, found: readonly string[], known: readonly string[]): ContractDifference[] =>
    found.filter((name) => !known.includes(name)).map((name) => ({ kind, name }));
  return [...added("step-new", steps, STEP_TYPES), ...added("trigger-new", triggers, TRIGGER_TYPES)];
}

/** The words of `a | b | c.`; nothing where the text has no such list. */
function listedKinds(text: string): string[] {
  const words = text.split("|").map((word) => word.trim().replace(/\.$/, ""));
  return words.length < 2 ? [] : words.filter((word) => /^[a-z][a-z0-9_-]*$/.test(word));
}

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Below a project or, as older paths say, an environment. */
const OF_A_PROJECT =
  /^\/api\/(?:projects|environments)\/\{[^}]+\}\/(hog_flows\/.*|hog_function_templates\/\{[^}]+\}\/)$/;

function endpointDifferences(paths: Dict): ContractDifference[] {
  const found = new Set(
    Object.entries(paths).flatMap(([path, methods]) => {
      const below = OF_A_PROJECT.exec(path)?.[1]?.replace(/\{[^}]+\}/g, "{}");
      if (below === undefined) return [];
      return METHODS.filter((method) => isDict(methods) && isDict(methods[method])).map(
        (method) => `${method.toUpperCase()} ${below}`,
      );
    }),
  );
  const known = new Set(ENDPOINTS.map(({ method, path }) => `${method} ${path}`));
  return [
    ...[...found]
      .filter((name) => !known.has(name))
      .map((name): ContractDifference => ({ kind: "endpoint-new", name })),
    ...ENDPOINTS.filter(({ method, path, usedBy }) => usedBy !== undefined && !found.has(`${method} ${path}`)).map(
      ({ method, path, usedBy }): ContractDifference => ({ kind: "endpoint-gone", name: `${method} ${path}`, usedBy }),
    ),
  ];
}

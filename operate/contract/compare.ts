// Compares the schema of a PostHog with what this version knows. What differs is data; what it means for a user is one row of a table (meaning.ts).
import { isDict, type Dict } from "../../definition/canonical/values";
import { ENDPOINTS, OBJECTS, STEP_TYPES, TRIGGER_TYPES, VALUES } from "./known";

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
  /** Version that the schema gives itself. */
  version: string;
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
  const known = [...Object.keys(OBJECTS), ...Object.keys(VALUES)];
  const notFound = known.filter((name) => !isDict(components[name]));
  const ofEndpoints = endpointDifferences(dictOf(dictOf(document)["paths"]));
  const differences = [
    ...Object.keys(OBJECTS).flatMap((name) => fieldDifferences(name, components[name])),
    ...Object.keys(VALUES).flatMap((name) => valueDifferences(name, components[name])),
    ...kindDifferences(dictOf(components["HogFlowAction"])),
    ...ofEndpoints,
  ];
  const version = dictOf(dictOf(document)["info"])["version"];
  return { version: typeof version === "string" ? version : "unknown", differences, compared: counted(), notFound };
}

const counted = (): number =>
  Object.values(OBJECTS).reduce((sum, { sent, answered }) => sum + sent.length + answered.length, 0) +
  Object.values(VALUES).reduce((sum, { values }) => sum + values.length, 0) +
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

function valueDifferences(component: string, found: unknown): ContractDifference[] {
  if (!isDict(found)) return [];
  const { field, values, isStated } = VALUES[component]!;
  const listed = textsOf(found["enum"]);
  return [
    ...listed
      .filter((value) => !values.includes(value))
      .map((value): ContractDifference => ({ kind: "value-new", name: field, value })),
    ...values
      .filter((value) => isStated && !listed.includes(value))
      .map((value): ContractDifference => ({ kind: "value-gone", name: field, value })),
  ];
}

/** Kinds of steps and triggers are no closed set for PostHog: its schema names them in the descriptions of `type` and `config`, and not all of them. */
function kindDifferences(action: Dict): ContractDifference[] {
  const properties = dictOf(action["properties"]);
  const described = (field: string): string => {
    const text = dictOf(properties[field])["description"];
    return typeof text === "string" ? text : "";
  };
  const steps = listedKinds(described("type"));
  const triggers = listedKinds(/\btrigger: \{type: ([^,}]+)/.exec(described("config"))?.[1] ?? "");
  return [
    ...steps
      .filter((kind) => !STEP_TYPES.includes(kind))
      .map((name): ContractDifference => ({ kind: "step-new", name })),
    ...triggers
      .filter((kind) => !TRIGGER_TYPES.includes(kind))
      .map((name): ContractDifference => ({ kind: "trigger-new", name })),
  ];
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

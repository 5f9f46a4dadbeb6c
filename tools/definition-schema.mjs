// The JSON Schema of a pasted definition. What there is and what it means comes from the docstrings of types.ts and definition-json.ts, by typescript-json-schema; limits and
// defaults from the zod schemas. Keys are renamed to those of the wire, and steps and variables become lists.
import { createRequire } from "node:module";
import path from "node:path";
import { toJSONSchema } from "zod";
import { REPOSITORY } from "./setup.mjs";

const SCHEMA_ID = "urn:pulumi-hogflow:definition";
/** The types of the keyed form. */
export const TYPES = "definition/schema/types.ts";
const PASTED = "definition/schema/definition-json.ts";

/** What the keyed form says elsewhere than the wire. */
const KEYED_ALONE = new Set(["next", "branches", "leftover", "extra"]);
const MADE = { description: "Made by PostHog; ignored." };
const LIMITS = ["pattern", "minimum", "maximum", "maxItems", "minItems", "maxLength"];
const NUMBERS = Number.MAX_SAFE_INTEGER;

/** The generator has a TypeScript of its own, older than the compiler: it gets only options that it knows. */
export function typesOf(file, symbols) {
  const generator = createRequire(import.meta.url)("typescript-json-schema");
  const options = {
    target: "ES2022",
    lib: ["ES2023"],
    module: "node16",
    moduleResolution: "node16",
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const program = generator.getProgramFromFiles([path.join(REPOSITORY, file)], options, REPOSITORY);
  // PostHog may know keys that we do not yet, so further ones are allowed.
  const made = generator.buildGenerator(program, {
    required: true,
    noExtraProps: false,
    ref: true,
    strictNullChecks: true,
  });
  if (!made) throw new Error(`No JSON Schema came of ${file}.`);
  return made.getSchemaForSymbols(symbols).definitions;
}

/**
 * @param {(module: string) => any} load Gives a module of the project: the zod schemas, and what the canonical form knows of them.
 * @returns {Record<string, any>}
 */
export function definitionSchema(load) {
  const schemas = load("definition/schema/schemas");
  const { MAX_NAME_LENGTH, CONVERSION_WINDOW } = load("definition/schema/limits");
  const { unwrapped } = load("definition/schema/rules");
  const { wireName, ourName } = load("definition/canonical/structure");
  const { SERVER_KEYS } = load("definition/canonical/decode");
  const types = typesOf(TYPES, ["FlowDefinition", "Action", "Variable", "TriggerConfig"]);
  const additions = typesOf(PASTED, [
    "FlowDefinitionJson",
    "StepBaseJson",
    "VariableJson",
    "ConversionJson",
    "EventTriggerConfigJson",
    "EmailConfigJson",
  ]);
  const definitions = {};

  const nameOf = ({ $ref }) => decodeURIComponent($ref.replace("#/definitions/", ""));
  const typed = (name) => types[name] ?? additions[name];
  const member = (zod, kind) => {
    const { schema } = unwrapped(zod);
    const { def } = schema._zod;
    return def.type === kind
      ? schema
      : def.type === "union"
        ? def.options.map((option) => member(option, kind)).find(Boolean)
        : undefined;
  };

  /** A node of the types, with limits and names of this zod schema. */
  const convert = (node, zod) => {
    if (node.$ref !== undefined) {
      const name = nameOf(node);
      if (!(name in definitions)) {
        definitions[name] = undefined;
        definitions[name] = objectOf(name, zod && (member(zod, "object") ?? member(zod, "record")));
      }
      const { $ref: _, ...rest } = node;
      return { ...rest, $ref: `#/definitions/${name}` };
    }
    if (node.anyOf) return { ...node, anyOf: node.anyOf.map((option) => convert(option, zod)) };
    if (node.type === "array")
      return { ...node, items: convert(node.items ?? {}, zod && member(zod, "array")?._zod.def.element) };
    return zod === undefined ? node : { ...node, ...limitsOf(node, zod) };
  };

  const limitsOf = (node, zod) => {
    const { schema } = unwrapped(zod);
    const { type } = schema._zod.def;
    if (type !== "string" && type !== "number") return {};
    const json = toJSONSchema(schema, { unrepresentable: "any" });
    const limits = Object.fromEntries(
      Object.entries(json).filter(([key, value]) => LIMITS.includes(key) && Math.abs(value) !== NUMBERS),
    );
    if (json.type === "integer") limits.type = "integer";
    // A limit may be a check of its own: what it does is asked.
    const takes = (length) => schema.safeParse("x".repeat(length)).success;
    if (type === "string" && json.pattern === undefined && takes(3)) {
      if (!takes(0)) limits.minLength = 1;
      const longest = [MAX_NAME_LENGTH, CONVERSION_WINDOW.maxLength].find(
        (length) => takes(length) && !takes(length + 1),
      );
      if (longest !== undefined) limits.maxLength = longest;
    }
    return limits;
  };

  const objectOf = (name, zod) => {
    const node = typed(name);
    const more = additions[`${name}Json`];
    if (node.anyOf) return { ...node, anyOf: node.anyOf.map((option) => convert(option, zod)) };
    if (node.type !== "object" || !node.properties)
      return name === "TemplateInputs"
        ? { ...node, additionalProperties: convert({ $ref: "#/definitions/TemplateInput" }, schemas.templateInput) }
        : node;
    // Of a map of data, every member is like its values.
    const fieldOf = (key) => zod?.shape?.[key] ?? zod?._zod.def.valueType;
    const properties = {};
    const required = [];
    const put = (wire, property, field, isOptional) => {
      const converted = convert(property, field);
      const made = isOptional ? nullable(converted) : converted;
      const fallback = field && unwrapped(field).rule.default;
      const isPlain = typeof fallback === "string" || typeof fallback === "boolean";
      properties[wire] = { ...(isPlain && fallback !== "" ? { ...made, default: fallback } : made) };
    };
    for (const [key, property] of Object.entries(node.properties)) {
      if (KEYED_ALONE.has(key)) continue;
      const field = fieldOf(key);
      const wire = zod?.shape && field ? wireName(zod, key) : key;
      put(wire, property, field, field !== undefined && !node.required?.includes(key));
      if (node.required?.includes(key)) required.push(wire);
    }
    for (const key of zod ? (unwrapped(zod).rule.derived ?? []) : []) properties[key] = MADE;
    for (const [key, property] of Object.entries(more?.properties ?? {}))
      put(key, property, zod?.shape?.[ourName(zod, key)]);
    required.push(...(more?.required ?? []).filter((key) => !required.includes(key)));
    return {
      ...(more?.description ? { description: more.description } : {}),
      ...node,
      properties,
      ...(required.length > 0 ? { required } : {}),
    };
  };

  /** The wire may say null for "absent". */
  const nullable = (node) => {
    const types = [node, ...(node.anyOf ?? [])].flatMap(({ type }) => type ?? []);
    if (types.includes("null")) return node;
    if (node.type === undefined && !node.$ref && !node.anyOf && !node.enum) return node;
    if (typeof node.type === "string" && !node.enum && node.const === undefined)
      return { ...node, type: [node.type, "null"] };
    const { description, ...rest } = node;
    return { ...(description === undefined ? {} : { description }), anyOf: [rest, { type: "null" }] };
  };

  const base = objectOf("StepBase", schemas.action);
  const steps = types.Action.anyOf.map(({ allOf: [, { properties }] }) => {
    const { type, config } = properties;
    const zod = type.const === "trigger" ? undefined : schemas.actionConfigs[type.const];
    const name = `Step_${type.const}`;
    const converted = type.const === "trigger" ? triggerConfig() : convert(config, zod);
    definitions[name] = {
      description: typed(nameOf(config)).description,
      type: "object",
      properties: {
        ...base.properties,
        type: { description: "Kind of step.", ...type },
        config: { ...converted, description: typed(nameOf(config)).description },
      },
      required: [...new Set([...base.required, "type", "config"])],
    };
    return { $ref: `#/definitions/${name}` };
  });
  function triggerConfig() {
    const anyOf = types.TriggerConfig.anyOf.map((option) => {
      const { properties } = typed(nameOf(option));
      const [first] = properties.type.enum ?? [properties.type.const];
      return convert(option, schemas.triggerConfigs[first]);
    });
    definitions.TriggerConfig = { description: types.TriggerConfig.description, anyOf };
    return { $ref: "#/definitions/TriggerConfig" };
  }
  definitions.Action = { description: types.Action.description, anyOf: steps };

  const flow = objectOf("FlowDefinition", schemas.flow);
  flow.description = additions.FlowDefinitionJson.description;
  const textOf = (key) => types.FlowDefinition.properties[key].description;
  flow.properties.actions = {
    description: textOf("actions").replace("Steps by id", "The steps, in any order"),
    type: "array",
    items: { $ref: "#/definitions/Action" },
  };
  flow.properties.variables = {
    description: textOf("variables").replace("Variables by key", "Variables of the flow"),
    type: "array",
    items: convert({ $ref: "#/definitions/Variable" }, schemas.variable),
  };
  for (const key of SERVER_KEYS) flow.properties[key] ??= MADE;
  for (const name of Object.keys(definitions)) if (name.startsWith("Record<")) delete definitions[name];

  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: SCHEMA_ID,
    title: "PostHog workflow definition",
    ...flow,
    definitions,
  };
}

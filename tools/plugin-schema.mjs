// The schema of the Pulumi plugin, plugin/schema.json: what it takes and gives back comes from the tables and types of the definition, what it means from
// their docstrings and those of the SDK. A step's `config` is open: its findings come from our own checks, which say more than a schema can. No property has
// a default of its own, because a default that is sent is a value that a program states; the descriptions say what holds without one.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { build } from "./build.mjs";
import { TYPES, typesOf } from "./definition-schema.mjs";
import { REPOSITORY } from "./setup.mjs";

const FILE = path.join(REPOSITORY, "plugin", "schema.json");
const ANY = { $ref: "pulumi.json#/Any" };

/** What the SDK of TypeScript says in words of its own. */
const IN_OTHER_WORDS = {
  HogFlow:
    "A PostHog workflow, kept in code: created as a draft and then activated, updated in place, and compared with the live workflow on every refresh, step by step. The flow is given as `actions`, a map of steps by id that are wired by `next` and `branches`, or as `definition`, the JSON that PostHog returns. A step's id is what people in flight hold on to: its title and its texts may change freely. Preview reports all findings about the definition at once, each with its path. An edit made in PostHog since the last `up` or refresh is never overwritten unseen.",
  definition:
    "The flow as PostHog returns it: the JSON object, or its text as it is in a file. Read-only members are ignored. Properties next to it override those inside.",
  secrets:
    'Values of secrets of a `definition`, by step id and input: the JSON only says `{"secret": true}` in their place, and `{secret: true}` here keeps what PostHog has stored.',
  flowId:
    "Id of the flow. A changed audience of the flow pauses the schedule in PostHog; a refresh shows it, and the next `up` recreates it.",
};

/**
 * @param {(module: string) => any} load Gives a module of the project, by its path without extension.
 * @returns {Record<string, any>}
 */
export function pluginSchema(load) {
  const { FLOW_FLAGS, FLOW_OUTPUTS, SCHEDULE_FLAGS, SCHEDULE_OUTPUTS } = load("definition/flags");
  const schemas = load("definition/schema/schemas");
  const { unwrapped } = load("definition/schema/rules");
  const { CONFIGURATION } = load("plugin/configuration");
  const { PLUGIN_PACKAGE, PLUGIN_TYPES, DYNAMIC_TYPES } = load("definition/resource-types");
  const typed = typesOf(TYPES, ["FlowDefinition", "StepBase", "ActionType", "ScheduleDefinition"]);
  const docs = docstrings([
    "sdk/args.ts",
    "sdk/target.ts",
    "sdk/hog-flow.ts",
    "sdk/hog-flow-schedule.ts",
    "definition/schema/types.ts",
  ]);
  /** The docstring of a member, of the first of these types that has it. */
  const docOf = (key, ...owners) => {
    const text = IN_OTHER_WORDS[key] ?? owners.map((owner) => docs.get(`${owner}.${key}`)).find(Boolean);
    if (text === undefined) throw new Error(`There is no docstring of ${key} in ${owners.join(", ")}.`);
    // Settings of the stack have the name of the package.
    return text.replaceAll("`posthog:", `\`${PLUGIN_PACKAGE}:`);
  };
  const types = {};

  /** A property of the types as a property of the schema. */
  const propertyOf = (node, zod) => {
    const { description, ...spec } = convert(node, zod);
    return { ...spec, ...(description === undefined ? {} : { description }) };
  };
  const convert = (node, zod) => {
    const { description } = node;
    const said = description === undefined ? {} : { description };
    if (node.$ref !== undefined) {
      const name = decodeURIComponent(node.$ref.replace("#/definitions/", ""));
      const target = typed[name];
      const inner = convertNamed(name, target, zod);
      return {
        ...inner,
        ...said,
        ...(inner.values ? { description: `${description} ${inner.values}` } : {}),
        values: undefined,
      };
    }
    if (node.enum?.every((value) => typeof value === "string"))
      return {
        type: "string",
        ...said,
        ...(description ? { description: `${description} ${valuesText(node.enum)}` } : {}),
      };
    if (node.anyOf) return { ...ANY, ...said };
    if (node.type === "array") {
      const items = convert(node.items ?? {}, element(zod));
      return { type: "array", items: plain(items), ...said };
    }
    if (["string", "number", "boolean"].includes(node.type))
      return { type: isInteger(zod) ? "integer" : node.type, ...said };
    if (node.type === "object" && node.additionalProperties && typeof node.additionalProperties === "object")
      return { type: "object", additionalProperties: plain(convert(node.additionalProperties, values(zod))), ...said };
    if (node.type === "object" && node.additionalProperties !== false && node.properties === undefined)
      return { type: "object", additionalProperties: ANY, ...said };
    return { ...ANY, ...said };
  };
  const plain = ({ description: _, ...spec }) => spec;
  const convertNamed = (name, target, zod) => {
    if (target.enum) return { type: "string", values: valuesText(target.enum) };
    if (target.type !== "object" || target.properties === undefined) return plain(convert(target, zod));
    const rule = zod ? unwrapped(zod).rule : {};
    const object = zod && unwrapped(zod).schema;
    const inner = object ? { ...unwrapped(object).rule, ...rule } : rule;
    // PostHog keeps further keys there, and a typed language could not write them.
    if (inner.open || inner.verbatim) return { ...ANY };
    addType(name, target, object);
    return { $ref: `#/types/${PLUGIN_PACKAGE}:index:${name}` };
  };
  const addType = (name, target, object, more = {}, required = target.required ?? []) => {
    const token = `${PLUGIN_PACKAGE}:index:${name}`;
    if (token in types) return;
    types[token] = undefined;
    const properties = Object.fromEntries(
      Object.entries(target.properties).map(([key, node]) => [key, propertyOf(node, object?.shape?.[key])]),
    );
    types[token] = {
      description: target.description,
      type: "object",
      properties: { ...more, ...properties },
      required: [...Object.keys(more).filter((key) => key === "type"), ...required],
    };
  };
  const element = (zod) => zod && unwrapped(zod).schema._zod.def.element;
  const values = (zod) => zod && unwrapped(zod).schema._zod.def.valueType;
  const isInteger = (zod) => zod && unwrapped(zod).schema._zod.def.checks?.some(({ isInt }) => isInt);

  addType("Step", { ...typed.StepBase, description: "A step of a flow." }, schemas.action, {
    type: { type: "string", description: `Kind of step. ${valuesText(typed.ActionType.enum)}` },
    config: {
      ...ANY,
      description:
        "What the step does, by its `type`: the keys are those of the reference, in camelCase or as PostHog writes them. Only a step of type `exit` may do without.",
    },
  });

  const flagProperty = ({ form }, description) => ({ ...formType(form), description });
  const programFlags = (table, ...owners) =>
    Object.fromEntries(
      Object.entries(table)
        .filter(([, { by }]) => by === "program")
        .map(([key, row]) => [key, flagProperty(row, docOf(key, ...owners))]),
    );
  const outputsOf = (table, names, ...owners) =>
    Object.fromEntries(
      Object.entries(table)
        .filter(([, { isProperty }]) => isProperty)
        .map(([key, row]) => [key, flagProperty(row, docOf(names[key] ?? key, ...owners))]),
    );

  const { actions, ...settings } = typed.FlowDefinition.properties;
  const ofFlow = ["CommonSettings", "HogFlowSettings", "KeyedForm", "PastedForm", "TargetArgs", "FlowDefinition"];
  const flowInputs = {
    ...Object.fromEntries(
      Object.entries(settings).map(([key, node]) => [
        key,
        propertyOf({ ...node, description: docOf(key, ...ofFlow) }, schemas.flow.shape[key]),
      ]),
    ),
    actions: {
      type: "object",
      additionalProperties: { $ref: `#/types/${PLUGIN_PACKAGE}:index:Step` },
      description: actions.description,
    },
    definition: { ...ANY, description: docOf("definition") },
    secrets: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: ANY },
      description: docOf("secrets"),
      secret: true,
    },
    ...programFlags(FLOW_FLAGS, ...ofFlow),
  };
  const ofSchedule = ["HogFlowScheduleArgs", "TargetArgs", "ScheduleDefinition"];
  const scheduleInputs = {
    flowId: { type: "string", description: docOf("flowId") },
    ...Object.fromEntries(
      Object.entries(typed.ScheduleDefinition.properties).map(([key, node]) => [
        key,
        propertyOf({ ...node, description: docOf(key, ...ofSchedule) }),
      ]),
    ),
    ...programFlags(SCHEDULE_FLAGS, ...ofSchedule),
  };
  /** What holds for one run, or becomes something else, is in no output. */
  const keptOf = (inputs, table, gone = []) =>
    Object.fromEntries(
      Object.entries(inputs).filter(
        ([key]) => !gone.includes(key) && (table[key] === undefined || table[key].kept === "state"),
      ),
    );
  const resource = (alias, doc, { inputs, outputs, required, requiredInputs }) => ({
    description: IN_OTHER_WORDS[doc] ?? docs.get(doc),
    properties: outputs,
    required,
    inputProperties: inputs,
    requiredInputs,
    aliases: [{ type: alias }],
  });

  const configuration = Object.fromEntries(
    Object.entries(CONFIGURATION).map(([key, { isSecret, description }]) => [
      key,
      {
        ...(key === "apiKeys" ? { type: "object", additionalProperties: { type: "string" } } : { type: "string" }),
        description,
        ...(isSecret ? { secret: true } : {}),
      },
    ]),
  );
  return {
    name: PLUGIN_PACKAGE,
    displayName: "PostHog Workflows",
    description: "PostHog Workflows in code: reviewed in pull requests, with drift detection.",
    license: "Apache-2.0",
    publisher: "pulumi-hogflow",
    meta: { moduleFormat: "(.*)" },
    config: { variables: configuration },
    provider: {
      description: "A PostHog account: its key, and where resources live that do not say it themselves.",
      inputProperties: configuration,
    },
    types: Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1))),
    resources: {
      [PLUGIN_TYPES.flow]: resource(DYNAMIC_TYPES.flow, "HogFlow", {
        inputs: flowInputs,
        requiredInputs: [],
        outputs: {
          ...keptOf(flowInputs, FLOW_FLAGS, ["definition", "secrets"]),
          ...outputsOf(FLOW_OUTPUTS, { liveStatus: "status" }, "HogFlow"),
        },
        required: ["actions", "createdAt", "host", "liveStatus", "name", "projectId", "updatedAt", "url", "version"],
      }),
      [PLUGIN_TYPES.schedule]: resource(DYNAMIC_TYPES.schedule, "HogFlowSchedule", {
        inputs: scheduleInputs,
        requiredInputs: ["flowId", "rrule", "startsAt"],
        outputs: { ...keptOf(scheduleInputs, SCHEDULE_FLAGS), ...outputsOf(SCHEDULE_OUTPUTS, {}, "HogFlowSchedule") },
        required: [
          "createdAt",
          "flowId",
          "host",
          "projectId",
          "rrule",
          "scheduleId",
          "startsAt",
          "status",
          "updatedAt",
        ],
      }),
    },
    language: Object.fromEntries(
      ["nodejs", "python", "go", "csharp"].map((name) => [name, { respectSchemaVersion: true }]),
    ),
  };
}

const valuesText = (values) => `One of ${values.map((value) => `\`${value}\``).join(", ")}.`;

/** The type of what a flag or an output takes. */
function formType({ type }) {
  if (type === "texts") return { type: "array", items: { type: "string" } };
  if (type === "list") return { type: "array", items: ANY };
  if (type === "map") return { type: "object", additionalProperties: ANY };
  return { type: type === "number" ? "integer" : type };
}

/** Docstrings of these files: of `Name`, and of `Name.member`. */
function docstrings(files) {
  const found = new Map();
  for (const file of files) {
    const source = ts.createSourceFile(
      file,
      readFileSync(path.join(REPOSITORY, file), "utf8"),
      ts.ScriptTarget.ES2022,
      true,
    );
    const note = (name, node) => {
      const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)?.comment;
      const text =
        comment &&
        ts
          .getTextOfJSDocComment(comment)
          ?.replace(/\s*\n\s*(?=\S)/g, " ")
          .trim();
      if (text) found.set(name, text);
    };
    for (const statement of source.statements) {
      const name = statement.name?.text ?? statement.declarationList?.declarations[0].name.text;
      if (name === undefined) continue;
      note(name, statement);
      for (const member of statement.members ?? []) if (member.name) note(`${name}.${member.name.text}`, member);
    }
  }
  return found;
}

export const schemaText = (load) => `${JSON.stringify(pluginSchema(load), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  const { tsImport } = await import("tsx/esm/api");
  const require = createRequire(import.meta.url);
  // The tables of the definition know each other, so they come from one place; the plugin's are in no folder of the build.
  const own = {
    "plugin/configuration": await tsImport(path.join(REPOSITORY, "plugin/configuration.ts"), import.meta.url),
  };
  writeFileSync(
    FILE,
    schemaText((name) => own[name] ?? require(path.join(REPOSITORY, "dist", `${name}.js`))),
  );
}

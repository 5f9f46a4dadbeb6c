// The plugin's schema is the one that the tables and docstrings make; what reads it is Pulumi's code generation, and people.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import type * as z from "zod";
import * as flags from "../../definition/flags";
import * as resourceTypes from "../../definition/resource-types";
import * as rules from "../../definition/schema/rules";
import * as schemas from "../../definition/schema/schemas";
import * as configuration from "../../plugin/configuration";
import { schemaText } from "../../tools/plugin-schema.mjs";

const MODULES: Readonly<Record<string, unknown>> = {
  "definition/flags": flags,
  "definition/resource-types": resourceTypes,
  "definition/schema/rules": rules,
  "definition/schema/schemas": schemas,
  "plugin/configuration": configuration,
};
const FILE = path.resolve(import.meta.dirname, "../../plugin/schema.json");
const schema = JSON.parse(readFileSync(FILE, "utf8"));

/** All properties, by where they are. */
const properties: [string, { description?: string; $ref?: string; type?: string }][] = [
  ...Object.entries<any>(schema.types).map(([name, type]) => [name, type.properties] as const),
  ...Object.entries<any>(schema.resources).flatMap(([name, resource]) => [
    [`${name} input`, resource.inputProperties] as const,
    [`${name} output`, resource.properties] as const,
  ]),
].flatMap(([where, found]) =>
  Object.entries<any>(found).map(([key, spec]): [string, any] => [`${where}.${key}`, spec]),
);

it("is up to date: run node tools/plugin-schema.mjs", () => {
  expect(JSON.parse(schemaText((name: string) => MODULES[name]))).toEqual(schema);
});

it("describes every property, and what holds where it is left out", () => {
  expect(properties.filter(([, { description }]) => !description).map(([where]) => where)).toEqual([]);
  const fields: [string, Record<string, z.ZodType>][] = [
    ["hogflow:index:Step", schemas.action.shape],
    ["hogflow:index:HogFlow input", schemas.flow.shape],
  ];
  const withDefault = fields.flatMap(([where, shape]) =>
    Object.entries(shape).flatMap(([key, field]) => {
      const fallback = rules.unwrapped(field).rule.default;
      return typeof fallback === "string" && fallback !== "" ? [[`${where}.${key}`, fallback] as const] : [];
    }),
  );
  expect(withDefault.map(([where]) => where)).toEqual([
    "hogflow:index:Step.onError",
    "hogflow:index:HogFlow input.exitCondition",
  ]);
  for (const [where, fallback] of withDefault)
    expect(properties.find(([at]) => at === where)?.[1].description).toContain(fallback);
});

it("refers to types that are there, and to no key of the dynamic provider's configuration", () => {
  const text = readFileSync(FILE, "utf8");
  for (const [, type] of text.matchAll(/"#\/types\/([^"]+)"/g)) expect(schema.types).toHaveProperty([type!]);
  expect(text).not.toMatch(/posthog:(apiKey|host|projectId|adoptFrom)/);
});

it("leaves a step's config open, and names what must be given", () => {
  const step = schema.types["hogflow:index:Step"];
  expect(step.properties.config.$ref).toBe("pulumi.json#/Any");
  expect(step.required).toEqual(["type", "name"]);
  expect(schema.resources["hogflow:index:HogFlow"].requiredInputs).toEqual([]);
  expect(schema.resources["hogflow:index:HogFlowSchedule"].requiredInputs).toEqual(["flowId", "rrule", "startsAt"]);
});

it("has every argument that a program may set, and nothing that only the provider writes", () => {
  const inputs = Object.keys(schema.resources["hogflow:index:HogFlow"].inputProperties);
  expect(inputs.sort()).toEqual(
    [
      ...Object.keys(schemas.flow.shape),
      "definition",
      "secrets",
      ...flags.keysWhere(flags.FLOW_FLAGS, ({ by }) => by === "program"),
    ].sort(),
  );
});

it("lets what the dynamic provider made move here", () => {
  expect(schema.resources["hogflow:index:HogFlow"].aliases).toEqual([
    { type: "pulumi-nodejs:dynamic/posthog:HogFlow" },
  ]);
  expect(schema.resources["hogflow:index:HogFlowSchedule"].aliases).toEqual([
    { type: "pulumi-nodejs:dynamic/posthog:HogFlowSchedule" },
  ]);
});

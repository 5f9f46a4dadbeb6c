// The JSON Schema of pasted definitions: what PostHog takes and returns fits, what it refuses does not, and every key says what it is.
import { describe, expect, it } from "vitest";
import { REFERENCE_FLOWS, type Json } from "../../support/reference-flows";
import { randomFlow } from "../../support/random-flow";
import { definitionSchema, unknownKeywords, violations, type JsonSchema } from "../../support/definition-schema";

const schema = definitionSchema();
const fits = (flow: unknown): string[] => violations(flow, schema);
const flow = (more: Json = {}, step: Json = {}): Json => ({
  actions: [
    { id: "trigger_node", name: "T", type: "trigger", config: { type: "event" } },
    { id: "wait", name: "Wait", type: "delay", config: { delay_duration: "1h" }, ...step },
  ],
  ...more,
});

it("uses only keywords that the checker here knows", () => {
  expect(unknownKeywords(schema)).toEqual([]);
});

describe("fits", () => {
  it.each(Object.keys(REFERENCE_FLOWS))("the reference flow: %s", (name) => {
    expect(fits(REFERENCE_FLOWS[name]!.flow)).toEqual([]);
  });

  it("what PostHog adds to its answers", () => {
    const compiled = { bytecode: ["_H", 1], bytecode_contract: "x" };
    expect(
      fits({
        $schema: "./node_modules/pulumi-hogflow/dist/definition.schema.json",
        ...flow(),
        id: "0198",
        version: 3,
        trigger: { type: "event" },
        draft: null,
        last_run: null,
        created_by: { id: 1 },
        schedules: [],
        a_new_field: {},
        trigger_masking: { hash: "{person.id}", ttl: null, threshold: null, bytecode: [] },
        actions: [
          {
            id: "t",
            name: "T",
            type: "trigger",
            config: {
              type: "webhook",
              template_id: "template-source-webhook",
              inputs: { event: { value: "x", order: 0, ...compiled }, auth_header: { secret: true } },
              new_option: 1,
            },
          },
        ],
      }),
    ).toEqual([]);
  });

  it("200 random flows", () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = randomFlow(seed);
      const variables = ((random["variables"] ?? []) as Json[]).filter((variable) => "key" in variable);
      expect(fits({ ...random, variables }), `seed ${seed}`).toEqual([]);
    }
  });
});

describe("does not fit", () => {
  it.each<[string, Json, string]>([
    ["no actions", { name: "x" }, "/actions: required"],
    ["a step without an id", { actions: [{ name: "T", type: "exit", config: {} }] }, "/actions/0/id: required"],
    ["an unknown type of step", flow({}, { type: "delai" }), "/actions/1/type: const"],
    ["a wrong duration", flow({}, { config: { delay_duration: "P1D" } }), "/actions/1/config/delay_duration: pattern"],
    ["an unknown status", flow({ status: "on" }), "/status: enum"],
    ["an edge without an end", flow({ edges: [{ from: "a", type: "continue" }] }), "/edges/0/to: required"],
    [
      "a share that is text",
      flow({}, { type: "random_cohort_branch", config: { cohorts: [{ percentage: "50" }] } }),
      "/actions/1/config/cohorts/0/percentage: type",
    ],
    [
      "a rate of 0",
      flow({ email_sending_rate_limit: { count: 0, period: "hour" } }),
      "/email_sending_rate_limit/count: range",
    ],
    ["an index of 1.5", flow({ edges: [{ from: "a", to: "b", type: "branch", index: 1.5 }] }), "/edges/0/index: type"],
    [
      "a window of masking that is too short",
      flow({ trigger_masking: { hash: "x", ttl: 5 } }),
      "/trigger_masking/ttl: range",
    ],
    ["a name that is too long", flow({ name: "x".repeat(401) }), "/name: maxLength"],
    [
      "a batch trigger without an audience",
      { actions: [{ id: "t", name: "T", type: "trigger", config: { type: "batch" } }] },
      "/actions/0/config/filters: required",
    ],
  ])("%s", (_, value, complaint) => {
    expect(fits(value)).toContain(complaint);
  });
});

it("describes every definition and every key", () => {
  const missing: string[] = [];
  const look = (at: string, { description, properties = {} }: JsonSchema): void => {
    if (!description) missing.push(at);
    for (const [key, property] of Object.entries(properties)) if (!property.description) missing.push(`${at}.${key}`);
  };
  look("flow", schema);
  for (const [name, definition] of Object.entries(schema.definitions ?? {})) look(name, definition);
  expect(missing).toEqual([]);
});

it("tells steps and triggers apart by their type", () => {
  for (const [union, members] of [
    ["Action", 11],
    ["TriggerConfig", 8],
  ] as const) {
    const options = schema.definitions![union]!.anyOf!;
    expect(options).toHaveLength(members);
    for (const option of options)
      expect(schema.definitions![option.$ref!.split("/").pop()!]!.required).toContain("type");
  }
});

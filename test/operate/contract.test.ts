// Each way in which a published schema can differ from what this version knows, and that every end point which the client asks is held against it.
import { describe, expect, it } from "vitest";
import { compareContract, type ContractDifference } from "../../operate/contract/compare";
import { ENDPOINTS, OBJECTS, VALUES } from "../../operate/contract/known";
import { MEANINGS } from "../../operate/contract/meaning";

interface Property {
  enum?: string[];
  readOnly?: boolean;
  description?: string;
  $ref?: string;
}
interface Schema {
  components: {
    schemas: Record<string, { properties: Record<string, Property>; required: string[]; enum?: string[] }>;
  };
  paths: Record<string, Record<string, object>>;
}

/** A schema that says what this version knows. */
function known(): Schema {
  const objects = Object.entries(OBJECTS).map(([name, { sent, answered }]) => [
    name,
    { properties: Object.fromEntries([...sent, ...answered].map((field) => [field, {}])), required: [] },
  ]);
  const schemas: Schema["components"]["schemas"] = Object.fromEntries(objects);
  for (const { component, property, values } of VALUES) schemas[component]!.properties[property]!.enum = [...values];
  const paths: Schema["paths"] = {};
  for (const { method, path } of ENDPOINTS) {
    let count = 0;
    const named = `/api/projects/{project_id}/${path.replace(/\{\}/g, () => `{id${(count += 1)}}`)}`;
    (paths[named] ??= {})[method.toLowerCase()] = {};
  }
  return { components: { schemas }, paths };
}

function differencesAfter(change: (schema: Schema) => void): ContractDifference[] {
  const schema = known();
  change(schema);
  return compareContract(schema).differences;
}
const flowIn = ({ components }: Schema) => components.schemas["HogFlow"]!;
const stepIn = ({ components }: Schema) => components.schemas["HogFlowAction"]!.properties;

const CASES: [string, (schema: Schema) => void, ContractDifference][] = [
  ["a new field", (s) => (flowIn(s).properties["goal"] = {}), { kind: "field-new", name: "flow.goal" }],
  [
    "a new field that answers alone have, which are all there",
    (s) => {
      flowIn(s).properties["goal"] = { readOnly: true };
      flowIn(s).required.push("goal");
    },
    { kind: "field-new", name: "flow.goal" },
  ],
  [
    "a field that is required now",
    (s) => {
      flowIn(s).properties["goal"] = {};
      flowIn(s).required.push("goal");
    },
    { kind: "field-required", name: "flow.goal" },
  ],
  ["a field that is gone", (s) => delete stepIn(s)["on_error"], { kind: "field-gone", name: "step.on_error" }],
  [
    "a new value",
    (s) => flowIn(s).properties["status"]!.enum!.push("paused"),
    { kind: "value-new", name: "status", value: "paused" },
  ],
  [
    "a value that is gone",
    (s) => flowIn(s).properties["exit_condition"]!.enum!.pop(),
    { kind: "value-gone", name: "exitCondition", value: "exit_only_at_end" },
  ],
  [
    "a new value of an enum that a property refers to",
    (s) => {
      const values = stepIn(s)["on_error"]!.enum!;
      s.components.schemas["OnErrorEnum"] = { properties: {}, required: [], enum: [...values, "branch"] };
      Object.assign(stepIn(s), {
        on_error: { oneOf: [{ $ref: "#/components/schemas/OnErrorEnum" }, { type: "null" }] },
      });
    },
    { kind: "value-new", name: "onError", value: "branch" },
  ],
  [
    "a kind of step that is listed",
    (s) => (stepIn(s)["type"] = { enum: ["trigger", "function_fax", "exit"] }),
    { kind: "step-new", name: "function_fax" },
  ],
  [
    "a kind of step that is described",
    (s) => (stepIn(s)["type"] = { description: "trigger | function | function_fax | exit." }),
    { kind: "step-new", name: "function_fax" },
  ],
  [
    "a kind of trigger",
    (s) =>
      (stepIn(s)["config"] = { description: "By type. trigger: {type: event|webhook|tide, filters?}. delay: {…}" }),
    { kind: "trigger-new", name: "tide" },
  ],
  [
    "a new end point",
    (s) => (s.paths["/api/environments/{environment_id}/hog_flows/{id}/clone/"] = { post: {} }),
    { kind: "endpoint-new", name: "POST hog_flows/{}/clone/" },
  ],
  [
    "an end point that is gone",
    (s) => delete s.paths["/api/projects/{project_id}/hog_flows/{id1}/logs/"],
    { kind: "endpoint-gone", name: "GET hog_flows/{}/logs/", usedBy: "hogflow logs" },
  ],
];

describe("a schema that differs", () => {
  it.each(CASES)("by %s", (_, change, difference) => {
    expect(differencesAfter(change)).toEqual([difference]);
    const { what, means } = MEANINGS[difference.kind];
    expect(what(difference)).toContain(difference.name);
    expect(means(difference)).toMatch(/^[A-Z].*[^.]$/);
  });

  it("is not judged by what it does not describe, nor by paths of others", () => {
    const schema = known();
    delete schema.components.schemas["HogFlowEdge"];
    schema.paths["/api/projects/{project_id}/feature_flags/"] = { get: {} };
    expect(compareContract(schema)).toMatchObject({ differences: [], notFound: ["HogFlowEdge"] });
  });

  it("is compared with nothing where it is none", () => {
    for (const nothing of [undefined, null, [], "schema", { components: 3, paths: [] }])
      expect(compareContract(nothing).notFound).toContain("HogFlow");
  });
});

it("no difference is found in what this version knows", () => {
  expect(compareContract(known()).differences).toEqual([]);
});

// Every rule of the pack has an example that breaks it and one that keeps it, in both transports, as Pulumi's own server for packs finds them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hogflowPolicies } from "../../policy";
import { POLICY_RULES, type PolicyName } from "../../policy/rules";
import type { PolicyExample, PolicyRule } from "../../policy/rule";
import { exampleResources, servePack, TRANSPORTS, type Diagnostic, type Pack, type Transport } from "./support";

let pack: Pack;
beforeAll(async () => {
  pack = await servePack(hogflowPolicies());
});
afterAll(() => pack.stop());

async function found(transport: Transport, name: string, example: PolicyExample): Promise<Diagnostic[]> {
  await pack.configure({ [name]: example.settings });
  const resources = await exampleResources(transport, example);
  const alone = [];
  for (const resource of resources) alone.push(...(await pack.resource(resource)));
  return [...alone, ...(await pack.stack(resources))];
}

const rules = Object.entries(POLICY_RULES) as [PolicyName, PolicyRule][];

describe.each(rules)("%s", (name, rule) => {
  describe.each(TRANSPORTS)("with the transport %s", (transport) => {
    it("is broken by its failing example", async () => {
      const diagnostics = await found(transport, name, rule.fails);
      expect(diagnostics.map(({ policy, level }) => [policy, level])).toEqual([[name, "mandatory"]]);
      const { message } = diagnostics[0]!;
      expect(message).toMatch(/^[^\n]+\.$/);
      expect(message).not.toMatch(/undefined|\[object|\.\./);
    });

    it("is kept by its passing example", async () => {
      expect(await found(transport, name, rule.passes)).toEqual([]);
    });
  });

  it("says what it demands in one sentence, and why", () => {
    expect(rule.text).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.text.slice(0, -1)).not.toMatch(/\. [A-Z]/);
    expect(rule.why).toMatch(/^[A-Z`].*[^.]$/);
    expect(rule.flow ?? rule.stack).toBeDefined();
  });

  it("describes each setting in a sentence, with a default that its schema takes", () => {
    for (const [key, { schema, fallback }] of Object.entries(rule.settings)) {
      expect(schema.description, key).toMatch(/^[A-Z].*\.$/s);
      expect(schema.default, key).toEqual(fallback);
    }
  });
});

it("offers each rule as a policy of its name, or those that are asked for", () => {
  expect(hogflowPolicies().map(({ name }) => name)).toEqual(Object.keys(POLICY_RULES));
  expect(hogflowPolicies({ only: ["owner"] }).map(({ name }) => name)).toEqual(["owner"]);
  expect(() => hogflowPolicies({ only: ["oner" as PolicyName] })).toThrow(
    /no policy "oner": the policies are quietHours/,
  );
});

it("says of what is no flow that no policy is about it", async () => {
  await pack.configure({ conversion: {} });
  expect(
    await pack.resource({ type: "aws:s3:Bucket", urn: "urn:pulumi:prod::shop::aws:s3:Bucket::b", properties: {} }),
  ).toEqual([]);
  expect(pack.notApplicable()["conversion"]).toMatch(/flows of pulumi-hogflow/);
});

// The recipes for the Pulumi Kubernetes Operator and for Pulumi Deployments: the fields are those of the operator's custom resource, the program is run with
// Pulumi's mocks, and neither switches on by itself what somebody switched off. What `up` and `up --refresh` do then, test/engine/switched-off.test.ts runs.
import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const read = (...file: string[]): string => readFileSync(path.join(REPOSITORY, ...file), "utf8");

describe("the Kubernetes operator", () => {
  const { fields } = JSON.parse(read("test/fixtures/stack-crd-fields.json")) as { fields: Record<string, string> };
  const objects = parseAllDocuments(read("examples/kubernetes-operator/stack.yaml")).map((document): any => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
  const stacks = objects.filter(({ kind }) => kind === "Stack");
  const account = objects.find(({ kind }) => kind === "ServiceAccount");

  it("has fields that its custom resource knows, each with its type", () => {
    expect(stacks.map(({ apiVersion, metadata }) => `${apiVersion} ${metadata.name}`)).toEqual([
      "pulumi.com/v1 workflows-production",
      "pulumi.com/v1 workflows-production-preview",
    ]);
    for (const { spec } of stacks)
      for (const [key, value] of Object.entries(spec))
        expect(`${key}: ${typeOf(value)}`).toBe(`${key}: ${fields[key]}`);
  });

  it("deploys without a refresh, once for each commit, and destroys nothing", () => {
    const [deploys, previews] = stacks.map(({ spec }) => spec);
    expect(deploys).toMatchObject({ refresh: false, continueResyncOnCommitMatch: false, destroyOnFinalize: false });
    expect(deploys).not.toHaveProperty("preview");
    // What refreshes, and comes again and again, writes nothing.
    expect(previews).toMatchObject({ preview: true, refresh: true, destroyOnFinalize: false, stack: deploys.stack });
    expect(previews.prerequisites).toEqual([{ name: stacks[0].metadata.name }]);
    for (const { metadata, spec } of stacks) {
      expect(spec.serviceAccountName).toBe(account.metadata.name);
      expect(metadata.namespace).toBe(account.metadata.namespace);
      // The workspace's name has a suffix, and Kubernetes allows 63 characters.
      expect(metadata.name.length).toBeLessThanOrEqual(42);
    }
  });

  it("takes keys from secrets that its README makes", () => {
    const readme = read("examples/kubernetes-operator/README.md");
    for (const { spec } of stacks)
      for (const { type, secret } of Object.values<any>(spec.envRefs)) {
        expect(type).toBe("Secret");
        expect(readme).toMatch(new RegExp(`create secret generic ${secret.name} .*--from-literal=${secret.key}=`));
      }
    for (const field of ["refresh", "continueResyncOnCommitMatch", "destroyOnFinalize"])
      expect(readme).toContain(`| \`${field}\` |`);
  });
});

describe("Pulumi Deployments", () => {
  it("previews, deploys staging alone at a merge, and never remediates drift", async () => {
    const asked: { type: string; name: string; inputs: any }[] = [];
    pulumi.runtime.setAllConfig(
      {
        "project:organization": "acme",
        "project:project": "environments",
        "project:repository": "acme/workflows",
        "project:posthogKey-staging": "phx_made_up_staging",
        "project:posthogKey-production": "phx_made_up_production",
      },
      ["project:posthogKey-staging", "project:posthogKey-production"],
    );
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          asked.push({ type, name, inputs });
          return { id: name, state: inputs };
        },
        call: ({ inputs }) => inputs,
      },
      "project",
      "test",
    );
    await import("../../examples/pulumi-deployments/index.js");
    await pulumi.runtime.disconnect();
    const of = (type: string): [string, any][] =>
      asked
        .filter((resource) => resource.type === `pulumiservice:index:${type}`)
        .map(({ name, inputs }) => [name, inputs]);
    for (const [name, inputs] of [...of("DeploymentSettings"), ...of("DriftSchedule")])
      expect(inputs, name).toMatchObject({ organization: "acme", project: "environments", stack: name });
    expect(of("DriftSchedule").map(([name, { autoRemediate }]) => [name, autoRemediate])).toEqual([
      ["staging", false],
      ["production", false],
    ]);
    expect(of("DeploymentSettings").map(([name, { github }]) => [name, github.deployCommits])).toEqual([
      ["staging", true],
      ["production", false],
    ]);
    for (const [name, { operationContext }] of of("DeploymentSettings"))
      expect(JSON.stringify(operationContext), name).toContain(`phx_made_up_${name}`);
  });
});

/** As an OpenAPI schema names it. */
const typeOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;

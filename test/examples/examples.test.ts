// The examples as projects: they compile as they stand, agree about their packages, and are as short as their readers need.
import { readdirSync, readFileSync, existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";
import { definitionSchema, violations } from "../support/definition-schema";

const REPOSITORY = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
/** Recipes for pipelines, which have no workflow of their own; recipes.test.ts and gitops-recipes.test.ts beside this file, and test/engine, run them. */
const RECIPES = ["github-actions", "gitlab-ci", "kubernetes-operator", "pulumi-deployments"];
/** Policy packs, which have policies in place of a workflow. */
const PACKS = ["policy-pack"];
const FOLDERS = readdirSync(path.join(REPOSITORY, "examples"));
const EXAMPLES = FOLDERS.filter((name) => ![...RECIPES, ...PACKS].includes(name));
const ENTRIES = [
  ...EXAMPLES.flatMap((name) => [path.join(name, "index.ts"), path.join(name, "behaviour.test.ts")]),
  ...PACKS.flatMap((name) => [path.join(name, "index.ts"), path.join(name, "pack.test.ts")]),
];

const fileOf = (...parts: string[]): string => path.join(REPOSITORY, "examples", ...parts);
const json = (...parts: string[]): any => JSON.parse(readFileSync(fileOf(...parts), "utf8"));

describe("types", () => {
  beforeAll(() => build(), 180_000);

  it("are right in all examples", () => {
    // One compilation for all: most of its time goes into the types of @pulumi/pulumi.
    const options = json(EXAMPLES[0]!, "tsconfig.json");
    for (const name of [...EXAMPLES, ...PACKS]) expect(json(name, "tsconfig.json"), name).toEqual(options);
    const { options: parsed, errors } = ts.convertCompilerOptionsFromJson(options.compilerOptions, REPOSITORY);
    expect(errors).toEqual([]);
    const program = ts.createProgram(
      ENTRIES.map((file) => fileOf(file)),
      parsed,
    );
    const found = ts.getPreEmitDiagnostics(program);
    expect(
      found.map(
        (diagnostic) =>
          `${diagnostic.file?.fileName}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`,
      ),
    ).toEqual([]);
  }, 120_000);
});

describe.each([...EXAMPLES, ...PACKS])("%s", (name) => {
  it("is a project of its own", () => {
    const root = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
    const own = json(name, "package.json");
    expect(own).toMatchObject({
      name: `hogflow-example-${name}`,
      private: true,
      main: "index.ts",
      scripts: { test: "vitest run" },
      dependencies: { "pulumi-hogflow": "file:../.." },
    });
    // One copy of each package for all.
    for (const [key, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
      if (key !== "pulumi-hogflow") expect(version, key).toBe(root.devDependencies[key]);
    }
    if (PACKS.includes(name)) {
      expect(readFileSync(fileOf(name, "PulumiPolicy.yaml"), "utf8")).toMatch(/^runtime: nodejs$/m);
      return;
    }
    const settings = readFileSync(fileOf(name, "Pulumi.yaml"), "utf8");
    expect(settings).toMatch(new RegExp(`^name: ${name}$`, "m"));
    expect(settings.includes("--import=tsx")).toBe(own.type === "module");
  });

  it("says in a few lines what it is, and names every setting", () => {
    const readme = readFileSync(fileOf(name, "README.md"), "utf8");
    expect(readme.trim().split("\n").length).toBeLessThanOrEqual(12);
    const program = readFileSync(fileOf(name, "index.ts"), "utf8");
    const settings = [...program.matchAll(/\.(?:get|require)(?:Number|Secret|Boolean)?\("(\w+)"\)/g)].map(
      (match) => match[1]!,
    );
    const stacks = readdirSync(fileOf(name)).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    for (const setting of settings) {
      const given =
        stacks.length > 0 &&
        stacks.every((file) => readFileSync(fileOf(name, file), "utf8").includes(`${name}:${setting}:`));
      expect(given || readme.includes(setting), setting).toBe(true);
    }
  });
});

it("lists all in the README", () => {
  const readme = readFileSync(path.join(REPOSITORY, "README.md"), "utf8");
  for (const name of FOLDERS) expect(readme, name).toContain(`(examples/${name})`);
});

it("keeps the pasted definition true to its JSON Schema, which is where the file says", () => {
  const pasted = json("pasted-json", "flow.json");
  expect(violations(pasted, definitionSchema())).toEqual([]);
  expect(existsSync(fileOf("pasted-json", pasted.$schema))).toBe(true);
});

it("keeps the first example short", () => {
  expect(readFileSync(fileOf("first-flow", "index.ts"), "utf8").trim().split("\n").length).toBeLessThanOrEqual(60);
});

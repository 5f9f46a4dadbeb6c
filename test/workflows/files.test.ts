// The files of .github: GitHub's own parser accepts each workflow, what runs there is pinned and may do little, the matrix
// is what package.json and README promise, and the issue forms are forms. test/workflows/steps.test.ts runs the steps.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PLATFORMS } from "../../tools/plugin-archive.mjs";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const WORKFLOWS = path.join(REPOSITORY, ".github/workflows");
const FORMS = path.join(REPOSITORY, ".github/ISSUE_TEMPLATE");
const FILES = readdirSync(WORKFLOWS);

const read = (...file: string[]): string => readFileSync(path.join(REPOSITORY, ...file), "utf8");
const workflow = (file: string): any => parse(read(".github/workflows", file));
const jobs = (file: string): [string, any][] => Object.entries(workflow(file).jobs);
const packageJson = JSON.parse(read("package.json"));

/** By file, the jobs that write something, and what. A job that calls a workflow has to grant what that one takes. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "release.yml": [
    "archives: id-token",
    "archives: attestations",
    "publish: id-token",
    "release: contents",
    "site: contents",
  ],
  "site.yml": ["site: contents"],
};

function errorsIn(name: string, content: string): string[] {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors().map(({ message }) => message);
  return value === undefined ? [...errors, "no workflow"] : errors;
}

describe.each(FILES)("%s", (file) => {
  it("is a workflow", () => {
    expect(errorsIn(file, read(".github/workflows", file))).toEqual([]);
  });

  it("pins each action to the commit that the recipes have, with its version beside it", () => {
    const recipes = readdirSync(path.join(REPOSITORY, "examples/github-actions"))
      .filter((name) => name.endsWith(".yml"))
      .map((name) => read("examples/github-actions", name));
    const pinned = new Map<string, string>();
    for (const text of [...recipes, ...FILES.map((name) => read(".github/workflows", name))]) {
      for (const [, action, commit] of text.matchAll(/uses: ([\w-]+\/[\w-]+)@(\S+)/g)) {
        expect(commit, action).toMatch(/^[0-9a-f]{40}$/);
        expect(pinned.get(action!) ?? commit, action).toBe(commit);
        pinned.set(action!, commit!);
      }
    }
    const uses = read(".github/workflows", file).match(/uses: .*/g) ?? [];
    for (const line of uses)
      expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$|^uses: \.\/\.github\/workflows\/(?:test|site)\.yml$/);
    expect(uses.length).toBeGreaterThan(0);
  });

  it("may only read, except where it says why", () => {
    expect(workflow(file).permissions).toEqual({ contents: "read" });
    const writes = jobs(file).flatMap(([name, { permissions = {} }]) =>
      Object.entries(permissions).flatMap(([what, level]) => (level === "write" ? [`${name}: ${what}`] : [])),
    );
    expect(writes).toEqual(WRITES[file] ?? []);
    for (const line of read(".github/workflows", file).match(/: write\b.*/g) ?? []) expect(line).toMatch(/ # \w/);
  });

  it("ends at some time, one run of a kind at a time, and leaves no token in the checkout", () => {
    expect(workflow(file).concurrency.group).toBeTruthy();
    expect(workflow(file).defaults.run.shell).toBe("bash");
    for (const [name, job] of jobs(file)) {
      if (job.uses) continue;
      expect(job["timeout-minutes"], name).toBeGreaterThan(0);
      for (const step of job.steps) {
        if (step.uses?.startsWith("actions/checkout@")) expect(step.with["persist-credentials"]).toBe(false);
      }
    }
  });

  it("puts nothing that others write into a script", () => {
    for (const [, job] of jobs(file)) for (const step of job.steps ?? []) expect(step.run ?? "").not.toContain("${{");
  });
});

it("is a parser that sees what is wrong", () => {
  const text = read(".github/workflows/test.yml");
  expect(errorsIn("a.yml", text.replace("runs-on:", "run-on:")).join("\n")).toContain("run-on");
  expect(errorsIn("a.yml", text.replace("matrix.node", "matrx.node")).join("\n")).toContain("matrx");
});

it("has no two workflows that wait for each other", () => {
  const groups = FILES.map((file) => workflow(file).concurrency.group.replace(/-?\$\{\{.*/, ""));
  expect(new Set(groups).size).toBe(FILES.length);
});

it("fuzzes on every transport that the fuzzer has", () => {
  const [, transports] = /TRANSPORTS = (\[.*\])/.exec(read("tools/fuzz.mjs"))!;
  expect(workflow("fuzz.yml").jobs.fuzz.strategy.matrix.transport).toEqual(JSON.parse(transports!));
});

describe("the matrix", () => {
  const { suites, package: packed } = workflow("test.yml").jobs;

  it("begins with the oldest Node that package.json and README name, and has every even version since", () => {
    const node: string[] = suites.strategy.matrix.node;
    expect(`>=${node[0]}`).toBe(packageJson.engines.node);
    expect(read("README.md")).toMatch(new RegExp(`Node(\\.js)? ${node[0]!.replace(".", "\\.")}\\b`));
    expect(node.map(Number.parseFloat).map(Math.floor)).toEqual(node.map((_, index) => 20 + 2 * index));
    expect(node).toEqual(["20.19", "22", "24", "26"]);
    expect(packed.strategy.matrix.node).toEqual(node);
  });

  it("has the oldest and the newest TypeScript that the package takes and README names", () => {
    const typescript: string[] = packed.strategy.matrix.typescript;
    const [, oldest, limit] = /^>=(\d+\.\d+) <(\d+)$/.exec(packageJson.peerDependencies.typescript)!;
    expect(typescript).toEqual([oldest, String(Number(limit) - 1)]);
    expect(read("README.md")).toContain(typescript.join(" to "));
    expect(JSON.parse(read("test/types/package.json")).devDependencies.typescript).toMatch(`${oldest}.`);
    expect(packageJson.devDependencies.typescript).toMatch(`${typescript[1]}.`);
  });

  it("has Linux, macOS and Windows", () => {
    expect(suites.strategy.matrix.os).toEqual(["ubuntu-latest", "macos-latest", "windows-latest"]);
    expect(packed.strategy.matrix.os).toEqual(suites.strategy.matrix.os);
  });

  it("runs suites on Windows that there are, and leaves out folders that there are", () => {
    const [, windows] = suites.steps.filter(({ run }: any) => run?.startsWith("npm test"));
    expect(windows.if).toContain("== 'Windows'");
    const [, chosen] = /^npm test -- ([a-z ]+)$/.exec(windows.run)!;
    for (const suite of chosen!.split(" ")) expect(read("tools/test.mjs")).toContain(`{ name: "${suite}"`);
    const [, list] = /"win32" \? \[(.*)\]/.exec(read("vitest.config.mts"))!;
    const excluded = [...list!.matchAll(/"([^"*]+)\/\*\*"/g)].map(([, folder]) => folder!);
    expect(excluded).toContain("test/workflows");
    for (const folder of excluded) {
      expect(existsSync(path.join(REPOSITORY, folder)), folder).toBe(true);
      expect(read("CONTRIBUTING.md")).toContain(`\`${folder}\``);
    }
  });

  it("is one check: every job but itself", () => {
    const all = Object.keys(workflow("test.yml").jobs);
    expect([...workflow("test.yml").jobs.passed.needs, "passed"]).toEqual(all);
  });
});

it("a release has the plugin for each platform, made on one, before anything is published", () => {
  const { archives, publish, release } = workflow("release.yml").jobs;
  const { include } = archives.strategy.matrix;
  expect(include.map(({ platform }: any) => platform).sort()).toEqual([...PLATFORMS].sort());
  for (const { platform, os } of include) {
    const [system, architecture] = platform.split("-");
    expect(os).toMatch({ linux: /^ubuntu-/, darwin: /^macos-/, windows: /^windows-/ }[system as string]!);
    // GitHub's runners named so are of the other architecture: macos-latest is arm64, the others are amd64.
    const isOther = /-(arm|intel)$/.test(os);
    expect(architecture, os).toBe(isOther === (system === "darwin") ? "amd64" : "arm64");
  }
  expect([archives.needs, publish.needs, release.needs]).toEqual(["test", "archives", "publish"]);
});

describe("issue forms", () => {
  const FIELDS = ["markdown", "textarea", "input", "dropdown", "checkboxes"];
  const forms = readdirSync(FORMS).filter((file) => file !== "config.yml");

  it("are three, and nobody begins with an empty page", () => {
    expect(forms.sort()).toEqual(["bug.yml", "feature.yml", "posthog-differs.yml"]);
    const { blank_issues_enabled, contact_links } = parse(read(".github/ISSUE_TEMPLATE/config.yml"));
    expect(blank_issues_enabled).toBe(false);
    for (const link of contact_links) {
      expect(Object.keys(link)).toEqual(["name", "url", "about"]);
      expect(link.url).toMatch(/^https:\/\//);
    }
  });

  it.each(forms)("%s is a form as GitHub describes it", (file) => {
    // GitHub reads YAML 1.1, in which No without quotes is false.
    const { body, ...head } = parse(read(".github/ISSUE_TEMPLATE", file), { version: "1.1" });
    expect(Object.keys(head)).toEqual(["name", "description", "title", "labels"]);
    const ids: string[] = [];
    for (const field of body) {
      expect(FIELDS).toContain(field.type);
      if (field.type === "markdown") {
        expect(Object.keys(field)).toEqual(["type", "attributes"]);
        expect(field.attributes.value).toEqual(expect.any(String));
        continue;
      }
      expect(Object.keys(field).filter((key) => !["type", "id", "attributes", "validations"].includes(key))).toEqual(
        [],
      );
      expect(field.attributes.label).toEqual(expect.any(String));
      expect(field.id).toMatch(/^[\w-]+$/);
      ids.push(field.id);
      for (const option of field.attributes.options ?? []) {
        if (field.type === "checkboxes") expect(option).toEqual({ label: expect.any(String), required: true });
        else expect(option).toEqual(expect.any(String));
      }
      expect("options" in field.attributes).toBe(field.type === "dropdown" || field.type === "checkboxes");
      if (field.validations) expect(field.validations).toEqual({ required: true });
      if (field.attributes.render) expect(field.type).toBe("textarea");
    }
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("ask whether keys and people's data are out, where something is pasted", () => {
    for (const file of ["bug.yml", "posthog-differs.yml"])
      expect(read(".github/ISSUE_TEMPLATE", file)).toMatch(/no API key, no secret/);
  });
});

it("dependabot looks at the workflows and at the recipes, which pin the same commits", () => {
  const { version, updates } = parse(read(".github/dependabot.yml"));
  expect(version).toBe(2);
  const actions = updates.find((update: any) => update["package-ecosystem"] === "github-actions");
  for (const folder of actions.directories) expect(existsSync(path.join(REPOSITORY, folder))).toBe(true);
  expect(actions.directories).toContain("/examples/github-actions");
});

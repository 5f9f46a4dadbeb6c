// `hogflow init` and what `hogflow doctor` says of a program: files, questions and refusals. Packages and the engine are in test/engine/day-one.test.ts.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startEmulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import { untidy } from "../support/flows";
import { readWorkflow } from "../support/workflow-file";
import { EMAIL_FLOW } from "./support";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const TEMPLATE = path.join(REPOSITORY, "template");
const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-init-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), text);
};
const read = (file: string): string => readFileSync(path.join(dir, file), "utf8");
/** Without an engine and without package managers: Node alone is on PATH. */
const run = (args: readonly string[], env: Record<string, string> = {}, cwd = dir): Promise<Ran> =>
  hogflow(args, { cwd, env: { PATH: path.join(dir, "nothing"), HOME: dir, NO_COLOR: "1", ...env } });
async function init(args: readonly string[] = [], env: Record<string, string> = {}): Promise<any> {
  const { stdout, stderr } = await run(["init", "--skip-install", "--json", ...args], env);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}
const actions = ({ files }: any): Record<string, string> =>
  Object.fromEntries(files.map(({ path: file, action }: any) => [file, action]));

describe("in an empty folder", () => {
  it("writes the files of the template, with the name of the folder, and says what is next", async () => {
    const { code, stdout } = await run(["init", "My Flows", "--skip-install", "--project-id", "77", "--sender", "3"]);
    const files = readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(TEMPLATE, path.join(entry.parentPath, entry.name)));
    for (const file of files) {
      expect(stdout).toContain(`Created   ${path.join("My Flows", file)}\n`);
      if (file === "Pulumi.yaml") continue;
      expect(read(path.join("My Flows", file))).toBe(
        readFileSync(path.join(TEMPLATE, file), "utf8").replaceAll("${PROJECT}", "my-flows"),
      );
    }
    expect(parse(read("My Flows/Pulumi.yaml"))).toEqual({
      name: "my-flows",
      description: "PostHog workflows as code",
      runtime: { name: "nodejs", options: { packagemanager: "npm" } },
    });
    expect(parse(read("My Flows/Pulumi.dev.yaml"))).toEqual({
      config: { "posthog:projectId": "77", "my-flows:senderIntegration": "3" },
    });
    expect(stdout).toMatch(
      /\nNext:\n {2}cd My Flows\n {2}npm install\n {2}pulumi stack select dev --create\n {2}pulumi preview\n/,
    );
    // There is no engine here.
    expect(stdout).toMatch(/\nfailed engine: .*\n.*pulumi\.com\/docs\/install/);
    expect(code).toBe(2);
    expect(untidy(stdout)).toEqual([]);
  });

  it("finds nothing to do the second time, and adds what is said later", async () => {
    const first = await init();
    expect(first.toDo).toEqual([
      expect.objectContaining({ what: "The stack has no PostHog project", until: "preview" }),
      expect.objectContaining({ what: "The example's e-mails have no sender yet", until: "live" }),
    ]);
    const second = await init(["--project-id", "5", "--host", "eu.posthog.com"]);
    expect(Object.entries(actions(second)).filter(([, action]) => action !== "kept")).toEqual([
      ["Pulumi.dev.yaml", "changed"],
    ]);
    expect(second.files.find(({ action }: any) => action === "changed").changes).toEqual([
      "posthog:projectId",
      "posthog:host",
    ]);
    expect(parse(read("Pulumi.dev.yaml")).config).toMatchObject({
      "posthog:projectId": "5",
      "posthog:host": "https://eu.posthog.com",
    });
    const third = await init(["--project-id", "6"]);
    expect(new Set(Object.values(actions(third)))).toEqual(new Set(["kept"]));
    expect(parse(read("Pulumi.dev.yaml")).config["posthog:projectId"]).toBe("5");
    expect(third.toDo[0]).toMatchObject({
      what: "The flows belong to PostHog project 5, not to 6: that is what the stack's settings say",
      until: "preview",
    });
    expect((await run(["init", "--skip-install"])).stdout).toMatch(/^Nothing to write: the project has everything\.\n/);
  });

  it("says that no key goes to a host without https, unless it is this machine or somebody permits it", async () => {
    const refused = {
      what: "No API key will be sent to http://posthog.example.com",
      why: expect.stringContaining("not encrypted"),
      fix: expect.stringContaining("POSTHOG_ALLOW_HTTP=1"),
      until: "live",
    };
    const keyWords = async (name: string, host: string, env: Record<string, string> = {}): Promise<object[]> =>
      (await init([name, "--host", host], env)).toDo.filter(({ what }: any) => what.startsWith("No API key"));
    const open = "http://posthog.example.com";
    expect(await keyWords("a", open)).toEqual([refused]);
    expect(await keyWords("b", open, { POSTHOG_ALLOW_HTTP: "1" })).toEqual([]);
    expect(await keyWords("c", "http://127.0.0.1:8000")).toEqual([]);
  });

  it("refuses a file", async () => {
    write("notes.txt", "");
    const { code, stderr } = await run(["init", "notes.txt", "--skip-install"]);
    expect(code).toBe(1);
    expect(stderr).toContain("notes.txt is a file");
  });

  it("does not bring back what somebody removed of the example", async () => {
    await init();
    rmSync(path.join(dir, "flows/onboarding.ts"));
    rmSync(path.join(dir, "people"), { recursive: true });
    await init();
    expect([existsSync(path.join(dir, "flows/onboarding.ts")), existsSync(path.join(dir, "people"))]).toEqual([
      false,
      false,
    ]);
  });

  it("completes what a package manager left, whose main file is not there", async () => {
    write("package.json", '{\n  "main": "index.js",\n  "dependencies": {\n    "pulumi-hogflow": "1.0.0"\n  }\n}\n');
    const report = await init();
    expect(report.files.find(({ path: file }: any) => file === "package.json").changes).toEqual([
      "main: index.ts",
      "dependencies: @pulumi/pulumi",
      "devDependencies: @types/node, typescript",
    ]);
    expect(JSON.parse(read("package.json"))).toMatchObject({
      main: "index.ts",
      dependencies: { "pulumi-hogflow": "1.0.0" },
    });
  });
});

describe("in a Pulumi project", () => {
  beforeEach(() => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write(
      "package.json",
      '{\n    "name": "shop",\n    "dependencies": {\n        "@pulumi/pulumi": "^3.250.0"\n    }\n}\n',
    );
    write("index.ts", 'import * as pulumi from "@pulumi/pulumi";');
  });

  it("adds to what is there, and overwrites nothing", async () => {
    write("tsconfig.json", '{\n    // ours\n    "compilerOptions": {\n        "strict": true\n    }\n}\n');
    write(".gitignore", "mine\n");
    const report = await init();
    expect(actions(report)).toMatchObject({
      "Pulumi.yaml": "kept",
      ".gitignore": "kept",
      "package.json": "changed",
      "tsconfig.json": "changed",
      "index.ts": "changed",
      "flows/onboarding.ts": "created",
    });
    expect([read("Pulumi.yaml"), read(".gitignore")]).toEqual(["name: shop\nruntime: nodejs\n", "mine\n"]);
    expect(read("index.ts")).toBe('import * as pulumi from "@pulumi/pulumi";\nimport "./flows";\n');
    expect(read("tsconfig.json")).toBe(
      '{\n    // ours\n    "compilerOptions": {\n        "strict": true,\n        "rootDir": "."\n    }\n}\n',
    );
  });

  it("leaves a tsconfig.json alone whose files lie elsewhere, too, or that extends another", async () => {
    for (const text of [
      '{ "compilerOptions": {}, "include": ["../shared/*.ts", "*.ts"] }',
      '{ "extends": "../tsconfig.json", "compilerOptions": {} }',
      '{ "compilerOptions": { "rootDir": ".." } }',
      "{ no",
    ]) {
      write("tsconfig.json", text);
      expect(actions(await init())["tsconfig.json"]).toBe("kept");
      expect(read("tsconfig.json")).toBe(text);
    }
  });

  it("writes no example beside flows that are there", async () => {
    write("index.ts", 'import { HogFlow } from "pulumi-hogflow";\n');
    const report = await init();
    expect(actions(report)).toMatchObject({ "index.ts": "kept" });
    expect(existsSync(path.join(dir, "flows"))).toBe(false);
  });

  it("writes beside a main file in a folder, and imports of ES modules in full", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: src/main.ts\n");
    write("package.json", '{ "type": "module" }\n');
    write("src/main.ts", "export {};\r\n");
    await init();
    expect(read("src/main.ts")).toBe('export {};\r\nimport "./flows/index.js";\r\n');
    expect(read("src/flows/index.ts")).toContain('import "./onboarding.js";');
    expect(read("src/flows/onboarding.ts")).toContain('from "./senders.js";');
    expect(read("src/flows/onboarding.ts")).toContain('from "pulumi-hogflow";');
  });

  it("says what is left to do where the program is JavaScript", async () => {
    rmSync(path.join(dir, "index.ts"));
    write("index.js", "");
    expect((await init()).toDo[0]).toMatchObject({
      what: "index.js does not import the flows",
      fix: "Rename it to index.ts, and run this again",
    });
    expect(read("index.js")).toBe("");
  });

  it("refuses other runtimes, programs of something else, and a folder inside a project", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: python\n");
    const refused = async (args: string[], cwd = dir): Promise<string> => {
      const { code, stdout, stderr } = await run(["init", "--skip-install", ...args], {}, cwd);
      expect([code === 1 || code === 3, stdout]).toEqual([true, ""]);
      return stderr;
    };
    expect(await refused([])).toMatch(/has the runtime python\. .*hogflow init workflows/);
    rmSync(path.join(dir, "Pulumi.yaml"));
    expect(await refused([])).toMatch(/index\.ts is a program, and there is no Pulumi\.yaml beside it/);
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    mkdirSync(path.join(dir, "flows"));
    expect(await refused([], path.join(dir, "flows"))).toMatch(/inside the Pulumi project .*hogflow init \./s);
    expect(await refused(["--pull", "--example"])).toContain("--pull and --example were given");
    expect(await refused(["--project-id", "abc"])).toContain("must be a number");
    expect(readdirSync(dir).sort()).toEqual(["Pulumi.yaml", "flows", "index.ts", "package.json"]);
  });
});

describe("--pull", () => {
  it("writes the flows that PostHog has and an index that imports them, and keeps edits of them", async () => {
    const emulator = await startEmulator({ port: 0, keys: [{ key: "phx_init" }] });
    try {
      emulator.seed({ ...EMAIL_FLOW, name: "Nurture" });
      const env = { POSTHOG_HOST: emulator.url, POSTHOG_API_KEY: "phx_init", POSTHOG_PROJECT_ID: "1" };
      const report = await init(["--pull"], env);
      expect(actions(report)).toMatchObject({
        "flows/nurture.ts": "created",
        "flows/index.ts": "created",
        "index.ts": "created",
      });
      expect(read("flows/index.ts")).toMatch(/^\/\/ .*\nimport "\.\/nurture";\n$/);
      expect(existsSync(path.join(dir, "people"))).toBe(false);
      expect(report.checks.find(({ name }: any) => name === "hog_flow:write").verdict).toBe("ok");
      // Again, with an edit and one flow more.
      write("flows/nurture.ts", `${read("flows/nurture.ts")}// mine\n`);
      emulator.seed({ ...EMAIL_FLOW, name: "Second" });
      const second = await init(["--pull"], env);
      expect(Object.entries(actions(second)).filter(([, action]) => action !== "kept")).toEqual([
        // Both have one sender.
        ["flows/pulled-senders.ts", "created"],
        ["flows/second.ts", "created"],
        ["flows/index.ts", "changed"],
      ]);
      expect(read("flows/nurture.ts")).toMatch(/\/\/ mine\n$/);
      expect(read("flows/index.ts")).toMatch(/import "\.\/nurture";\nimport "\.\/second";\n$/);
    } finally {
      await emulator.stop();
    }
  });

  it("says what failed, and leaves a project that can be tried again", async () => {
    const report = await init(["--pull"], {
      POSTHOG_HOST: "http://127.0.0.1:9",
      POSTHOG_API_KEY: "phx_x",
      POSTHOG_PROJECT_ID: "1",
    });
    expect(report.toDo[0].what).toContain("127.0.0.1:9");
    expect(read("flows/index.ts")).toMatch(/export \{\};\n$/);
    expect(JSON.stringify(report)).not.toContain("phx_x");
  });
});

describe("--ci github", () => {
  it("writes workflows for the stack, the package manager and the folder, where GitHub finds them", async () => {
    mkdirSync(path.join(dir, ".git"));
    write("infra/pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    await init(["infra", "--stack", "live", "--ci", "github"]);
    const folder = path.join(dir, ".github/workflows");
    expect(readdirSync(folder).sort()).toEqual([
      "hogflow-contract.yml",
      "hogflow-deploy.yml",
      "hogflow-drift.yml",
      "hogflow-preview.yml",
    ]);
    for (const file of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, file), "utf8");
      expect(text, file).not.toMatch(/\b(staging|production)\b|cache: npm|npm ci/);
      const { jobs, env, defaults } = (await readWorkflow(path.join(folder, file))) as any;
      expect([env, defaults.run]).toEqual([{ STACK: "live" }, { shell: "bash", "working-directory": "infra" }]);
      const [{ steps }] = Object.values(jobs) as any[];
      expect(steps.find(({ name }: any) => name === "Install packages").run).toMatch(
        /^npm install --global pnpm@latest\npnpm install --frozen-lockfile\necho /,
      );
    }
    expect(parse(read("infra/pnpm-workspace.yaml"))).toEqual({ allowBuilds: { protobufjs: false } });
  });

  it("keeps what the recipe has for npm in the root", async () => {
    mkdirSync(path.join(dir, ".git"));
    write(".github/workflows/hogflow-drift.yml", "mine\n");
    await init(["--stack", "staging", "--ci", "github"]);
    expect(read(".github/workflows/hogflow-deploy.yml")).toBe(
      readFileSync(path.join(REPOSITORY, "examples/github-actions/deploy.yml"), "utf8"),
    );
    expect(read(".github/workflows/hogflow-drift.yml")).toBe("mine\n");
  });
});

describe("--ci gitlab", () => {
  it("writes a pipeline for the one stack, which no other job is named after", async () => {
    mkdirSync(path.join(dir, ".git"));
    await init(["infra", "--stack", "preview", "--ci", "gitlab", "--package-manager", "bun"]);
    const text = read(".gitlab-ci.yml");
    expect(text).not.toMatch(/staging|production|npm ci/);
    const { stages, workflow: _, variables, default: shared, ...jobs } = parse(text);
    expect(variables).toEqual({ FOLDER: "infra" });
    expect(stages).toEqual(["review", "deploy", "drift"]);
    expect(shared.before_script).toEqual([
      'cd "$FOLDER"',
      "npm install --global bun@latest",
      "bun install --frozen-lockfile",
      'export PATH="$PWD/node_modules/.bin:$PATH"',
    ]);
    expect(Object.keys(jobs)).toEqual(["preview", "deploy", "drift"]);
    for (const job of Object.values(jobs) as any[]) {
      expect(stages).toContain(job.stage);
      expect(job.variables).toEqual({ STACK: "preview" });
    }
    expect(jobs.preview.artifacts.paths).toEqual(["$FOLDER/comment.md", "$FOLDER/workflows.html"]);
    expect(jobs.deploy).toMatchObject({ environment: { name: "preview" }, resource_group: "preview" });
  });

  it("leaves a pipeline that is there as it is", async () => {
    write(".gitlab-ci.yml", "mine: {}\n");
    const report = await init(["--ci", "gitlab"]);
    expect([actions(report)[".gitlab-ci.yml"], read(".gitlab-ci.yml")]).toEqual(["kept", "mine: {}\n"]);
    expect(report.toDo).toContainEqual(
      expect.objectContaining({ what: ".gitlab-ci.yml is there already, and the pipeline was not added to it" }),
    );
  });
});

it("the template takes the version that it comes with", () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(TEMPLATE, "package.json"), "utf8"));
  expect(dependencies["pulumi-hogflow"]).toBe(`^${version}`);
});

describe("hogflow doctor, of a program", () => {
  const link = (name: string): void => {
    mkdirSync(path.dirname(path.join(dir, "node_modules", name)), { recursive: true });
    symlinkSync(path.join(REPOSITORY, "node_modules", name), path.join(dir, "node_modules", name), "junction");
  };
  const installed = (name: string, of: string): void =>
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: of }));
  const TSCONFIG = { compilerOptions: { module: "nodenext", outDir: "bin" } };

  beforeEach(() => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("package.json", '{ "dependencies": { "pulumi-hogflow": "*" } }\n');
    write("index.ts", "export {};\n");
    write("tsconfig.json", JSON.stringify(TSCONFIG));
    installed("pulumi-hogflow", version);
    link("@pulumi/pulumi");
    link("typescript");
  });

  const checks = async (): Promise<Record<string, { verdict: string; what: string; fix?: string }>> =>
    Object.fromEntries(JSON.parse((await run(["doctor", "--json"])).stdout).map((check: any) => [check.name, check]));

  it("finds nothing wrong with one that is right", async () => {
    const found = await checks();
    expect(["program", "packages", "typescript", "tsconfig"].map((name) => found[name]?.verdict)).toEqual(
      Array(4).fill("ok"),
    );
  });

  it("names a runtime that has no dynamic providers, and one that is another language", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: bun\n");
    expect((await checks())["program"]).toMatchObject({
      verdict: "failed",
      fix: expect.stringContaining("runtime: nodejs"),
    });
    write("Pulumi.yaml", "name: shop\nruntime: { name: python }\n");
    const python = await checks();
    expect(python["program"]).toMatchObject({ verdict: "skipped", what: expect.stringContaining("runtime is python") });
    expect(python["tsconfig"]).toBeUndefined();
    write("Pulumi.yaml", "runtime: nodejs\n");
    expect((await checks())["program"]).toMatchObject({ verdict: "failed", what: "Pulumi.yaml has no name" });
  });

  it("names an ES module that nothing compiles, and types that are checked after they are gone", async () => {
    write("package.json", '{ "type": "module" }');
    expect((await checks())["program"]).toMatchObject({
      verdict: "failed",
      fix: expect.stringContaining("--import=tsx"),
    });
    write("Pulumi.yaml", 'name: shop\nruntime: { name: nodejs, options: { nodeargs: "--import=tsx" } }\n');
    expect((await checks())["program"]).toMatchObject({
      verdict: "failed",
      fix: expect.stringContaining("typescript: false"),
    });
    write(
      "Pulumi.yaml",
      'name: shop\nruntime: { name: nodejs, options: { nodeargs: "--import=tsx", typescript: false } }\n',
    );
    expect((await checks())["program"]!.verdict).toBe("ok");
  });

  it.each([
    ["7.0.2", /no API that Pulumi could load/],
    ["5.1.6", /too old/],
    [undefined, /Pulumi uses its own 3\.8/],
  ])("refuses TypeScript %s, and says which fits", async (of, what) => {
    rmSync(path.join(dir, "node_modules/typescript"), { recursive: true });
    if (of !== undefined) installed("typescript", of);
    const found = await checks();
    expect(found["typescript"]).toMatchObject({
      verdict: "failed",
      what: expect.stringMatching(what),
      fix: "Install one that fits: npm install --save-dev typescript@5",
    });
    expect(found["tsconfig"]!.verdict).toBe("skipped");
  });

  it("finds the rootDir that TypeScript 6 asks for, and other options that Pulumi cannot compile with", async () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: src/index.ts\n");
    write("src/index.ts", "export {};\n");
    write("src/tsconfig.json", JSON.stringify(TSCONFIG));
    expect((await checks())["tsconfig"]!.verdict).toBe("ok");
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("package.json", '{ "main": "src/index.ts" }');
    expect((await checks())["tsconfig"]).toMatchObject({
      verdict: "failed",
      what: expect.stringMatching(/TS5011: The common source directory .*layout\.$/),
      fix: 'Add "rootDir": "." to the compilerOptions',
    });
    write("tsconfig.json", JSON.stringify({ compilerOptions: { ...TSCONFIG.compilerOptions, rootDir: "." } }));
    expect((await checks())["tsconfig"]!.verdict).toBe("ok");
    write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { module: "commonjs", moduleResolution: "node", rootDir: "." } }),
    );
    expect((await checks())["tsconfig"]).toMatchObject({ verdict: "failed", fix: expect.stringContaining("node16") });
    rmSync(path.join(dir, "tsconfig.json"));
    expect((await checks())["tsconfig"]!.verdict).toBe("warning");
  });

  it("names packages that are not installed, and one that is too old", async () => {
    rmSync(path.join(dir, "node_modules/@pulumi/pulumi"));
    rmSync(path.join(dir, "node_modules/pulumi-hogflow"), { recursive: true });
    expect((await checks())["packages"]).toMatchObject({
      verdict: "failed",
      what: "@pulumi/pulumi and pulumi-hogflow are not installed",
      fix: "Add them to the program: npm install @pulumi/pulumi pulumi-hogflow",
    });
    installed("pulumi-hogflow", version);
    installed("@pulumi/pulumi", "3.100.0");
    expect((await checks())["packages"]).toMatchObject({
      verdict: "failed",
      what: "@pulumi/pulumi 3.100.0 is too old",
    });
  });
});

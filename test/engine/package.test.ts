// The package as npm would publish it: what is in it, and that a project outside this repository can install it, compile with it,
// and bring a flow up on the engine.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Emulator } from "../../emulator/index";
import { engineEnv } from "../../tools/engine/find.mjs";
import { findMarked, killMarked } from "../../tools/engine/leftovers.mjs";
import { engineFolder } from "../support/engine";

const REPOSITORY = path.dirname(path.dirname(import.meta.dirname));
const MARK = "HOGFLOW_PACKAGE_TEST";
const LIMIT_MS = 300_000;
const COMMAND_MS = 120_000;
/** A little above what it is; much more is something that does not belong there. */
const MAX_PACKED_BYTES = 1_950_000;
const MAX_UNPACKED_BYTES = 6_800_000;

const PROGRAM = `
import { HogFlow, HogFlowSchedule, type HogFlowArgs } from "pulumi-hogflow";

const steps: HogFlowArgs["actions"] = {
  trigger_node: { type: "trigger", name: "Trials", config: { type: "batch", filters: { properties: [{ key: "plan", value: ["trial"], operator: "exact", type: "person" }] } }, next: "wait" },
  wait: { type: "delay", name: "Wait", config: { delayDuration: "1d" }, next: "exit_node" },
  exit_node: { type: "exit", name: "Exit" },
};
const flow = new HogFlow("trials", { status: "active", actions: steps! });
new HogFlowSchedule("mondays", { flow, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
export const url = flow.url;
`;

interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string }[];
}

const mark = randomUUID();
let root: string;
let app: string;
let packed: Packed;
let packageJson: any;

interface Ended {
  code: number;
  stdout: string;
  output: string;
}

/** Runs a command to its end; a code that is not 0 is a result. */
function run(
  command: string,
  args: string[],
  { cwd = app, env = plainEnv() }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...env, [MARK]: mark },
      timeout: COMMAND_MS,
      maxBuffer: 1 << 26,
      shell: process.platform === "win32" && command === "npm",
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      resolve({
        code: error ? (typeof error.code === "number" ? error.code : -1) : 0,
        stdout,
        output: stdout + stderr,
      });
    });
  });
}

async function must(command: string, args: string[], options?: Parameters<typeof run>[2]): Promise<Ended> {
  const ended = await run(command, args, options);
  if (ended.code !== 0) throw new Error(`${command} ${args.join(" ")} ended with code ${ended.code}:\n${ended.output}`);
  return ended;
}

/** Without what an npm or vitest around us sets: a user's shell has none of it. */
function plainEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|INIT_CWD)/i.test(name)),
  );
}

/** Runs a script of Node in the project; it prints JSON. */
async function script(name: string, source: string): Promise<any> {
  await writeFile(path.join(app, name), source);
  return JSON.parse((await must(process.execPath, [name])).stdout);
}

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "hogflow-package-"));
  app = path.join(root, "app");
  await mkdir(app);
  // dist/ is what the suite's set-up has built.
  const { stdout } = await must("npm", ["pack", "--json", "--ignore-scripts", "--silent", "--pack-destination", root], {
    cwd: REPOSITORY,
  });
  const answer = JSON.parse(stdout);
  packed = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  packageJson = JSON.parse(await readFile(path.join(REPOSITORY, "package.json"), "utf8"));
  await installApp();
}, LIMIT_MS);

afterAll(async () => {
  killMarked(MARK, mark);
  if (root) await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** With the versions of our own lock file, so that npm has all it needs in its cache once `npm ci` ran. */
async function installApp(): Promise<void> {
  const lock = JSON.parse(await readFile(path.join(REPOSITORY, "package-lock.json"), "utf8"));
  const version = (name: string): string => lock.packages[`node_modules/${name}`].version;
  const project = {
    name: "app",
    version: "1.0.0",
    private: true,
    main: "index.ts",
    dependencies: { "pulumi-hogflow": `file:../${packed.filename}`, "@pulumi/pulumi": version("@pulumi/pulumi") },
    devDependencies: { typescript: version("typescript"), "@types/node": version("@types/node") },
  };
  const locked = Object.entries<{ link?: boolean }>(lock.packages).filter(
    ([place, entry]) => place.startsWith("node_modules/") && !entry.link,
  );
  await writeFile(path.join(app, "package.json"), JSON.stringify(project));
  await writeFile(
    path.join(app, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, requires: true, packages: { "": project, ...Object.fromEntries(locked) } }),
  );
  await writeFile(path.join(app, "Pulumi.yaml"), JSON.stringify({ name: "app", runtime: "nodejs" }));
  await writeFile(path.join(app, "index.ts"), PROGRAM);
  await writeFile(
    path.join(app, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "node16",
        moduleResolution: "node16",
        strict: true,
        skipLibCheck: true,
        types: ["node"],
      },
      files: ["index.ts"],
    }),
  );
  await must("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
}

let oldest: Promise<string | undefined> | undefined;

/** A folder that has it. It is in no lock file of ours, so a machine without network, where nobody fetched it before, has none: then a line says so. */
function oldestTypeScript(): Promise<string | undefined> {
  oldest ??= (async () => {
    const folder = path.join(root, "oldest");
    const version = `${/\d+\.\d+/.exec(packageJson.peerDependencies.typescript)![0]}.2`;
    await mkdir(folder);
    await writeFile(
      path.join(folder, "package.json"),
      JSON.stringify({ private: true, dependencies: { typescript: version } }),
    );
    const ended = await run(
      "npm",
      ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0"],
      { cwd: folder },
    );
    if (ended.code === 0) return folder;
    console.log(
      `TypeScript ${version} cannot be had here, so nothing is compiled with it: ${ended.output.trim().slice(-300)}`,
    );
    return undefined;
  })();
  return oldest;
}

describe("what is packed", () => {
  const paths = () => packed.files.map((file) => file.path);

  it("is the build, its schema, and what a reader needs", () => {
    expect(paths()).toEqual(
      expect.arrayContaining([
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "package.json",
        "dist/definition.schema.json",
        "dist/project-files.json",
        "dist/sdk/index.js",
        "dist/sdk/index.d.ts",
        "dist/plugin/pulumi-resource-hogflow",
        "dist/plugin/pulumi-resource-hogflow.cmd",
        "dist/plugin/LICENSES.txt",
        "dist/THIRD-PARTY-NOTICES.txt",
      ]),
    );
  });

  it("is nothing else", () => {
    const expected =
      /^(README\.md|LICENSE|CHANGELOG\.md|package\.json|dist\/(definition\.schema|project-files)\.json|dist\/THIRD-PARTY-NOTICES\.txt|dist\/(definition|rules|api|sdk|provider|cli|operate|simulator|testing|emulator|show|policy)\/.+\.([cm]?js|d\.[cm]?ts)|dist\/show\/style\.css|dist\/plugin\/(pulumi-resource-hogflow(\.cmd)?|LICENSES\.txt))$/;
    expect(paths().filter((file) => !expected.test(file))).toEqual([]);
    expect(paths().filter((file) => /(^|\/)(tests?|fixtures?)\/|\.test\./i.test(file))).toEqual([]);
  });

  it("has every file that package.json points to", () => {
    const targets = JSON.stringify([
      packageJson.main,
      packageJson.types,
      packageJson.exports,
      packageJson.bin ?? {},
    ]).match(/(?<=")(\.\/)?dist\/[^"]+/g)!;
    expect(targets.length).toBeGreaterThan(4);
    for (const target of targets) expect(paths()).toContain(target.replace(/^\.\//, ""));
  });

  it("is of a sane size", () => {
    expect(packed.size).toBeLessThan(MAX_PACKED_BYTES);
    expect(packed.unpackedSize).toBeLessThan(MAX_UNPACKED_BYTES);
  });
});

describe("a project that installs it", () => {
  it("loads it by require and by import", async () => {
    const names = ["HogFlow", "HogFlowSchedule"];
    const required = await script(
      "load.cjs",
      `const sdk = require("pulumi-hogflow"), emulator = require("pulumi-hogflow/emulator"), provider = require("pulumi-hogflow/provider");
      console.log(JSON.stringify({ sdk: Object.keys(sdk), emulator: typeof emulator.startEmulator, provider: [typeof provider.flow.check, typeof provider.schedule.check],
        schema: require("pulumi-hogflow/definition.schema.json").title, version: require("pulumi-hogflow/package.json").version }));`,
    );
    const imported = await script(
      "load.mjs",
      `import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";
      import { startEmulator } from "pulumi-hogflow/emulator";
      import { flow, schedule } from "pulumi-hogflow/provider";
      import schema from "pulumi-hogflow/definition.schema.json" with { type: "json" };
      console.log(JSON.stringify({ sdk: [HogFlow.name, HogFlowSchedule.name], emulator: typeof startEmulator, provider: [typeof flow.check, typeof schedule.check], schema: schema.title }));`,
    );
    expect(required).toMatchObject({
      sdk: expect.arrayContaining(names),
      emulator: "function",
      provider: ["function", "function"],
      schema: "PostHog workflow definition",
      version: packageJson.version,
    });
    expect(imported).toMatchObject({
      sdk: names,
      emulator: "function",
      provider: ["function", "function"],
      schema: "PostHog workflow definition",
    });
  });

  it("needs no zod: what is used of it is inside, with its licence", async () => {
    const inside = await readFile(path.join(app, "node_modules/pulumi-hogflow/dist/definition/schema/zod.js"), "utf8");
    expect(inside).toMatch(/^\/\* Parts of zod[^]+MIT License[^]+Permission is hereby granted[^]+\*\//);
    expect(existsSync(path.join(app, "node_modules/zod"))).toBe(false);
  });

  it("cannot reach what is inside it", async () => {
    const ended = await run(process.execPath, ["-e", `require("pulumi-hogflow/dist/api/index.js")`]);
    expect(ended.code).not.toBe(0);
    expect(ended.output).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  it("loads no HTTP client with the SDK, and starts nothing", async () => {
    const { loaded, started } = await script(
      "quiet.cjs",
      `require("@pulumi/pulumi");
      const before = process.getActiveResourcesInfo().length;
      require("pulumi-hogflow");
      const files = Object.keys(require.cache).map((file) => file.replaceAll("\\\\", "/").split("/node_modules/").at(-1));
      const loaded = new Set(files.map((file) => file.startsWith("pulumi-hogflow/") ? file : file.split("/")[0]));
      console.log(JSON.stringify({ loaded: [...loaded], started: process.getActiveResourcesInfo().length - before }));`,
    );
    expect(loaded).toContain("pulumi-hogflow/dist/sdk/index.js");
    expect(
      loaded.filter((name: string) =>
        /^undici$|\/emulator\/|\/api\/(client|dispatcher)|\/provider\/dynamic\.js$/.test(name),
      ),
    ).toEqual([]);
    expect(started).toBe(0);
  });

  describe.each([
    { name: "node16, CommonJS", file: "one.cts", options: { module: "node16", moduleResolution: "node16" } },
    { name: "node16, ES module", file: "one.mts", options: { module: "node16", moduleResolution: "node16" } },
    { name: "bundler", file: "one.ts", options: { module: "esnext", moduleResolution: "bundler" } },
  ])("compiles, $name", ({ file, options }) => {
    const compile = async (source: string, typescript = app): Promise<Ended> => {
      const config = `tsconfig.${file}.json`;
      await writeFile(path.join(app, file), source);
      await writeFile(
        path.join(app, config),
        JSON.stringify({
          compilerOptions: {
            ...options,
            target: "es2022",
            strict: true,
            noEmit: true,
            skipLibCheck: true,
            types: ["node"],
          },
          files: [file],
        }),
      );
      return run(process.execPath, [path.join(typescript, "node_modules", "typescript", "bin", "tsc"), "-p", config]);
    };
    const emulated = `${PROGRAM}
      import { startEmulator } from "pulumi-hogflow/emulator";
      export const address: Promise<string> = startEmulator({ port: 0 }).then((emulator) => emulator.url);
    `;

    it("with the right types, and not with wrong ones", async () => {
      const good = await compile(emulated);
      expect(good.code, good.output).toBe(0);
      const bad = await compile(PROGRAM.replace('"active"', '"activ"'));
      expect(bad.output).toMatch(/error TS\d+: Type '"activ"'/);
    });

    it("with the oldest TypeScript that the package takes, where npm can get it", async () => {
      const old = await oldestTypeScript();
      if (!old) return;
      const good = await compile(emulated, old);
      expect(good.code, good.output).toBe(0);
    });
  });
});

describe("its program on the engine", () => {
  let emulator: Emulator;
  let engine: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    // The installed copy, as a user's own tests would have it.
    const { startEmulator } = createRequire(path.join(app, "index.js"))("pulumi-hogflow/emulator");
    emulator = await startEmulator();
    engine = await engineFolder();
    const [home, backendDir] = [path.join(root, "home"), path.join(root, "state")];
    await Promise.all([mkdir(home), mkdir(backendDir)]);
    env = engineEnv(engine, {
      home,
      backendDir,
      passphrase: "package",
      base: plainEnv(),
      extra: { POSTHOG_HOST: emulator.url, POSTHOG_API_KEY: "phx_test", POSTHOG_PROJECT_ID: "1", NO_COLOR: "1" },
    });
  });
  afterAll(() => emulator?.stop());

  it("goes up, type-checked by Pulumi, changes nothing a second time, and is destroyed", async () => {
    const pulumi = (...args: string[]) => run(path.join(engine, "pulumi"), args, { env });
    const steps = [
      ["stack", "init", "dev"],
      ["up", "--yes", "--skip-preview"],
    ];
    for (const args of steps) {
      const ended = await pulumi(...args);
      expect(ended.code, ended.output).toBe(0);
    }
    expect(emulator.flows()).toMatchObject([{ name: "trials", status: "active" }]);
    expect(emulator.schedules(emulator.flows()[0].id)).toHaveLength(1);

    emulator.clearRequests();
    const same = await pulumi("preview", "--expect-no-changes");
    expect(same.code, same.output).toBe(0);
    expect(emulator.requests).toEqual([]);

    const gone = await pulumi("destroy", "--yes", "--skip-preview");
    expect(gone.code, gone.output).toBe(0);
    expect(emulator.flows()).toEqual([]);
    await expect.poll(() => findMarked(MARK, mark), { timeout: 10_000 }).toEqual([]);
  });
});

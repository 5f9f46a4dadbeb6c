// The first day: from an empty folder, and from a project of `pulumi new typescript`, to a preview that succeeds, with the commands of the README, the
// packed package and each package manager. The package comes from a registry on this machine; all others come from the one that npm uses here.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineEnv } from "../../tools/engine/find.mjs";
import { killMarked } from "../../tools/engine/leftovers.mjs";
import { engineFolder } from "../support/engine";
import { startRegistry, type Registry } from "../support/registry";

const REPOSITORY = path.dirname(path.dirname(import.meta.dirname));
const MARK = "HOGFLOW_DAY_ONE_TEST";
/** What somebody waits for at most, from the first command to the end of the preview. */
const FIRST_PREVIEW_MS = 120_000;
const LIMIT_MS = 600_000;

/** Package managers that are no part of Node, and the versions that the tests use. */
const MANAGERS: Readonly<Record<string, Record<string, string>>> = {
  npm: {},
  pnpm: { pnpm: "10.34.9" },
  "pnpm 12": { pnpm: "12.21.0" },
  yarn: { "@yarnpkg/cli-dist": "4.18.1" },
  bun: { bun: "1.4.5" },
};

/** What `pulumi new typescript` wrote in November 2026 (pulumi/templates, folder typescript): the parts that decide anything. */
const PULUMI_NEW: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: shop\ndescription: A shop\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n",
  "package.json": `${JSON.stringify({ name: "shop", main: "index.ts", devDependencies: { "@types/node": "^18", typescript: "^5.0.0" }, dependencies: { "@pulumi/pulumi": "^3.113.0" } }, null, 4)}\n`,
  "tsconfig.json": `${JSON.stringify({ compilerOptions: { strict: true, outDir: "bin", target: "es2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: true, experimentalDecorators: true, pretty: true, noFallthroughCasesInSwitch: true, noImplicitReturns: true, forceConsistentCasingInFileNames: true }, files: ["index.ts"] }, null, 4)}\n`,
  "index.ts": `import * as pulumi from "@pulumi/pulumi";\n`,
  ".gitignore": "/bin/\n/node_modules/\n",
};

const mark = randomUUID();
let root: string;
let registry: Registry;
let engine: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "hogflow-day-one-"));
  [registry, engine] = await Promise.all([startRegistry(), engineFolder()]);
}, LIMIT_MS);
afterAll(async () => {
  killMarked(MARK, mark);
  await registry?.close();
  if (root) await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

interface Shell {
  dir: string;
  /** Runs a line as a shell does; throws with what it printed unless it ends with the code. */
  run(line: string, more?: { code?: number; cwd?: string }): Promise<string>;
}

/** An empty folder, and a shell in it that has the package manager and `pulumi`. */
async function shellWith(manager: string): Promise<Shell> {
  const home = path.join(root, randomUUID());
  const [dir, bin, pulumiHome, backendDir] = ["work", "bin", "pulumi", "state"].map((name) =>
    path.join(home, name),
  ) as [string, string, string, string];
  for (const folder of [dir, bin, pulumiHome, backendDir]) await mkdir(folder, { recursive: true });
  const base = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_(?!EXTRA_CA_CERTS)|VITEST|INIT_CWD|GITHUB_|CI$)/i.test(name),
    ),
  );
  const env: Record<string, string> = {
    ...engineEnv(engine, { home: pulumiHome, backendDir, passphrase: "day one", base }),
    ...registry.env,
    // Their caches go by name and version alone, which are those of an earlier build, too.
    YARN_GLOBAL_FOLDER: path.join(home, "yarn"),
    BUN_INSTALL_CACHE_DIR: path.join(home, "bun"),
    [MARK]: mark,
    NO_COLOR: "1",
  };
  const run = (line: string, { code: expected = 0, cwd = dir } = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(line, { cwd, env, shell: true, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => (output += text));
      child.on("error", reject);
      child.on("close", (code) =>
        code === expected ? resolve(output) : reject(new Error(`${line} ended with code ${code}:\n${output}`)),
      );
    });
  const packages = Object.entries(MANAGERS[manager]!).map(([name, version]) => `${name}@${version}`);
  if (packages.length > 0) {
    // The install scripts put the binary for this machine in place. npm runs those that are named here.
    await writeFile(path.join(bin, "package.json"), JSON.stringify({ allowScripts: { pnpm: true, bun: true } }));
    await run(`npm install --no-audit --no-fund ${packages.join(" ")}`, { cwd: bin });
    env["PATH"] = `${path.join(bin, "node_modules", ".bin")}${path.delimiter}${env["PATH"]}`;
  }
  return { dir, run };
}

/** The lines of a block of a page that begins with this line. */
async function blockOf(page: string, first: RegExp): Promise<string[]> {
  const text = await readFile(path.join(REPOSITORY, page), "utf8");
  const block = [...text.matchAll(/^```sh\n([^]*?)^```/gm)]
    .map(([, lines]) => lines!)
    .find((lines) => first.test(lines));
  if (block === undefined) throw new Error(`${page} has no block that begins with ${String(first)}`);
  return block
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** How each package manager runs a package that is not installed. */
const RUNS: Readonly<Record<string, string>> = {
  npm: "npx --yes",
  pnpm: "pnpm dlx",
  "pnpm 12": "pnpm dlx",
  yarn: "yarn dlx",
  bun: "bunx",
};

/** Runs lines one after another, as somebody types them, `cd` included. */
async function typeIn(
  { dir, run }: Shell,
  lines: readonly string[],
): Promise<{ output: string; dir: string; ms: number }> {
  const started = performance.now();
  let [output, cwd] = ["", dir];
  for (const line of lines) {
    const folder = /^cd (\S+)$/.exec(line)?.[1];
    if (folder === undefined) output += await run(line, { cwd });
    else cwd = path.join(cwd, folder);
  }
  return { output, dir: cwd, ms: performance.now() - started };
}

describe.each(Object.keys(RUNS))("with %s", (manager) => {
  it(
    "an empty folder becomes a project with a first preview, in three commands",
    async () => {
      const shell = await shellWith(manager);
      const lines = (await blockOf("README.md", /^npx pulumi-hogflow init my-flows/)).map((line) =>
        line.replace(/^npx /, `${RUNS[manager]!} `),
      );
      expect(lines).toHaveLength(3);
      const { output, dir, ms } = await typeIn(shell, lines);
      expect(output).toMatch(/HogFlow onboarding create/);
      expect(output).toMatch(/\+ 2 to create/);
      expect(output).not.toMatch(/^ *(error|warning):/m);
      expect(ms).toBeLessThan(FIRST_PREVIEW_MS);
      const project = await readFile(path.join(dir, "Pulumi.yaml"), "utf8");
      expect(project).toContain(`packagemanager: ${manager.split(" ")[0]}`);
      // A second run finds nothing to do, by the command of the project.
      const again = await shell.run(`node node_modules/pulumi-hogflow/dist/cli/main.js init --json`, { cwd: dir });
      const { files, installed, findings } = JSON.parse(again.slice(again.indexOf("{")));
      expect(files.filter(({ action }: any) => action !== "kept")).toEqual([]);
      expect([installed, findings]).toEqual([[], []]);
    },
    LIMIT_MS,
  );
});

describe.each(["npm", "pnpm"])("in a project of `pulumi new typescript`, with %s", (manager) => {
  it(
    "two commands lead to a first preview, and nothing that was there is lost",
    async () => {
      const shell = await shellWith(manager);
      for (const [file, text] of Object.entries(PULUMI_NEW)) await writeFile(path.join(shell.dir, file), text);
      await shell.run(manager === "npm" ? "npm install --no-audit --no-fund" : "pnpm install");
      const lines = (await blockOf("README.md", /^npx pulumi-hogflow init --project-id/)).map((line) =>
        line.replace(/^npx /, `${RUNS[manager]!} `),
      );
      expect(lines).toHaveLength(2);
      const { output, ms } = await typeIn(shell, lines);
      expect(output).toMatch(/HogFlow onboarding create/);
      expect(output).not.toMatch(/^ *(error|warning):/m);
      expect(ms).toBeLessThan(FIRST_PREVIEW_MS);
      const now = async (file: string) => readFile(path.join(shell.dir, file), "utf8");
      expect(await now("Pulumi.yaml")).toBe(PULUMI_NEW["Pulumi.yaml"]);
      expect(await now(".gitignore")).toBe(PULUMI_NEW[".gitignore"]);
      expect(await now("index.ts")).toBe(`${PULUMI_NEW["index.ts"]}import "./flows";\n`);
      expect(JSON.parse(await now("package.json"))).toEqual({
        name: "shop",
        main: "index.ts",
        devDependencies: { "@types/node": "^18", typescript: "^5.0.0" },
        dependencies: { "@pulumi/pulumi": "^3.113.0", "pulumi-hogflow": expect.any(String) },
      });
      expect(existsSync(path.join(shell.dir, manager === "npm" ? "package-lock.json" : "pnpm-lock.yaml"))).toBe(true);
    },
    LIMIT_MS,
  );
});

describe("the template of `pulumi new`", () => {
  it(
    "makes the project that `hogflow init` makes, and its preview succeeds",
    async () => {
      const shell = await shellWith("npm");
      // As it is fetched: without what npm may have left there.
      const template = path.join(shell.dir, "template");
      await cp(path.join(REPOSITORY, "template"), template, {
        recursive: true,
        filter: (file) => path.basename(file) !== "node_modules",
      });
      await mkdir(path.join(shell.dir, "made"));
      const made = path.join(shell.dir, "made");
      await shell.run(
        `pulumi new "${template}" --offline --yes --name my-flows --description "PostHog workflows as code" --stack dev --config posthog:projectId=12345`,
        { cwd: made },
      );
      const preview = await shell.run("pulumi preview --stack dev --non-interactive", { cwd: made });
      expect(preview).toMatch(/HogFlow onboarding create/);
      expect(preview).not.toMatch(/^ *(error|warning):/m);
      await shell.run("npx --yes pulumi-hogflow init my-flows --project-id 12345 --skip-install");
      const list = async (dir: string): Promise<string[]> =>
        (await readdir(dir, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
          .filter((file) => !/^node_modules|lock/.test(file))
          .sort();
      const inited = path.join(shell.dir, "my-flows");
      expect(await list(made)).toEqual(await list(inited));
      for (const file of (await list(made)).filter((name) => !name.startsWith("Pulumi.")))
        expect(await readFile(path.join(made, file), "utf8"), file).toBe(
          await readFile(path.join(inited, file), "utf8"),
        );
    },
    LIMIT_MS,
  );
});

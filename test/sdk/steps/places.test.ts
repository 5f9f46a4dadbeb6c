// Where a step stands in the program: its file and line, under each of the loaders that programs run with.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { delay, on } from "../../../sdk";
import { compile } from "../../../sdk/steps/compile";
import { build } from "../../../tools/build.mjs";

const REPOSITORY = path.resolve(import.meta.dirname, "../../..");
const dist = (file: string): string => path.join(REPOSITORY, "dist", file);

/** Lines that vanish when types are taken out, so that lines of the output are not those of the source. */
const helper = (sdk: string): string => `import { delay, type Step } from "${sdk}";

interface Erased {
  key: string;
}

export const pause = ({ key }: Erased): Step =>
  delay(
    key,
    "1d",
  );
`;
const program = (sdk: string, compiler: string, helperFile: string): string => `import { on, delay } from "${sdk}";
import { compile } from "${compiler}";
import { pause } from "${helperFile}";

type AlsoErased = {
  x: 1;
};
declare const never: AlsoErased;

const { sources } = compile(
  on.event("user signed up"),
  [
    delay("first", "1d"),
    pause({ key: "second" }),
  ],
);
console.log(JSON.stringify(sources));
`;

const EXPECTED = {
  "actions.trigger_node": ["index.ts:11"],
  "actions.first": ["index.ts:13"],
  "actions.second": ["flows/helper.ts:8"],
};

let folder: string;
beforeAll(async () => {
  await build();
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "hogflow-places-")));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function project(type: "module" | "commonjs"): string {
  const root = path.join(folder, type);
  mkdirSync(path.join(root, "flows"), { recursive: true });
  const at = (file: string): string => (type === "module" ? pathToFileURL(dist(file)).href : dist(file));
  writeFileSync(path.join(root, "package.json"), JSON.stringify({ type }));
  writeFileSync(
    path.join(root, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: type === "module" ? "esnext" : "commonjs",
        moduleResolution: "bundler",
        rootDir: ".",
      },
    }),
  );
  writeFileSync(path.join(root, "flows/helper.ts"), helper(at("sdk/index.js")));
  writeFileSync(
    path.join(root, "index.ts"),
    program(at("sdk/index.js"), at("sdk/steps/compile.js"), type === "module" ? "./flows/helper.ts" : "./flows/helper"),
  );
  return root;
}

function sourcesOf(root: string, args: string[]): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe("files and lines", () => {
  const tsx = pathToFileURL(path.join(REPOSITORY, "node_modules/tsx/dist/loader.mjs")).href;

  it("are the source's under tsx, for ES modules", () => {
    expect(sourcesOf(project("module"), ["--import", tsx, "index.ts"])).toEqual(EXPECTED);
  });

  it("are the source's under tsx where another handler of stacks was put on top, as the engine does", () => {
    const handler = pathToFileURL(path.join(REPOSITORY, "node_modules/source-map-support/register.js")).href;
    expect(sourcesOf(project("module"), ["--import", tsx, "--import", handler, "index.ts"])).toEqual(EXPECTED);
  });

  it("are the source's under tsx, for CommonJS", () => {
    expect(sourcesOf(project("commonjs"), ["--import", tsx, "index.ts"])).toEqual(EXPECTED);
  });

  it("are the source's under Pulumi's own loader", () => {
    const root = project("commonjs");
    const loader = path.join(REPOSITORY, "node_modules/@pulumi/pulumi/vendor/ts-node@7.0.1/index.js");
    const compiler = path.join(REPOSITORY, "node_modules/typescript");
    const start = `require(${JSON.stringify(loader)}).register({ typeCheck: false, transpileOnly: true, compiler: ${JSON.stringify(compiler)}, compilerOptions: { module: "commonjs", moduleResolution: "bundler" } }); require("./index.ts");`;
    expect(sourcesOf(root, ["-e", start])).toEqual(EXPECTED);
  });
});

it("leave the line out where no loader knows it, rather than tell another one", () => {
  const root = project("commonjs");
  const start = `const { readFileSync } = require("node:fs"); const { transpileModule } = require(${JSON.stringify(path.join(REPOSITORY, "node_modules/typescript"))});
    require.extensions[".ts"] = (m, file) => m._compile(transpileModule(readFileSync(file, "utf8"), { compilerOptions: { module: "commonjs", target: "es2022" } }).outputText, file);
    require("./index.ts");`;
  const found = sourcesOf(root, ["-e", start]) as Record<string, string[]>;
  for (const [key, [place]] of Object.entries(EXPECTED))
    expect([place, place!.replace(/:\d+$/, "")]).toContain(found[key]![0]);
  expect(found["actions.second"]).toEqual(["flows/helper.ts"]);
});

it("are no part of what is compared: a step that moved in its file is the same", () => {
  const here = compile(on.event("x"), [delay("a", "1d")]);
  const there = compile(on.event("x"), [delay("a", "1d")]);
  expect(here.sources).not.toEqual(there.sources);
  expect(here.actions).toEqual(there.actions);
});

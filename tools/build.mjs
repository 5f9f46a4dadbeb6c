// Builds the package: compiles the source folders into dist/, puts what is used of some libraries into one file each, bundles the Pulumi plugin,
// generates the JSON Schema of a pasted definition from its TypeScript type, collects the files that `hogflow init` writes, bundles the page of
// `hogflow show`, and writes down whose code is in it. Does nothing when no source changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "./engine/lock.mjs";
import { REPOSITORY } from "./setup.mjs";

const SOURCE_FOLDERS = [
  "definition",
  "rules",
  "api",
  "provider",
  "sdk",
  "simulator",
  "testing",
  "operate",
  "policy",
  "cli",
  "emulator",
  "show",
  "plugin",
];
const OTHER_SOURCES = [
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  "tools/build.mjs",
  "tools/definition-schema.mjs",
  "tools/licences.mjs",
];
const DIST = path.join(REPOSITORY, "dist");
const STAMP = path.join(DIST, ".stamp");

const SCHEMA_FILE = "definition.schema.json";

/** What `hogflow init` writes into projects. One file, because npm leaves some names, such as .gitignore, out of packages. */
const PROJECT_FILES = "project-files.json";
/** The folders that it is made of: the template of `pulumi new`, and the recipes for CI. */
const PROJECT_FOLDERS = { template: "template", github: "examples/github-actions", gitlab: "examples/gitlab-ci" };

/** The executable that the engine looks for. */
const PLUGIN = "pulumi-resource-hogflow";

/** Nobody reads what is used of a library, and it makes the largest files of the package. */
const SHORT = { minifyWhitespace: true, minifySyntax: true };

/**
 * The files that hold what they import: what the package uses of libraries that it does not ask for; and the lifecycle, which loads in half the time, and in which
 * people set breakpoints. It leaves zod where it is, because the package has that already.
 */
const INLINED = {
  "definition/schema/zod.ts": SHORT,
  "operate/show/dagre.ts": SHORT,
  "operate/show/html-parser.ts": SHORT,
  "provider/lifecycles.ts": { beside: { "./zod": "../definition/schema/zod" } },
};

/** Whose code is in the package, with their licences; and the same as data, for the bill of materials. */
const NOTICES = "THIRD-PARTY-NOTICES.txt";
export const BUNDLED = path.join(DIST, ".bundled.json");

/** Builds when a source changed since the last build. Two runs at once: one builds, the other waits. */
export async function build({ log = console.log } = {}) {
  if (isCurrent()) return;
  const release = await acquireLock(path.join(REPOSITORY, "node_modules", ".hogflow-build.lock"), {
    onWait: () => log("Another build is running; waiting for it."),
  });
  try {
    if (isCurrent()) return;
    const started = Date.now();
    log("Building dist/ …");
    // Before compiling, so that a source edited meanwhile is built next time.
    const stamp = sourceStamp();
    const fresh = path.join(REPOSITORY, "node_modules", ".hogflow-build");
    rmSync(fresh, { recursive: true, force: true });
    compile(fresh);
    const bundles = [];
    for (const [source, form] of Object.entries(INLINED)) bundles.push(await inline(fresh, source, form));
    bundles.push(await bundlePlugin(fresh), await bundlePage(fresh));
    await writeNotices(fresh, bundles);
    await makeSchema(fresh);
    collectProjectFiles(fresh);
    markCommands(fresh);
    writeFileSync(path.join(fresh, ".stamp"), stamp);
    // Whole and at once: no stale file stays, and nobody sees half a build.
    const old = `${fresh}.old`;
    rmSync(old, { recursive: true, force: true });
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
    rmSync(old, { recursive: true, force: true });
    log(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  } finally {
    release();
  }
}

function isCurrent() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === sourceStamp();
}

function sourceStamp() {
  const hash = createHash("sha256");
  const folders = [...SOURCE_FOLDERS, ...Object.values(PROJECT_FOLDERS)];
  const sources = folders.flatMap((folder) => filesOf(path.join(REPOSITORY, folder)));
  for (const file of [...sources, ...OTHER_SOURCES.map((name) => path.join(REPOSITORY, name))].sort()) {
    const content = readFileSync(file);
    hash.update(`${path.relative(REPOSITORY, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

function compile(outDir) {
  const tsc = path.join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
  if (!existsSync(tsc)) throw new Error("The packages are not installed: run npm ci first.");
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.json", "--outDir", outDir], {
    cwd: REPOSITORY,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error("The TypeScript compiler found errors; they are above.");
}

/** Whatever a library imports and does not use is left out: none of these does anything by being imported. */
const WITHOUT_UNUSED = {
  name: "without-unused",
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === WITHOUT_UNUSED || kind === "entry-point") return undefined;
      const found = await bundler.resolve(name, { kind, importer, resolveDir, pluginData: WITHOUT_UNUSED });
      return { ...found, sideEffects: false };
    });
  },
};

/** The packages whose code esbuild put into a bundle. */
async function packagesIn({ inputs, outputs }) {
  // Not at the top: this file must load without the packages.
  const { packagesOf } = await import("./licences.mjs");
  const used = new Set(
    Object.values(outputs).flatMap((output) =>
      Object.keys(output.inputs).filter((file) => output.inputs[file].bytesInOutput > 0),
    ),
  );
  return packagesOf(
    Object.keys(inputs)
      .filter((file) => used.has(file))
      .map((file) => path.resolve(REPOSITORY, file)),
  );
}

/** Replaces what a file imports, but for the package's dependencies, by the parts that are used, with the licences of libraries above them. */
async function inline(outDir, source, { beside = {}, ...form }) {
  const { build: bundle } = await import("esbuild");
  const { bannerOf } = await import("./licences.mjs");
  const file = source.replace(/ts$/, "js");
  const { metafile, outputFiles } = await bundle({
    absWorkingDir: REPOSITORY,
    entryPoints: [source],
    outfile: path.join(outDir, file),
    allowOverwrite: true,
    write: false,
    metafile: true,
    mainFields: ["module", "main"],
    plugins: [WITHOUT_UNUSED, leaving(beside)],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: Object.keys(packageManifest().dependencies),
    logLevel: "warning",
    ...form,
  });
  const packages = await packagesIn(metafile);
  writeFileSync(outputFiles[0].path, bannerOf(packages) + outputFiles[0].text);
  return { file, packages };
}

/** What is a file of its own, by how it is imported, and where it is from the bundle. */
const leaving = (beside) => ({
  name: "beside",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path: imported }) =>
      beside[imported] === undefined ? undefined : { path: beside[imported], external: true },
    );
  },
});

/** Once for the package, and once beside the plugin, which is installed without the rest of it. */
async function writeNotices(outDir, bundles) {
  const { bundledIn, noticeOf } = await import("./licences.mjs");
  const bundled = bundledIn(bundles);
  writeFileSync(path.join(outDir, NOTICES), noticeOf(bundled));
  writeFileSync(
    path.join(outDir, path.basename(BUNDLED)),
    JSON.stringify(bundled.map(({ name, version, licence, files }) => ({ name, version, licence, files }))),
  );
  const plugin = bundles
    .filter(({ file }) => path.basename(file) === PLUGIN)
    .map((bundle) => ({ ...bundle, file: PLUGIN }));
  writeFileSync(path.join(outDir, "plugin", "LICENSES.txt"), noticeOf(bundledIn(plugin)));
}

/** The script and the style of the page that `hogflow show` writes. */
async function bundlePage(outDir) {
  const { build: bundle } = await import("esbuild");
  const { metafile } = await bundle({
    absWorkingDir: REPOSITORY,
    entryPoints: {
      page: path.join(REPOSITORY, "show/app/main.tsx"),
      style: path.join(REPOSITORY, "show/app/page.css"),
    },
    outdir: path.join(outDir, "show"),
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome111", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "inline",
    metafile: true,
    logLevel: "warning",
  });
  return { file: "show/page.js", packages: await packagesIn(metafile) };
}

/** One executable file with all that it needs, so that it runs wherever there is Node. It has from package.json what it says of itself. */
export async function bundlePlugin(outDir, manifest = packageManifest()) {
  const folder = path.join(outDir, "plugin");
  const entry = path.join(REPOSITORY, "plugin", "main.ts");
  const { metafile } = await bundleExecutable(entry, path.join(folder, PLUGIN), manifest);
  // What Windows starts by that name.
  writeFileSync(path.join(folder, `${PLUGIN}.cmd`), `@node "%~dp0${PLUGIN}" %*\r\n`);
  return { file: `plugin/${PLUGIN}`, packages: await packagesIn(metafile) };
}

/** One executable file of this program and all that it imports. */
export async function bundleExecutable(entry, file, { version, repository } = packageManifest()) {
  const { build: bundle } = await import("esbuild");
  const made = await bundle({
    absWorkingDir: REPOSITORY,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    legalComments: "none",
    // Loaded for services that nobody asks for here.
    external: ["@grpc/proto-loader"],
    plugins: [PART_OF_UNDICI],
    define: { BUNDLED_MANIFEST: JSON.stringify({ version, repository }) },
    banner: { js: "#!/usr/bin/env node" },
    metafile: true,
    logLevel: "warning",
  });
  chmodSync(file, 0o755);
  return made;
}

const packageManifest = () => JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));

/** What the client uses of undici, whose index loads everything that a browser has, too. */
const PART_OF_UNDICI = {
  name: "part-of-undici",
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "part" }));
    build.onLoad({ filter: /.*/, namespace: "part" }, () => ({
      contents: `
        import Dispatcher from "./node_modules/undici/lib/dispatcher/dispatcher.js";
        import api from "./node_modules/undici/lib/api/index.js";
        // As the index does: through a proxy, \`connect\` makes the tunnel.
        Object.assign(Dispatcher.prototype, api);
        export { default as Agent } from "./node_modules/undici/lib/dispatcher/agent.js";
        export { default as EnvHttpProxyAgent } from "./node_modules/undici/lib/dispatcher/env-http-proxy-agent.js";`,
      resolveDir: REPOSITORY,
    }));
  },
};

async function makeSchema(outDir) {
  const { definitionSchema } = await import("./definition-schema.mjs");
  const require = createRequire(import.meta.url);
  const schema = definitionSchema((module) => require(path.join(outDir, `${module}.js`)));
  writeFileSync(path.join(outDir, SCHEMA_FILE), `${JSON.stringify(schema, null, 2)}\n`);
}

/** Their texts by folder and path. What only readers of this repository need stays out. */
function collectProjectFiles(outDir) {
  const texts = (folder) =>
    filesOf(folder)
      .filter((file) => !file.endsWith(".md") && !file.includes(`${path.sep}node_modules${path.sep}`))
      .sort()
      .map((file) => [path.relative(folder, file).split(path.sep).join("/"), readFileSync(file, "utf8")]);
  const files = Object.entries(PROJECT_FOLDERS).map(([name, folder]) => [
    name,
    Object.fromEntries(texts(path.join(REPOSITORY, folder))),
  ]);
  writeFileSync(path.join(outDir, PROJECT_FILES), `${JSON.stringify(Object.fromEntries(files))}\n`);
}

/** What package.json offers as a command must be executable. */
function markCommands(outDir) {
  const { bin } = packageManifest();
  for (const target of typeof bin === "string" ? [bin] : Object.values(bin ?? {})) {
    const file = path.join(outDir, path.relative("dist", target));
    if (existsSync(file)) chmodSync(file, 0o755);
  }
}

if (realpathSync(process.argv[1] ?? ".") === fileURLToPath(import.meta.url)) {
  try {
    const started = Date.now();
    let built = false;
    await build({ log: (line) => ((built = true), console.log(line)) });
    if (!built) console.log(`dist/ is up to date (checked in ${Date.now() - started} ms).`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

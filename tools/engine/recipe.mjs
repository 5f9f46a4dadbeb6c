// What the engine consists of, and which versions this project builds. The Go modules in go/ pin
// the same versions (a test compares them).
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Oldest Pulumi that keeps the inputs which a dynamic provider's `read` returns. */
export const MINIMUM_VERSION = "3.216.0";

/** The engine that is downloaded or built when the machine has none. */
export const ENGINE_VERSION = "3.259.0";

/** The executables that must be together for a TypeScript program with a dynamic provider to run. */
export const EXECUTABLES = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** What programs in YAML, Python and Go need besides. */
export const LANGUAGE_EXECUTABLES = [
  "pulumi-language-yaml",
  "pulumi-language-python",
  "pulumi-language-python-exec",
  "pulumi-language-go",
];

const here = path.dirname(fileURLToPath(import.meta.url));
const moduleFolder = (name) => path.join(here, "go", name);

/** The newest hosts of Node and Python that are part of a tagged Go module, and the newest of Go; each serves every 3.x engine, behind our shim. */
const HOSTS_VERSION = "3.68.0";
const GO_HOST_VERSION = "3.60.0";
const YAML_HOST_VERSION = "1.25.0";

/** Serves what is newer than those hosts: go/language-shim. Its links have the names that the engine looks for. */
const SHIM = "language-shim";

/**
 * @typedef {object} GoModule One executable to build.
 * @property {string} executable
 * @property {string} folder The module of ours that pins it.
 * @property {string} package
 * @property {string} version
 *
 * @typedef {object} Recipe What is built together.
 * @property {GoModule[]} modules
 * @property {string[]} shims Links to the shim.
 * @property {{ folder: string, module: string, file: string }[]} copies Files of Go modules: of those that the module in `folder` pins.
 */

/** @type {Recipe} */
export const ENGINE_RECIPE = {
  modules: [
    {
      executable: "pulumi",
      folder: moduleFolder("cli"),
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      version: ENGINE_VERSION,
    },
    {
      executable: "pulumi-language-nodejs-host",
      folder: moduleFolder("language-hosts"),
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      version: HOSTS_VERSION,
    },
    { executable: SHIM, folder: moduleFolder("language-shim"), package: ".", version: ENGINE_VERSION },
  ],
  shims: ["pulumi-language-nodejs"],
  copies: [],
};

/** @type {Recipe} */
export const LANGUAGES_RECIPE = {
  modules: [
    {
      executable: "pulumi-language-python-host",
      folder: moduleFolder("language-hosts"),
      package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
      version: HOSTS_VERSION,
    },
    {
      executable: "pulumi-language-go-host",
      folder: moduleFolder("language-go"),
      package: "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go",
      version: GO_HOST_VERSION,
    },
    {
      executable: "pulumi-language-yaml",
      folder: moduleFolder("language-yaml"),
      package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
      version: YAML_HOST_VERSION,
    },
  ],
  shims: ["pulumi-language-python", "pulumi-language-go"],
  copies: [
    {
      folder: moduleFolder("language-shim"),
      module: "github.com/pulumi/pulumi/sdk/v3",
      file: "python/cmd/pulumi-language-python-exec",
    },
  ],
};

export const SHIM_EXECUTABLE = SHIM;

/** Changes when a build would make something else. */
export function recipeKey({ modules, shims, copies }) {
  const hash = createHash("sha256").update(
    JSON.stringify([modules.map((module) => module.executable), shims, copies.map(({ file }) => file)]),
  );
  for (const folder of new Set([...modules, ...copies].map((part) => part.folder)))
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest("hex").slice(0, 12);
}

/** Files of our own beside what is built: what starts the dynamic provider and policy packs. */
export const LAUNCHER_FILES = [
  "pulumi-resource-pulumi-nodejs",
  "dynamic-provider.cjs",
  "pulumi-analyzer-policy-nodejs-pack",
  "policy-pack.cjs",
].map((name) => path.join(here, "launcher", name));

/** The root of the repository, where `node_modules` is. */
export const REPOSITORY = path.dirname(path.dirname(here));

/** -1, 0 or 1. Takes `v3.259.0`, `3.259.0-alpha.1` and the like; a pre-release counts as its release. */
export function compareVersions(a, b) {
  const left = parts(a);
  const right = parts(b);
  for (let i = 0; i < 3; i++) {
    if (left[i] !== right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}

function parts(version) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!match) throw new Error(`"${version}" is not a version`);
  return match.slice(1).map(Number);
}

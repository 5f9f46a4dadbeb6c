// What the engine consists of, and which versions this project builds. The Go modules in go/ pin
// the same versions (a test compares them).
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Oldest Pulumi that keeps the inputs which a dynamic provider's `read` returns. */
export const MINIMUM_VERSION = "3.216.0";

/** The engine that is downloaded or built when the machine has none. */
export const ENGINE_VERSION = "3.259.0";

/** The newest Node language host that is part of a tagged Go module; it serves every 3.x engine. */
export const LANGUAGE_HOST_VERSION = "3.68.0";

/** The executables that must be together for a TypeScript program with a dynamic provider to run. */
export const EXECUTABLES = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

const here = path.dirname(fileURLToPath(import.meta.url));

export const GO_MODULES = [
  {
    executable: "pulumi",
    folder: path.join(here, "go", "cli"),
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: ENGINE_VERSION,
  },
  {
    // Started by a launcher, which has the name that the engine looks for.
    executable: "pulumi-language-nodejs-host",
    folder: path.join(here, "go", "language-nodejs"),
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: LANGUAGE_HOST_VERSION,
  },
];

/** Files of our own beside the two binaries: what starts the language host and the dynamic provider. */
export const LAUNCHER_FILES = [
  "pulumi-language-nodejs",
  "language-host-flags.cjs",
  "pulumi-resource-pulumi-nodejs",
  "dynamic-provider.cjs",
].map((name) => path.join(here, "launcher", name));

/** The root of the repository, where `node_modules` is. */
export const REPOSITORY = path.dirname(here);

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

// The package managers that `hogflow init` knows: how each is recognised, how it installs, and what it needs besides.
import { existsSync } from "node:fs";
import path from "node:path";
import { nearest } from "../project/program";

/** Names as `--package-manager` takes them. */
export const PACKAGE_MANAGERS = ["npm", "pnpm", "yarn", "bun"] as const;
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

interface Row {
  lockFiles: readonly string[];
  install: readonly string[];
  /** How the `hogflow` of the project is run. */
  run: string;
  /** Lines of a pipeline that install what the lock file names. `@version` becomes the version that is used here. */
  pipeline: readonly string[];
}

const TABLE: Readonly<Record<PackageManager, Row>> = {
  npm: {
    lockFiles: ["package-lock.json", "npm-shrinkwrap.json"],
    install: ["install", "--no-audit", "--no-fund"],
    run: "npx hogflow",
    pipeline: ["npm ci"],
  },
  pnpm: {
    lockFiles: ["pnpm-lock.yaml"],
    // In a pipeline pnpm refuses to change the lock file, and here it is written.
    install: ["install", "--no-frozen-lockfile"],
    run: "pnpm hogflow",
    pipeline: ["npm install --global pnpm@version", "pnpm install --frozen-lockfile"],
  },
  yarn: {
    lockFiles: ["yarn.lock"],
    install: ["install"],
    run: "yarn hogflow",
    // What keeps the lock file has one name in Yarn 1, and another in later versions.
    pipeline: ["corepack enable", "yarn install --immutable || yarn install --frozen-lockfile"],
  },
  bun: {
    lockFiles: ["bun.lock", "bun.lockb"],
    install: ["install"],
    run: "bunx hogflow",
    pipeline: ["npm install --global bun@version", "bun install --frozen-lockfile"],
  },
};

const isKnown = (name: unknown): name is PackageManager => PACKAGE_MANAGERS.some((known) => known === name);

/**
 * The package manager of a folder: the one of its lock file, of `packageManager` in its package.json, or the one that runs this command; else npm.
 *
 * @example
 * ```ts
 * packageManagerOf({ dir: ".", package: { packageManager: "pnpm@10.0.0" }, env: {} }); // "pnpm"
 * ```
 */
export function packageManagerOf({
  dir,
  package: manifest,
  env,
}: {
  dir: string;
  package: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
}): PackageManager {
  const stated = String(manifest["packageManager"] ?? "").split("@")[0];
  if (isKnown(stated)) return stated;
  const has = (folder: string, name: PackageManager): boolean =>
    TABLE[name].lockFiles.some((file) => existsSync(path.join(folder, file)));
  const locked = PACKAGE_MANAGERS.find((name) => has(dir, name)) ?? ofWorkspace(dir, has);
  if (locked !== undefined) return locked;
  const running = env["npm_config_user_agent"]?.split("/")[0];
  return isKnown(running) ? running : "npm";
}

/** The lock file of a workspace lies in its root, beside `.git` or below it. */
function ofWorkspace(dir: string, has: (folder: string, name: PackageManager) => boolean): PackageManager | undefined {
  const root = nearest(dir, (folder) => existsSync(path.join(folder, ".git")));
  if (root === undefined) return undefined;
  const folder = nearest(dir, (above) => above === root || PACKAGE_MANAGERS.some((name) => has(above, name)));
  return folder === undefined ? undefined : PACKAGE_MANAGERS.find((name) => has(folder, name));
}

/** Arguments with which it installs what package.json names. */
export const installArguments = (manager: PackageManager): readonly string[] => TABLE[manager].install;

/** How a person runs the project's `hogflow`, such as `npx hogflow`. */
export const runsHogflow = (manager: PackageManager): string => TABLE[manager].run;

/**
 * Lines of a shell that install in a pipeline.
 *
 * @param version Of the package manager; its newest where it is not known.
 */
export const pipelineLines = (manager: PackageManager, version = "latest"): readonly string[] =>
  TABLE[manager].pipeline.map((line) => line.replace("@version", `@${version}`));

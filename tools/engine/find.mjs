// Finds the Pulumi engine that the demo and the tests run on, and makes one where there is none:
// PATH, this project's cache, the official download, a build from Go modules, or an error that
// says what was tried.
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { downloadEngine } from "./download.mjs";
import { buildFromGo, findOnPath, isExecutable } from "./go-build.mjs";
import { onInterrupt } from "./interrupt.mjs";
import { acquireLock, isAlive } from "./lock.mjs";
import { runCommand } from "./process.mjs";
import {
  compareVersions,
  ENGINE_VERSION,
  EXECUTABLES,
  GO_MODULES,
  LANGUAGE_HOST_VERSION,
  LAUNCHER_FILES,
  MINIMUM_VERSION,
} from "./recipe.mjs";

export { engineEnv } from "./env.mjs";
export { ENGINE_VERSION } from "./recipe.mjs";

const VERSION_COMMAND_MS = 30_000;
const MARKER = "engine.json";

/** What was tried, and why each failed, in the order of trying. */
export class EngineNotFound extends Error {
  /** @param {{ way: string, why: string }[]} attempts */
  constructor(attempts) {
    const tried = attempts.map(({ way, why }) => `  - ${way}: ${why}`).join("\n");
    super(
      `There is no Pulumi engine on this machine, and none could be made. Tried:\n${tried}\n` +
        `Install Pulumi ${MINIMUM_VERSION} or later (https://www.pulumi.com/docs/install/) so that \`pulumi version\` works, ` +
        "or Go (https://go.dev/dl), and run this again.",
    );
    this.name = "EngineNotFound";
    this.attempts = attempts;
  }
}

/** HOGFLOW_ENGINE_CACHE, or the user's cache folder: never inside the repository. */
export function defaultCacheDir(env = process.env) {
  if (env.HOGFLOW_ENGINE_CACHE) return path.resolve(env.HOGFLOW_ENGINE_CACHE);
  const base =
    env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : path.join(os.homedir(), ".cache");
  return path.join(base, "pulumi-hogflow", "engine");
}

/**
 * @typedef {object} FindEngineOptions
 * @property {(line: string) => void} [log] Takes what lasts long, line by line. Default: silent.
 * @property {NodeJS.ProcessEnv} [env] Default: the process's. Only PATH, XDG_CACHE_HOME and HOGFLOW_ENGINE_CACHE decide anything.
 * @property {string} [cacheDir] Where copies are kept. Default: `defaultCacheDir(env)`.
 * @property {() => Promise<void>} [beforeDownload] Called (by one run at a time) before an engine is made: the place to install npm packages, which the download needs.
 * @property {(pulumi: string, env: NodeJS.ProcessEnv) => Promise<string>} [readVersion] What an engine says it is. Default: runs `pulumi version`.
 * @property {(options: { root: string, env: NodeJS.ProcessEnv, log: (line: string) => void }) => Promise<void>} [download] Fills `root`/bin with the official download, or throws the reason.
 * @property {(options: { folder: string, env: NodeJS.ProcessEnv, log: (line: string) => void }) => Promise<void>} [build] Fills `folder` with a build from Go modules, or throws the reason.
 */

/**
 * @param {FindEngineOptions} options
 * @returns {Promise<{ folder: string, version: string, how: "path" | "cache" | "download" | "go" }>} `folder` is to be put first on PATH.
 */
export async function findEngine({
  log = () => {},
  env = process.env,
  cacheDir = defaultCacheDir(env),
  beforeDownload = async () => {},
  readVersion = pulumiVersion,
  download = downloadEngine,
  build = buildFromGo,
} = {}) {
  const attempts = [];
  const cache = { dir: cacheDir, root: path.join(cacheDir, `${ENGINE_VERSION}-${process.platform}-${process.arch}`) };

  const installed = await attempt(
    attempts,
    "PATH",
    () => findInstalled(env, readVersion),
    // An installation that is there but of no use is worth a word, none at all is not.
    (why) => findOnPath("pulumi", env) && log(`Not using the pulumi on PATH: ${why}`),
  );
  if (installed) return installed;

  const cached = await attempt(attempts, `cache ${cache.root}`, () => findCached(cache.root, readVersion, env));
  if (cached) return cached;

  const waited = (holder, seconds) =>
    log(`Another run (process ${holder.pid}) makes the engine; waiting for it${seconds ? ` … ${seconds} s` : "."}`);
  const release = await acquireLock(`${cache.root}.lock`, { onWait: waited });
  try {
    const made = await attempt([], "cache", () => findCached(cache.root, readVersion, env));
    if (made) return made;
    removeAbandoned(cache);
    await beforeDownload();
    const make = (way, how, fill) => {
      const run = () => fillCache(cache.root, how, readVersion, env, fill);
      return attempt(attempts, way, run, (why) => log(`No ${way}: ${why}`));
    };
    const engine =
      (await make("official download", "download", (root) => download({ root, env, log }))) ??
      (await make("build from Go modules", "go", (root) => build({ folder: path.join(root, "bin"), env, log })));
    if (engine) return engine;
  } finally {
    release();
  }
  throw new EngineNotFound(attempts);
}

async function attempt(attempts, way, find, onFailure = () => {}) {
  try {
    return await find();
  } catch (error) {
    attempts.push({ way, why: error.message });
    onFailure(error.message);
    return undefined;
  }
}

async function findInstalled(env, readVersion) {
  const pulumi = findOnPath("pulumi", env);
  if (!pulumi) throw new Error("there is no pulumi on it");
  // /usr/local/bin/pulumi is often a link into the folder that has the rest.
  const folder = path.dirname(realpathSync(pulumi));
  const missing = EXECUTABLES.filter((name) => !isExecutable(path.join(folder, name)) && !findOnPath(name, env));
  if (missing.length > 0) throw new Error(`${pulumi} comes without ${missing.join(" and ")}`);
  const version = await readVersion(pulumi, env);
  if (compareVersions(version, MINIMUM_VERSION) < 0) {
    throw new Error(`${pulumi} is version ${version}, older than ${MINIMUM_VERSION}`);
  }
  const beside = EXECUTABLES.every((name) => isExecutable(path.join(folder, name)));
  return { folder: beside ? folder : path.dirname(pulumi), version, how: "path" };
}

async function findCached(root, readVersion, env) {
  if (!existsSync(root)) throw new Error("nothing there");
  const marker = readMarker(root);
  if (!marker) throw new Error("an incomplete copy");
  if (marker.how === "go" && marker.languageHost !== LANGUAGE_HOST_VERSION) {
    throw new Error(`made with language host ${marker.languageHost}, not ${LANGUAGE_HOST_VERSION}`);
  }
  const folder = path.join(root, "bin");
  const version = await verify(
    folder,
    readVersion,
    env,
    marker.how === "go" ? GO_MODULES.map(({ executable }) => executable) : [],
  );
  if (marker.how === "go") refreshLaunchers(folder);
  return { folder, version, how: "cache" };
}

/** Makes the copy beside its place and renames it at the end, so that what has the name is whole. */
async function fillCache(root, how, readVersion, env, fill) {
  const partial = `${root}.partial-${process.pid}-${randomUUID().slice(0, 8)}`;
  const remove = () => rmSync(partial, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  try {
    mkdirSync(partial, { recursive: true });
    await fill(partial);
    const version = await verify(path.join(partial, "bin"), readVersion, env);
    writeFileSync(path.join(partial, MARKER), JSON.stringify({ version, how, languageHost: LANGUAGE_HOST_VERSION }));
    // Only a copy that was found unusable can be in the way.
    rmSync(root, { recursive: true, force: true });
    renameSync(partial, root);
    return { folder: path.join(root, "bin"), version, how };
  } finally {
    forget();
    remove();
  }
}

async function verify(folder, readVersion, env, parts = []) {
  const missing = [...EXECUTABLES, ...parts].filter((name) => !isExecutable(path.join(folder, name)));
  if (missing.length > 0) throw new Error(`without ${missing.join(" and ")}`);
  const version = await readVersion(path.join(folder, "pulumi"), env);
  if (version !== ENGINE_VERSION) throw new Error(`version ${version} instead of ${ENGINE_VERSION}`);
  return version;
}

function readMarker(root) {
  try {
    return JSON.parse(readFileSync(path.join(root, MARKER), "utf8"));
  } catch {
    return undefined;
  }
}

/** The launcher is ours and may be newer than the binaries. Replaced by rename: it may be running. */
function refreshLaunchers(folder) {
  for (const file of LAUNCHER_FILES) {
    const copy = path.join(folder, path.basename(file));
    const wanted = readFileSync(file);
    if (existsSync(copy) && readFileSync(copy).equals(wanted)) continue;
    const fresh = `${copy}.${randomUUID().slice(0, 8)}`;
    writeFileSync(fresh, wanted, { mode: 0o755 });
    renameSync(fresh, copy);
  }
}

/** Folders of runs that were killed before they could clean up. */
function removeAbandoned(cache) {
  const prefix = `${path.basename(cache.root)}.partial-`;
  for (const name of readdirSync(cache.dir)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split("-")[0]) : 0;
    if (pid > 0 && !isAlive(pid)) rmSync(path.join(cache.dir, name), { recursive: true, force: true });
  }
}

/** What `pulumi version` prints, without the v. */
async function pulumiVersion(pulumi, env) {
  // Even this command writes a log.
  const home = mkdtempSync(path.join(os.tmpdir(), "hogflow-engine-version-"));
  const remove = () => rmSync(home, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  const { code, stdout, stderr, timedOut } = await runCommand(pulumi, ["version"], {
    env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: VERSION_COMMAND_MS,
  });
  forget();
  remove();
  if (timedOut || code !== 0) {
    throw new Error(`\`${pulumi} version\` ${timedOut ? "gave no answer" : `failed: ${stderr.trim().slice(-200)}`}`);
  }
  return stdout.trim().replace(/^v/, "");
}

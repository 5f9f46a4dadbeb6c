// Finds the Pulumi engine that the demo and the tests run on, and makes one where there is none:
// PATH, this project's cache, the official download, a build from Go modules, or an error that
// says what was tried. What programs in YAML, Python and Go need is only looked for, and built, when asked for.
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { downloadEngine } from "./download.mjs";
import { buildFromGo, findOnPath, isExecutable } from "./go-build.mjs";
import { onInterrupt } from "./interrupt.mjs";
import { acquireLock, isAlive } from "./lock.mjs";
import { inPartialFolder } from "./partial.mjs";
import { runCommand } from "./process.mjs";
import {
  compareVersions,
  ENGINE_RECIPE,
  ENGINE_VERSION,
  EXECUTABLES,
  LANGUAGE_EXECUTABLES,
  LANGUAGES_RECIPE,
  LAUNCHER_FILES,
  MINIMUM_VERSION,
  recipeKey,
} from "./recipe.mjs";

export { engineEnv } from "./env.mjs";
export { ENGINE_VERSION } from "./recipe.mjs";

const VERSION_COMMAND_MS = 30_000;
/** What makes a copy complete: it is written last. */
const MARKER = "engine.json";
const LANGUAGES_MARKER = "languages.json";
/** A copy that nobody has used for so long is removed, once another is made. */
const UNUSED_MS = 60 * 24 * 60 * 60_000;

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
 * @property {boolean} [languages] Whether programs in YAML, Python and Go must run, too. Default: no.
 * @property {(line: string) => void} [log] Takes what lasts long, line by line. Default: silent.
 * @property {NodeJS.ProcessEnv} [env] Default: the process's. Only PATH, XDG_CACHE_HOME and HOGFLOW_ENGINE_CACHE decide anything.
 * @property {string} [cacheDir] Where copies are kept. Default: `defaultCacheDir(env)`.
 * @property {() => Promise<void>} [beforeDownload] Called (by one run at a time) before an engine is made: the place to install npm packages, which the download needs.
 * @property {(pulumi: string, env: NodeJS.ProcessEnv) => Promise<string>} [readVersion] What an engine says it is. Default: runs `pulumi version`.
 * @property {(options: { root: string, env: NodeJS.ProcessEnv, log: (line: string) => void }) => Promise<void>} [download] Fills `root`/bin with the official download, or throws the reason.
 * @property {(options: { recipe: import("./recipe.mjs").Recipe, folder: string, env: NodeJS.ProcessEnv, log: (line: string) => void }) => Promise<void>} [build] Fills `folder` with what the recipe makes, or throws the reason.
 */

/**
 * @param {FindEngineOptions} options
 * @returns {Promise<{ folder: string, version: string, how: "path" | "cache" | "download" | "go" }>} `folder` is to be put first on PATH.
 */
export async function findEngine({
  languages = false,
  log = () => {},
  env = process.env,
  cacheDir = defaultCacheDir(env),
  beforeDownload = async () => {},
  readVersion = pulumiVersion,
  download = downloadEngine,
  build = buildFromGo,
} = {}) {
  const attempts = [];
  // Of checkouts with different recipes, each has its own.
  const name = `${ENGINE_VERSION}-${process.platform}-${process.arch}-${recipeKey(ENGINE_RECIPE)}`;
  const cache = { dir: cacheDir, root: path.join(cacheDir, name) };
  const needed = languages ? [...EXECUTABLES, ...LANGUAGE_EXECUTABLES] : EXECUTABLES;

  const installed = await attempt(
    attempts,
    "PATH",
    () => findInstalled(env, readVersion, needed),
    // An installation that is there but of no use is worth a word, none at all is not.
    (why) => findOnPath("pulumi", env) && log(`Not using the pulumi on PATH: ${why}`),
  );
  if (installed) return installed;

  const cached = await attempt(attempts, `cache ${cache.root}`, () => findCached(cache.root, readVersion, env));
  if (cached && !(languages && lacksLanguages(cache.root))) return cached;

  const waited = (holder, seconds) =>
    log(`Another run (process ${holder.pid}) makes the engine; waiting for it${seconds ? ` … ${seconds} s` : "."}`);
  const release = await acquireLock(`${cache.root}.lock`, { onWait: waited });
  try {
    const engine =
      (await attempt([], "cache", () => findCached(cache.root, readVersion, env))) ??
      (await makeEngine({ cache, attempts, needed, log, env, beforeDownload, readVersion, download, build }));
    if (languages && lacksLanguages(cache.root)) await addLanguages({ cache, env, log, build });
    return engine;
  } finally {
    release();
  }
}

async function makeEngine({ cache, attempts, needed, log, env, beforeDownload, readVersion, download, build }) {
  removeAbandoned(cache);
  await beforeDownload();
  const make = (way, how, fill) => {
    // What a build lacks is built later; a download is the same next time.
    const parts = how === "go" ? BUILT : needed;
    const run = () => fillCache(cache.root, how, readVersion, env, { parts, fill });
    return attempt(attempts, way, run, (why) => log(`No ${way}: ${why}`));
  };
  const engine =
    (await make("official download", "download", (root) => download({ root, env, log }))) ??
    (await make("build from Go modules", "go", async (root) => {
      log("Building the Pulumi engine from Go modules: once for this machine, some 3 minutes on 2 cores.");
      const folder = path.join(root, "bin");
      await build({ recipe: ENGINE_RECIPE, folder, env, log });
      refreshLaunchers(folder);
    }));
  if (!engine) throw new EngineNotFound(attempts);
  return engine;
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

async function findInstalled(env, readVersion, needed) {
  const pulumi = findOnPath("pulumi", env);
  if (!pulumi) throw new Error("there is no pulumi on it");
  // /usr/local/bin/pulumi is often a link into the folder that has the rest.
  const folder = path.dirname(realpathSync(pulumi));
  const missing = needed.filter((name) => !isExecutable(path.join(folder, name)) && !findOnPath(name, env));
  if (missing.length > 0) throw new Error(`${pulumi} comes without ${missing.join(" and ")}`);
  const version = await readVersion(pulumi, env);
  if (compareVersions(version, MINIMUM_VERSION) < 0) {
    throw new Error(`${pulumi} is version ${version}, older than ${MINIMUM_VERSION}`);
  }
  const beside = needed.every((name) => isExecutable(path.join(folder, name)));
  return { folder: beside ? folder : path.dirname(pulumi), version, how: "path" };
}

async function findCached(root, readVersion, env) {
  if (!existsSync(root)) throw new Error("nothing there");
  const marker = readMarker(root, MARKER);
  if (!marker) throw new Error("an incomplete copy");
  const folder = path.join(root, "bin");
  const version = await verify(folder, readVersion, env, marker.how === "go" ? BUILT : EXECUTABLES);
  if (marker.how === "go") refreshLaunchers(folder);
  const now = new Date();
  utimesSync(path.join(root, MARKER), now, now);
  return { folder, version, how: "cache" };
}

/** What a build of the engine must have: the launchers start some of it. */
const BUILT = [...EXECUTABLES, ...ENGINE_RECIPE.modules.map(({ executable }) => executable)];
const BUILT_LANGUAGES = [...LANGUAGE_EXECUTABLES, ...LANGUAGES_RECIPE.modules.map(({ executable }) => executable)];

/** A download has them all. */
function lacksLanguages(root) {
  if (readMarker(root, MARKER)?.how !== "go") return false;
  return (
    readMarker(root, LANGUAGES_MARKER)?.recipe !== recipeKey(LANGUAGES_RECIPE) ||
    BUILT_LANGUAGES.some((name) => !isExecutable(path.join(root, "bin", name)))
  );
}

/** Builds them beside the copy, which may be in use, and moves each in. */
async function addLanguages({ cache: { root }, env, log, build }) {
  await inPartialFolder(root, async (partial) => {
    log("Building what programs in YAML, Python and Go need: once for this machine, about a minute on 2 cores.");
    const folder = path.join(partial, "bin");
    try {
      await build({ recipe: LANGUAGES_RECIPE, folder, env, log });
    } catch (error) {
      throw new Error(`What programs in YAML, Python and Go need cannot be built: ${error.message}`, { cause: error });
    }
    for (const name of readdirSync(folder)) renameSync(path.join(folder, name), path.join(root, "bin", name));
    writeFileSync(path.join(root, LANGUAGES_MARKER), JSON.stringify({ recipe: recipeKey(LANGUAGES_RECIPE) }));
  });
}

/** Makes the copy beside its place and renames it at the end, so that what has the name is whole. */
function fillCache(root, how, readVersion, env, { parts, fill }) {
  return inPartialFolder(root, async (partial) => {
    await fill(partial);
    const version = await verify(path.join(partial, "bin"), readVersion, env, parts);
    writeFileSync(path.join(partial, MARKER), JSON.stringify({ version, how }));
    // Only a copy that was found unusable can be in the way.
    rmSync(root, { recursive: true, force: true });
    renameSync(partial, root);
    return { folder: path.join(root, "bin"), version, how };
  });
}

async function verify(folder, readVersion, env, parts) {
  const missing = parts.filter((name) => !isExecutable(path.join(folder, name)));
  if (missing.length > 0) throw new Error(`without ${missing.join(" and ")}`);
  const version = await readVersion(path.join(folder, "pulumi"), env);
  if (version !== ENGINE_VERSION) throw new Error(`version ${version} instead of ${ENGINE_VERSION}`);
  return version;
}

function readMarker(root, name) {
  try {
    return JSON.parse(readFileSync(path.join(root, name), "utf8"));
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

/** Folders of runs that were killed before they could clean up, and copies that nobody uses. */
function removeAbandoned({ dir }) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const { name } = entry;
    const pid = Number(/\.partial-(\d+)-/.exec(name)?.[1] ?? 0);
    const isAbandoned = pid > 0 ? !isAlive(pid) : isUnused(path.join(dir, name, MARKER));
    if (isAbandoned) rmSync(path.join(dir, name), { recursive: true, force: true });
  }
}

function isUnused(marker) {
  const found = statSync(marker, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > UNUSED_MS;
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

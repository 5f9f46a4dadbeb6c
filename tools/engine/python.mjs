// The virtual environment that the Python programs of tests and demo start from: Pulumi's package and what an SDK of the
// plugin needs, in pinned versions. Made once for this machine, beside the engine. Whoever installs into it takes a copy.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defaultCacheDir } from "./find.mjs";
import { findOnPath } from "./go-build.mjs";
import { acquireLock } from "./lock.mjs";
import { inPartialFolder } from "./partial.mjs";
import { runCommand } from "./process.mjs";

const REQUIREMENTS = fileURLToPath(new URL("python/requirements.txt", import.meta.url));
const MINIMUM = [3, 10];
const LIMIT_MS = 10 * 60_000;
const MARKER = "complete";

/**
 * The folder of the virtual environment. Throws with what is missing.
 * @param {{ log?: (line: string) => void, env?: NodeJS.ProcessEnv, cacheDir?: string }} [options]
 */
export async function findPython({ log = () => {}, env = process.env, cacheDir = defaultCacheDir(env) } = {}) {
  const python = findOnPath("python3", env);
  if (!python) throw new Error("there is no python3 on PATH (https://www.python.org/downloads)");
  const version = await run(python, ["-c", "import sys; print(*sys.version_info[:3], sys.prefix)"], env);
  const [major, minor] = version.split(" ").map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]))
    throw new Error(`${python} is version ${major}.${minor}, older than ${MINIMUM.join(".")}`);
  const key = createHash("sha256").update(version).update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = path.join(cacheDir, `python-${key}`);
  const isMade = () => existsSync(path.join(folder, MARKER));
  if (isMade()) return folder;
  const release = await acquireLock(`${folder}.lock`, {
    onWait: () => log("Another run makes the virtual environment of Python; waiting for it."),
  });
  try {
    if (!isMade()) await inPartialFolder(folder, (partial) => make({ python, partial, folder, env, log }));
  } finally {
    release();
  }
  return folder;
}

async function make({ python, partial, folder, env, log }) {
  log("Making a virtual environment for Python programs: once for this machine, some 20 s.");
  // Debian has this module in a package of its own, python3-venv.
  await run(python, ["-m", "venv", partial], env);
  await run(pythonIn(partial), ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS], env);
  writeFileSync(path.join(partial, MARKER), "");
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** The interpreter of a virtual environment. Its other scripts know the folder that they were made in, and are not used. */
const pythonIn = (folder) => path.join(folder, "bin", "python");

async function run(command, args, env) {
  const { code, stdout, stderr, timedOut } = await runCommand(command, args, {
    env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: "1" },
    timeoutMs: LIMIT_MS,
  });
  if (code !== 0)
    throw new Error(
      `\`${command} ${args.join(" ")}\` ${timedOut ? "gave no answer" : `failed: ${(stderr || stdout).trim().slice(-500)}`}`,
    );
  return stdout.trim();
}

// The Chromium that the tests drive: one of this machine, or one that is installed for them. `node tools/chromium.mjs`
// does only that, and prints its file. Needs the packages and the build.
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { acquireLock } from "./engine/lock.mjs";
import { runCommand, secondsSince } from "./engine/process.mjs";
import { REPOSITORY, setUp } from "./setup.mjs";

const LIMIT_MS = 15 * 60_000;
/** With the fonts that the pages of the tests are drawn in, and the pictures in mails. */
const DEBIAN_PACKAGES = ["chromium", "fonts-liberation", "fonts-noto-color-emoji"];

/**
 * Finds a Chromium that starts, or installs one. Throws with all that was tried.
 * @param {{ log?: (line: string) => void, env?: NodeJS.ProcessEnv, ways?: { way: string, why: () => string | undefined, commands: string[][] }[], start?: (env: NodeJS.ProcessEnv) => Promise<{ file?: string, why?: string }> }} options
 *   `start` gives the file of a Chromium that has just been started, or why there is none.
 * @returns {Promise<string>} its file
 */
export async function findChromium({ log = () => {}, env = process.env, ways = WAYS, start = startOne } = {}) {
  const found = await start(env);
  if (found.file) return found.file;
  const tried = [`  - this machine: ${found.why}`];
  // As HOGFLOW_CHROMIUM has it, or not at all.
  if (!env.HOGFLOW_CHROMIUM) {
    const release = await acquireLock(path.join(os.tmpdir(), "hogflow-chromium.lock"), {
      onWait: () => log("Another run installs Chromium; waiting for it."),
    });
    try {
      for (const { way, why, commands } of ways) {
        const obstacle = why();
        const installed = obstacle ? { why: obstacle } : await install({ way, commands, env, log, start });
        if (installed.file) return installed.file;
        tried.push(`  - ${way}: ${installed.why}`);
      }
    } finally {
      release();
    }
  }
  throw new Error(
    `There is no Chromium on this machine that starts, and none could be installed. Tried:\n${tried.join("\n")}\n` +
      "Install Chromium or Chrome so that `chromium` or `google-chrome` is on PATH, or set HOGFLOW_CHROMIUM to its file, and run this again.",
  );
}

/** Ways to install one: each with what stands against it here, and its commands. */
const WAYS = [
  {
    way: "apt-get",
    why: () =>
      !existsSync("/usr/bin/apt-get")
        ? "this is no Debian or Ubuntu"
        : process.getuid?.() !== 0
          ? `only root can install packages: sudo apt-get install ${DEBIAN_PACKAGES[0]}`
          : undefined,
    commands: [
      ["apt-get", "update"],
      ["apt-get", "install", "--yes", "--no-install-recommends", ...DEBIAN_PACKAGES],
    ],
  },
  {
    way: "playwright-core install",
    why: () => undefined,
    commands: [
      [process.execPath, path.join(REPOSITORY, "node_modules", "playwright-core", "cli.js"), "install", "chromium"],
    ],
  },
];

async function install({ way, commands, env, log, start }) {
  log(`Installing Chromium (${way}) …`);
  const started = Date.now();
  for (const [command, ...args] of commands) {
    const { code, stderr, timedOut } = await runCommand(command, args, {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
      timeoutMs: LIMIT_MS,
      heartbeat: (seconds) => log(`  ${way} … ${seconds} s`),
    });
    if (code !== 0) return { why: timedOut ? "took too long" : stderr.trim().split("\n").slice(-3).join(" ") };
  }
  const installed = await start(env);
  if (installed.file) log(`Chromium installed in ${secondsSince(started)} s.`);
  return installed;
}

async function startOne(env) {
  // Not at the top: it is part of the build.
  const { startChromium } = createRequire(import.meta.url)("../dist/operate/show/chromium.js");
  try {
    const { browser, file } = await startChromium({ cwd: REPOSITORY, env });
    await browser.close();
    return { file };
  } catch (error) {
    return { why: error.why ?? error.what ?? error.message };
  }
}

if (realpathSync(process.argv[1] ?? ".") === fileURLToPath(import.meta.url)) {
  try {
    await setUp();
    console.log(await findChromium({ log: console.log }));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

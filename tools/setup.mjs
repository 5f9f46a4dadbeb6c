// Makes a clone ready: Node new enough, packages installed, package built. Quick when nothing changed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onInterrupt } from "./engine/interrupt.mjs";
import { acquireLock } from "./engine/lock.mjs";
import { secondsSince } from "./engine/process.mjs";

export const REPOSITORY = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const NODE_MINIMUM = [20, 19];

/** Checks Node, runs `npm ci` when needed, builds when needed. Throws with what to do. */
export async function setUp({ log = console.log } = {}) {
  checkNode();
  await installPackages({ log });
  // Not at the top: the build needs the packages, and this file must load without them.
  const { build } = await import("./build.mjs");
  await build({ log });
}

/** Throws when this Node is too old for the packages. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if (major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1])) return;
  throw new Error(
    `Node ${NODE_MINIMUM.join(".")} or later is needed; this is ${version}. See https://nodejs.org/en/download.`,
  );
}

/** `npm ci`, unless node_modules is what package-lock.json says. Two runs at once: one installs, the other waits. */
export async function installPackages({ log = console.log, repository = REPOSITORY } = {}) {
  if (isInstalled(repository)) return;
  // Outside node_modules, which npm ci removes.
  const name = `hogflow-install-${sha256(repository).slice(0, 16)}.lock`;
  const release = await acquireLock(path.join(os.tmpdir(), name), {
    onWait: () => log("Another run installs the packages; waiting for it."),
  });
  try {
    if (isInstalled(repository)) return;
    log("Installing packages (npm ci) …");
    const started = Date.now();
    await npmCi(repository);
    writeFileSync(stampFile(repository), lockStamp(repository));
    log(`Packages installed in ${secondsSince(started)} s.`);
  } finally {
    release();
  }
}

function npmCi(repository) {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["ci", "--no-audit", "--no-fund"], {
      cwd: repository,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    });
    const forget = onInterrupt(() => child.kill());
    child.on("error", (error) => reject(new Error(`npm cannot be run (${error.message}): it comes with Node.`)));
    child.on("close", (code) => {
      forget();
      if (code === 0) resolve();
      else reject(new Error("npm ci failed; its output above says why."));
    });
  });
}

function isInstalled(repository) {
  const stamp = lockStamp(repository);
  const file = stampFile(repository);
  if (existsSync(file) && readFileSync(file, "utf8") === stamp) return true;
  // A developer's own `npm install` leaves our stamp as it was, or none, but npm's copy of the lock file tells.
  if (!agrees(path.join(repository, "node_modules", ".package-lock.json"), lockFile(repository))) return false;
  writeFileSync(file, stamp);
  return true;
}

function lockStamp(repository) {
  return sha256(lockFile(repository));
}

function lockFile(repository) {
  return readFileSync(path.join(repository, "package-lock.json"));
}

function stampFile(repository) {
  return path.join(repository, "node_modules", ".hogflow-lock-stamp");
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

/** Whether what npm says it installed is what the lock file asks for (of its optional packages, a part is). */
function agrees(installedFile, lock) {
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(lock).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  const version = (packages, name) => packages[name]?.version ?? packages[name]?.resolved;
  const names = new Set(
    [...Object.keys(wanted), ...Object.keys(installed)].filter((name) => name.startsWith("node_modules/")),
  );
  return [...names].every(
    (name) => version(wanted, name) === version(installed, name) || (wanted[name]?.optional && !installed[name]),
  );
}

// A lock between processes: the first builds, the others wait. Losing it costs a second build and
// never a wrong result, because whoever builds does so in a folder of its own and renames it at the end.
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onInterrupt } from "./interrupt.mjs";
import { secondsSince } from "./process.mjs";

const POLL_MS = 300;
const TOUCH_MS = 5_000;
// A live holder touches its lock; this is for holders on another host, whose pid says nothing here.
const SILENT_AFTER_MS = 60_000;

/**
 * Waits for the lock, and resolves to the function that gives it back.
 * @param {string} file
 * @param {{ onWait?: (holder: { pid: number }, seconds: number) => void, onWaitEveryMs?: number }} options
 * @returns {Promise<() => void>}
 */
export async function acquireLock(file, { onWait = () => {}, onWaitEveryMs = 15_000 } = {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, host: os.hostname(), nonce: randomUUID() });
  const started = Date.now();
  let told = -Infinity;
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: "wx" });
      return hold(file, mine);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = inspect(file);
    if (holder === undefined) continue;
    if (holder.stale) {
      takeAway(file, holder.text);
      continue;
    }
    if (Date.now() - told >= onWaitEveryMs) {
      told = Date.now();
      onWait(holder, secondsSince(started));
    }
    await sleep(POLL_MS);
  }
}

function hold(file, mine) {
  const touch = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Taken away: see the head of this file.
    }
  }, TOUCH_MS);
  touch.unref();
  const release = () => {
    clearInterval(touch);
    if (read(file) === mine) rmSync(file, { force: true });
  };
  const forget = onInterrupt(release);
  return () => {
    forget();
    release();
  };
}

function inspect(file) {
  const text = read(file);
  if (text === undefined) return undefined;
  let age;
  try {
    age = Date.now() - statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
  let holder = { pid: 0, host: "" };
  try {
    holder = JSON.parse(text);
  } catch {
    // Between creation and writing, or left empty by a crash: its age decides.
  }
  const dead = holder.pid > 0 && holder.host === os.hostname() && !isAlive(holder.pid);
  return { pid: holder.pid, text, stale: dead || age > SILENT_AFTER_MS };
}

function takeAway(file, seen) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // Another waiter was first.
  }
  // Another waiter may have replaced the stale lock by its own meanwhile: give that one back.
  const taken = read(aside);
  rmSync(aside, { force: true });
  if (taken !== undefined && taken !== seen) {
    try {
      writeFileSync(file, taken, { flag: "wx" });
    } catch {
      // A third holds it now: at worst two build.
    }
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Whether a process of this host runs. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

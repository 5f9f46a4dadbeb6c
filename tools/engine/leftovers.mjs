// Ends what a run of the engine left behind. A provider process outlives an engine that was killed, and
// plugins have process groups of their own, so neither parent nor group finds them all; a variable
// in the environment, which every child inherits, does.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/**
 * The processes of this machine, other than this one, whose environment has NAME=value.
 * @returns {{ pid: number, command: string }[]}
 */
export function findMarked(name, value) {
  const marker = `${name}=${value}`;
  const found = process.platform === "linux" ? fromProc(marker) : fromPs(marker);
  return found.filter(({ pid }) => pid !== process.pid);
}

/** Ends them, at once. Returns their number. */
export function killMarked(name, value, signal = "SIGKILL") {
  const found = findMarked(name, value);
  for (const { pid } of found) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone meanwhile.
    }
  }
  return found.length;
}

function fromProc(marker) {
  const found = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, "latin1").split("\0").includes(marker)) continue;
      const command = readFileSync(`/proc/${entry}/cmdline`, "latin1").split("\0").join(" ").trim();
      found.push({ pid: Number(entry), command });
    } catch {
      // Ended meanwhile, or another user's.
    }
  }
  return found;
}

function fromPs(marker) {
  if (process.platform === "win32") return [];
  const lines = execFileSync("ps", ["-Eww", "-axo", "pid=,command="], { encoding: "utf8", maxBuffer: 1 << 26 }).split(
    "\n",
  );
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match && ` ${match[2]} `.includes(` ${marker} `) ? [{ pid: Number(match[1]), command: match[2] }] : [];
  });
}

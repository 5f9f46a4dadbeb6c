// Runs a command to its end: with a time limit, a sign of life while it runs, and no children left behind.
import { spawn } from "node:child_process";
import { onInterrupt } from "./interrupt.mjs";

const HEARTBEAT_MS = 15_000;
const KEPT_OUTPUT = 64 * 1024;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, heartbeat?: (seconds: number) => void }} options
 * @returns {Promise<{ code: number, stdout: string, stderr: string, timedOut: boolean }>} code is -1 when the
 *   command could not be started or was ended by a signal; stderr then says so.
 */
export function runCommand(command, args, { cwd, env, timeoutMs, heartbeat } = {}) {
  return new Promise((resolve) => {
    const started = Date.now();
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    // A group of its own, so that the compilers of `go build` end with it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const end = () => {
      try {
        if (child.pid) process.kill(-child.pid, "SIGKILL");
      } catch {
        // Already gone.
      }
    };
    const forget = onInterrupt(end);
    const limit = timeoutMs && setTimeout(() => ((timedOut = true), end()), timeoutMs);
    const beat = heartbeat && setInterval(() => heartbeat(secondsSince(started)), HEARTBEAT_MS);
    const finish = (code) => {
      forget();
      clearTimeout(limit);
      clearInterval(beat);
      resolve({ code, stdout, stderr, timedOut });
    };
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout = (stdout + text).slice(-KEPT_OUTPUT)));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr = (stderr + text).slice(-KEPT_OUTPUT)));
    child.on("error", (error) => {
      stderr += error.message;
      finish(-1);
    });
    child.on("close", (code, signal) => {
      if (signal) stderr += `\nended by ${signal}`;
      finish(code ?? -1);
    });
  });
}

export function secondsSince(started) {
  return Math.round((Date.now() - started) / 1000);
}

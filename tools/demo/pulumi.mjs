// One `pulumi` command: its output handed on line by line, with its colours, and given back whole, without.
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

const LIMIT_MS = 180_000;
const LATE_OUTPUT_MS = 500;

/**
 * @param {string} executable
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string>, onLine?: (line: string) => void, kill: () => void, limitMs?: number }} options
 *   `kill` ends the command and everything that it started
 * @returns {Promise<{ code: number, stdout: string, output: string }>} code is -1 when it was ended
 */
export function runPulumi(executable, args, { cwd, env, onLine = () => {}, kill, limitMs = LIMIT_MS }) {
  return new Promise((resolve, reject) => {
    // A session of its own: Ctrl-C in the terminal is for the demo, which then ends this.
    const child = spawn(executable, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    const receive = (stream, own) => {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text) => {
        if (own) stdout += text;
        output += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop();
        lines.forEach((line) => onLine(line));
      });
      return () => rest && onLine(rest);
    };
    const flushes = [receive(child.stdout, true), receive(child.stderr, false)];
    const limit = setTimeout(() => {
      onLine(`(ended by the demo: it took more than ${limitMs / 1000} s)`);
      kill();
    }, limitMs);
    child.on("error", reject);
    // Not "close" alone: a provider that outlives its engine keeps the pipes open.
    child.on("exit", (code) => {
      clearTimeout(limit);
      const late = setTimeout(done, LATE_OUTPUT_MS);
      child.on("close", done);
      function done() {
        clearTimeout(late);
        child.off("close", done);
        flushes.forEach((flush) => flush());
        resolve({
          code: code ?? -1,
          stdout: stripVTControlCharacters(stdout),
          output: stripVTControlCharacters(output),
        });
      }
    });
  });
}

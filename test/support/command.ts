// The built command, as a user runs it.
import { spawn } from "node:child_process";
import path from "node:path";

export const COMMAND = path.resolve(import.meta.dirname, "../../dist/cli/main.js");

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** `hogflow` with these arguments. Of the test's own environment it gets the path alone. */
export function hogflow(
  args: readonly string[],
  { cwd, env = {}, input = "" }: { cwd?: string; env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

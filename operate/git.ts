// Runs the `git` command that is on PATH, and words what goes wrong.
import { execFile } from "node:child_process";
import { OperateError } from "./errors";

export interface GitOptions {
  /** Folder in which it runs. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal | undefined;
  /** What it is run for, for the error where there is no `git`. */
  why: string;
}

const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * What `git` printed, without the last line end; undefined where it failed, if `mayFail`.
 *
 * @throws OperateError when there is no `git` on PATH, or when it fails, with what it said.
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<string>;
export function runGit(args: readonly string[], options: GitOptions & { mayFail: true }): Promise<string | undefined>;
export function runGit(
  args: readonly string[],
  { cwd, env, signal, why, mayFail }: GitOptions & { mayFail?: true },
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      [...args],
      // Its messages are looked into, so they must be in one language.
      { cwd, env: { ...env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0" }, signal, maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        if (signal?.aborted) return reject(signal.reason);
        if (error === null) return resolve(stdout.replace(/\n$/, ""));
        if (error.code === "ENOENT")
          return reject(
            new OperateError({ what: "The command `git` was not found", why, fix: "Install it and put it on PATH" }),
          );
        if (mayFail) return resolve(undefined);
        const said = stderr.trim().replace(/^fatal: /, "");
        reject(
          new OperateError({
            what: `\`git ${args[0]}\` failed: ${said || `it ended with ${String(error.code)}`}`,
            why,
          }),
        );
      },
    );
  });
}

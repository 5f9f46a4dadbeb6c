// Runs the `pulumi` command that is on PATH, and words what goes wrong. Its secrets stay between it and the caller: no output is in an error
// unless it is from standard error.
import { execFile } from "node:child_process";
import { OperateError } from "./errors";

/** How `pulumi` is run. */
export interface PulumiOptions {
  /** Folder of the project. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
  /** Why it is run, for the error when there is no `pulumi`. */
  why: string;
  /** Exit codes that are no failure. Default: only 0. */
  accept?: readonly number[];
}

/** What `pulumi` printed, and its exit code. */
export interface PulumiResult {
  code: number;
  stdout: string;
  stderr: string;
}

const MAX_OUTPUT = 512 * 1024 * 1024;

/**
 * Runs `pulumi` and gives what it printed.
 *
 * @throws OperateError when there is no `pulumi` on PATH, or when it fails (with what it said).
 *
 * @example
 * const { stdout } = await runPulumi(["stack", "export", "--stack", "dev"], { cwd: ".", env: process.env, why: "The state of the stack is needed" });
 */
export function runPulumi(
  args: readonly string[],
  { cwd, env, signal, why, accept = [0] }: PulumiOptions,
): Promise<PulumiResult> {
  return new Promise((resolve, reject) => {
    execFile(
      "pulumi",
      [...args],
      { cwd, env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, signal, maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        if (signal?.aborted) return reject(signal.reason);
        const code = error === null ? 0 : error.code;
        if (code === "ENOENT")
          return reject(
            new OperateError({
              what: "The command `pulumi` was not found",
              why,
              fix: "Install it (https://www.pulumi.com/docs/install) and put it on PATH",
            }),
          );
        if (typeof code === "number" && accept.includes(code)) return resolve({ code, stdout, stderr });
        const said = stderr.trim().replace(/^error: /, "");
        reject(
          new OperateError({
            what: `\`pulumi ${args.slice(0, 2).join(" ")}\` failed: ${said === "" ? `it ended with ${String(code ?? error?.signal)} and printed nothing` : said}`,
            why,
            fix: said.startsWith("no stack named ")
              ? "Name another stack with --stack: pulumi stack ls lists them"
              : "Run it yourself to see more",
          }),
        );
      },
    );
  });
}

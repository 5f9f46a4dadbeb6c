// Which stack the running `pulumi` command is about. The engine does not say it to its providers, so it is read off the command that started this process:
// what cannot be known for certain is not said.
import { readFileSync } from "node:fs";
import path from "node:path";

/** A stack, with its project where the command names it. */
export interface RunningStack {
  project?: string;
  stack: string;
}

interface Running {
  parent: number;
  args: string[];
}

/** Only Linux says where one argument ends and the next begins. */
function running(pid: number): Running | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold anything; state and parent come after it.
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(parent), args: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1) };
  } catch {
    return undefined;
  }
}

/** What `--stack` says, where it is there once. */
export function stackOfArguments(args: readonly string[]): string | undefined {
  const named = args.flatMap((arg, i) =>
    arg === "--stack" || arg === "-s" ? [args[i + 1]] : (/^(?:--stack|-s)=(.+)$/s.exec(arg)?.slice(1) ?? []),
  );
  return named.length === 1 ? named[0] : undefined;
}

/** `stack`, `organization/stack` or `organization/project/stack`. */
export function parseStack(text: string | undefined): RunningStack | undefined {
  const parts = text?.split("/") ?? [];
  const stack = parts.at(-1);
  return stack === undefined || stack === ""
    ? undefined
    : { stack, ...(parts.length === 3 ? { project: parts[1]! } : {}) };
}

/** The stack of the nearest `pulumi` that this process descends from: its `--stack`, or PULUMI_STACK. Nothing for a stack that was selected earlier. */
export function runningStack(env: Readonly<Record<string, string | undefined>>): RunningStack | undefined {
  for (let at = running(process.ppid); at; at = at.parent > 1 ? running(at.parent) : undefined) {
    if (path.basename(at.args[0] ?? "") === "pulumi")
      return parseStack(
        stackOfArguments(at.args) ??
          (at.args.some((arg) => /^(--stack|-\w*s)/.test(arg)) ? undefined : env["PULUMI_STACK"]),
      );
  }
  return undefined;
}

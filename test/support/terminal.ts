// A command as a terminal runs it: in a process group of its own, to which Ctrl-C goes.
import { spawn } from "node:child_process";
import path from "node:path";
import { readFileSync } from "node:fs";
import { engineFolder, type CommandResult, type Stack } from "./engine";
import { isProvider } from "./transport";

export interface Foreground {
  /** Ctrl-C: SIGINT to every process of the group, at once. */
  interrupt(): void;
  /** Resolves once the output so far matches. Rejects when the command ends without it. */
  said(pattern: RegExp): Promise<void>;
  /** The pids of this stack's providers, and whether each is in the command's process group. */
  providers(): { pid: number; inGroup: boolean }[];
  ended: Promise<CommandResult>;
}

/** Starts `pulumi up` without its preview. */
export async function upInTerminal(stack: Stack): Promise<Foreground> {
  const args = ["up", "--yes", "--skip-preview", "--stack", stack.stack, "--non-interactive", "--color", "never"];
  const child = spawn(path.join(await engineFolder(), "pulumi"), args, {
    cwd: stack.dir,
    env: stack.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const look of waiting) look();
    });
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ code: code ?? -1, ...(signal ? { signal } : {}), stdout: output, stderr: "", output }),
    );
  });
  return {
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`the command ended without ${String(pattern)}:\n${output}`)), reject);
      }),
    interrupt: () => void process.kill(-child.pid!, "SIGINT"),
    providers: () =>
      stack
        .processes()
        .filter(({ command }) => isProvider(command))
        .map(({ pid }) => ({ pid, inGroup: groupOf(pid) === child.pid })),
  };
}

function groupOf(pid: number): number | undefined {
  try {
    // After the command's name in brackets: state, parent, group.
    return Number(
      readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ")[2],
    );
  } catch {
    return undefined;
  }
}

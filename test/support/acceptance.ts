// `npm run acceptance`, as somebody starts it against an address of theirs.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Emulator } from "../../emulator";
import { engineFolder } from "./engine";

const ROOT = path.resolve(import.meta.dirname, "../..");
export const ACCEPTANCE_KEY = "phx_acceptance";

export interface Accepted {
  code: number | null;
  output: string;
  /** report.json, where there is one. */
  report: any;
}

export interface Acceptance {
  readonly child: ChildProcess;
  readonly ended: Promise<Accepted>;
}

interface Given {
  /** Where temporary files go. */
  temporary: string;
  key?: string;
  /** A shell starts it, as npm does. Default: this process. */
  shell?: boolean;
}

/** Starts it, as the leader of a process group of its own. */
export async function startAcceptance(
  emulator: Emulator,
  args: readonly string[],
  { temporary, key = ACCEPTANCE_KEY, shell = false }: Given,
): Promise<Acceptance> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-report-"));
  const engine = await engineFolder();
  const command = [
    process.execPath,
    ...["tools/acceptance.mjs", "--host", emulator.url, "--project", "1", "--report", folder, ...args],
  ];
  // The shell stays, because something comes after.
  const [file, ...rest] = shell ? ["/bin/sh", "-c", '"$@"; exit $?', "sh", ...command] : command;
  const child = spawn(file!, rest, {
    cwd: ROOT,
    env: {
      ...process.env,
      PATH: [engine, process.env["PATH"]].join(path.delimiter),
      TMPDIR: temporary,
      POSTHOG_API_KEY: key,
    },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = new Promise<Accepted>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", async (code) => {
      const report = await readFile(path.join(folder, "report.json"), "utf8").then(JSON.parse, () => undefined);
      resolve({ code, output, report });
    });
  });
  return { child, ended };
}

export const acceptance = async (emulator: Emulator, args: readonly string[], options: Given): Promise<Accepted> =>
  (await startAcceptance(emulator, args, options)).ended;

// The matrix from the command line: `npm run matrix`, `npm run matrix -- --only "delay: config"`, `npm run matrix -- --transport plugin`. It works in several processes, each with an
// emulator of its own and every n-th batch of cells.
import { fork } from "node:child_process";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { Bench, type Outcome } from "./bench";
import type { Transport } from "../support/transport";
import type { Cell } from "./cell";
import { matrixCells } from "./matrix";
import { report } from "./report";

const BATCH = 200;
const MAX_PROCESSES = 4;
const PROGRESS_MS = 5_000;

/** An outcome on its way between processes: cells hold functions, so they go by their place. */
interface Told extends Omit<Outcome, "cell"> {
  place: number;
}

const argument = (name: string): string | undefined => {
  const i = process.argv.indexOf(name);
  return i < 0 ? undefined : process.argv[i + 1];
};

const TRANSPORTS: readonly (string | undefined)[] = ["dynamic", "plugin"];
const transport = (): Transport => (argument("--transport") === "plugin" ? "plugin" : "dynamic");

async function chosenCells(bench: Bench): Promise<{ cells: Cell[]; all: number }> {
  const only = argument("--only");
  const all = await matrixCells(bench);
  return {
    cells:
      only === undefined
        ? all
        : all.filter(({ field, kind, note = "", mode }) => `${field} ${kind} ${note} ${mode}`.includes(only)),
    all: all.length,
  };
}

/** One of the processes: runs its share and tells what came of it. */
async function share(which: number, of: number): Promise<void> {
  const bench = await Bench.start(transport());
  const { cells } = await chosenCells(bench);
  for (let start = which * BATCH; start < cells.length; start += of * BATCH) {
    const outcomes = await bench.run(cells.slice(start, start + BATCH));
    process.send!(outcomes.map(({ cell: _, ...rest }, i): Told => ({ ...rest, place: start + i })));
  }
  await bench.stop();
  process.disconnect();
}

function inProcess(which: number, of: number, take: (told: Told[]) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), "--share", `${which}/${of}`]);
    const end = (): void => void child.kill();
    process.once("exit", end);
    child.on("message", (told) => take(told as Told[]));
    child.on("error", reject);
    child.on(
      "exit",
      (code, signal) => (
        process.off("exit", end),
        code === 0 ? resolve() : reject(new Error(`a process of the matrix ended with ${signal ?? code}`))
      ),
    );
  });
}

async function main(): Promise<void> {
  const [which, of] = (argument("--share") ?? "").split("/").map(Number);
  if (which !== undefined && of !== undefined) return share(which, of);
  if (process.argv.includes("--transport") && !TRANSPORTS.includes(argument("--transport")))
    throw new Error("--transport takes dynamic or plugin.");
  const started = Date.now();
  const seconds = (): number => (Date.now() - started) / 1000;
  const bench = await Bench.start(transport());
  const { cells, all } = await chosenCells(bench);
  await bench.stop();
  const only = argument("--only");
  const processes = Math.max(1, Math.min(MAX_PROCESSES, os.availableParallelism(), Math.ceil(cells.length / BATCH)));
  console.log(
    only === undefined
      ? `Drift matrix, ${transport()}: ${cells.length} cells, ${processes} processes`
      : `Drift matrix, ${transport()}: ${cells.length} of ${all} cells, for "${only}"`,
  );
  const outcomes: Outcome[] = [];
  const progress = setInterval(
    () => console.log(`  ${outcomes.length} of ${cells.length} cells after ${seconds().toFixed(0)} s`),
    PROGRESS_MS,
  );
  try {
    const take = (told: Told[]): void =>
      void outcomes.push(...told.map(({ place, ...rest }) => ({ ...rest, cell: cells[place]! })));
    await Promise.all(Array.from({ length: processes }, (_, i) => inProcess(i, processes, take)));
  } finally {
    clearInterval(progress);
  }
  const { lines, ok } = report(outcomes, { whole: only === undefined, expected: cells.length, seconds: seconds() });
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});

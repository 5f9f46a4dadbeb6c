// The matrix from the command line: `npm run matrix`, `npm run matrix -- --only "delay: config"`.
import { matrixCells } from "./matrix";
import { Bench, type Outcome } from "./bench";
import { report } from "./report";

const BATCH = 200;

const only = ((): string | undefined => {
  const i = process.argv.indexOf("--only");
  return i < 0 ? undefined : process.argv[i + 1];
})();

async function main(): Promise<void> {
  const started = Date.now();
  const bench = await Bench.start();
  const all = await matrixCells(bench);
  const cells = only === undefined ? all : all.filter((cell) => `${cell.field} ${cell.kind} ${cell.note ?? ""} ${cell.mode}`.includes(only));
  console.log(`${cells.length} cells${only === undefined ? "" : ` of ${all.length}, for "${only}"`}`);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < cells.length; i += BATCH) {
    outcomes.push(...(await bench.run(cells.slice(i, i + BATCH))));
    if ((i / BATCH) % 10 === 9) console.log(`  ${outcomes.length} of ${cells.length} after ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  await bench.stop();
  const { lines, ok } = report(outcomes, { whole: only === undefined, seconds: (Date.now() - started) / 1000 });
  for (const line of lines) console.log(line);
  process.exitCode = ok ? 0 : 1;
}

void main();

// A part of the drift matrix with every run of the tests, on both transports: one change of every field, and one in a few of all other cells. `npm run matrix` runs it all.
import { expect, it } from "vitest";
import { random } from "../support/random-flow";
import type { Transport } from "../support/transport";
import { Bench, FAULTS, type Outcome } from "./bench";
import { KINDS, type Cell } from "./cell";
import { fieldNames } from "./field-cells";
import { matrixCells } from "./matrix";
import { faultLine, fieldGaps } from "./report";

const SEED = 20261010;
/** Of the cells that are no field's only change. The lifecycle behind the two is one, so the second needs fewer. */
const SHARE: Readonly<Record<Transport, number>> = { dynamic: 1 / 25, plugin: 1 / 100 };
const BATCH = 200;
const THOUSANDS = 5_000;

const TRANSPORTS: readonly Transport[] = ["dynamic", "plugin"];

it.each(TRANSPORTS)(
  "every field's change is seen where it was made, and nothing else is: %s",
  { timeout: 600_000 },
  async (transport) => {
    const bench = await Bench.start(transport);
    try {
      const all = await matrixCells(bench);
      expect(all.length).toBeGreaterThan(THOUSANDS);
      expect([...KINDS].filter((kind) => !all.some((cell) => cell.kind === kind))).toEqual([]);
      const outcomes: Outcome[] = [];
      const run = async (cells: readonly Cell[]): Promise<void> => {
        for (let i = 0; i < cells.length; i += BATCH) outcomes.push(...(await bench.run(cells.slice(i, i + BATCH))));
      };
      const cells = sampled(all, SHARE[transport]);
      await run(cells);
      // Not every change is possible: for the fields whose first one was not, all others.
      const lacking = new Set(fieldGaps(outcomes).map((gap) => gap.slice(0, gap.lastIndexOf(": "))));
      await run(all.filter((cell) => cell.kind === "changed" && lacking.has(cell.field) && !cells.includes(cell)));
      expect(outcomes.filter(({ result }) => FAULTS.has(result)).map(faultLine)).toEqual([]);
      expect(fieldGaps(outcomes)).toEqual([]);
    } finally {
      await bench.stop();
    }
  },
);

it("has a cell for every field", async () => {
  expect(new Set(fieldNames()).size).toBeGreaterThan(500);
});

function sampled(cells: readonly Cell[], share: number): Cell[] {
  const { chance } = random(SEED);
  const known = new Set<string>();
  return cells.filter(({ field, kind, mode }) => {
    const first = (kind === "changed" && mode === "draft" && !known.has(field)) || kind === "status";
    if (first) known.add(field);
    return first || chance(share);
  });
}

// A few hundred steps of fuzzed life-cycles on a fixed seed; `npm run fuzz` makes as many as you like.
import { afterAll, expect, it } from "vitest";
import { providersOfLives, worldsOf } from "../fuzz/lives";
import { lifeOf, printed } from "../fuzz/operations";
import { live } from "../fuzz/world";
import { TRANSPORT } from "../support/transport";

const SEED = 20_261_124;
const CYCLES = 300;
/** On a busy machine, as many as there is time for. */
const BUDGET_MS = 25_000;

const runs = providersOfLives();
afterAll(() => Promise.all(runs.map((side) => side.kill())));

it(
  "holds every invariant through random programs, edits in the editor, faults and kills",
  { timeout: 300_000 },
  async () => {
    const end = Date.now() + BUDGET_MS;
    let cycles = 0;
    for (const world of worldsOf(SEED, CYCLES)) {
      if (Date.now() > end) break;
      const operations = lifeOf(SEED, world.index, world.cycles);
      const { finding, counts } = await live(operations, runs);
      expect(
        finding,
        `npm run fuzz -- --seed ${SEED} --replay "${printed(operations)}" --transport ${TRANSPORT}`,
      ).toBeUndefined();
      cycles += counts.cycles;
    }
    expect(cycles).toBeGreaterThan(0);
  },
);

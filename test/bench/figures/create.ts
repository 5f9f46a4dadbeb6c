// Everything is created: as many requests as design §5 allows, and no more time than the engine and the network need.
import { interleaved, median, type Figure, type Row } from "../figure";
import { flowArgs } from "../flows";
import { PARALLEL, pairsOf, type Pair, type Resources } from "../stacks";

const FLOWS = 40;
const LATENCIES_MS = [0, 50, 200];
const LIMIT = 1.15;
/** Of the plugin to the dynamic provider. */
const PLUGIN_LIMIT = 1;
/** One search of what an interrupted run left, for each process. */
const SEARCH = 1;

const kinds: { name: string; resources: Resources; requests: number }[] = [
  {
    name: "drafts",
    resources: { flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i)), schedules: [] },
    requests: FLOWS + SEARCH,
  },
  {
    name: "active, with schedules",
    resources: {
      flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i, { status: "active", batch: true })),
      schedules: Array.from({ length: FLOWS }, () => ({
        rrule: "FREQ=WEEKLY;BYDAY=MO",
        startsAt: "2099-01-05T09:00:00Z",
      })),
    },
    // A schedule carries no mark, but the run that has made a flow knows that it has none yet (design L5).
    requests: 3 * FLOWS + SEARCH,
  },
];

export const create: Figure = {
  name: "create",
  what: `${FLOWS} drafts, and ${FLOWS} active flows with schedules, at 0, 50 and 200 ms latency`,
  async measure({ rounds, progress }) {
    const rows: Row[] = [];
    for (const { name, resources, requests } of kinds) {
      const { dynamic, plugin, dispose } = await pairsOf(resources, { made: false });
      try {
        const up = async (pair: Pair, latency?: number): Promise<{ ms: number; requests: number }> => {
          const what = latency === undefined ? "floor" : `ours at ${latency} ms`;
          progress(`${FLOWS} ${name}, ${what} (${pair.transport})`);
          const stack = latency === undefined ? pair.floor : pair.ours;
          pair.emulator.latency(latency ?? 0);
          pair.emulator.clearRequests();
          const { ms } = await pair.run(stack, ["up", "--yes", "--skip-preview", "--parallel", String(PARALLEL)]);
          const got = pair.emulator.requests.length;
          pair.emulator.latency(0);
          await pair.run(stack, ["destroy", "--yes", "--skip-preview"]);
          return { ms, requests: got };
        };
        const worksOf = (pair: Pair) => [undefined, ...LATENCIES_MS].map((latency) => () => up(pair, latency));
        const results = await interleaved(rounds(3), [...worksOf(dynamic), ...worksOf(plugin)]);
        const [floor, ...ours] = results.slice(0, LATENCIES_MS.length + 1);
        const [pluginFloor, ...onPlugin] = results.slice(LATENCIES_MS.length + 1);
        for (const [i, latency] of LATENCIES_MS.entries()) {
          const waiting = (requests * latency) / PARALLEL;
          rows.push({
            name: `create ${FLOWS} ${name}, ${latency} ms`,
            unit: "ms",
            ours: ours[i]!.map(({ ms }) => ms),
            floor: floor!.map(({ ms }) => ms + waiting),
            plugin: {
              ours: onPlugin[i]!.map(({ ms }) => ms),
              floor: pluginFloor!.map(({ ms }) => ms + waiting),
              limit: PLUGIN_LIMIT,
            },
            goal: `≤ ${LIMIT} × (floor + requests × latency ÷ ${PARALLEL})`,
            limit: LIMIT,
            requests: { ours: median([...ours[i]!, ...onPlugin[i]!].map((round) => round.requests)), limit: requests },
          });
        }
      } finally {
        await dispose();
      }
    }
    return rows;
  },
};

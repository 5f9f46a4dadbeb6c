// Everything is created: as many requests as design §5 allows, and no more time than the engine and the network need.
import { interleaved, median, type Figure, type Row } from "../figure";
import { flowArgs } from "../flows";
import { PARALLEL, pairOf, type Resources } from "../stacks";

const FLOWS = 40;
const LATENCIES_MS = [0, 50, 200];
const LIMIT = 1.15;
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
      const pair = await pairOf(resources, { made: false });
      try {
        const up = async (stack: typeof pair.ours, latency: number): Promise<{ ms: number; requests: number }> => {
          progress(`${FLOWS} ${name}, ${stack === pair.ours ? `ours at ${latency} ms` : "floor"}`);
          pair.emulator.latency(latency);
          pair.emulator.clearRequests();
          const { ms } = await pair.run(stack, ["up", "--yes", "--skip-preview", "--parallel", String(PARALLEL)]);
          const got = pair.emulator.requests.length;
          pair.emulator.latency(0);
          await pair.run(stack, ["destroy", "--yes", "--skip-preview"]);
          return { ms, requests: got };
        };
        const works = [() => up(pair.floor, 0), ...LATENCIES_MS.map((latency) => () => up(pair.ours, latency))];
        const [floor, ...ours] = await interleaved(rounds(3), works);
        for (const [i, latency] of LATENCIES_MS.entries()) {
          const waiting = (requests * latency) / PARALLEL;
          rows.push({
            name: `create ${FLOWS} ${name}, ${latency} ms`,
            unit: "ms",
            ours: ours[i]!.map(({ ms }) => ms),
            floor: floor!.map(({ ms }) => ms + waiting),
            goal: `≤ ${LIMIT} × (floor + requests × latency ÷ ${PARALLEL})`,
            limit: LIMIT,
            requests: { ours: median(ours[i]!.map((round) => round.requests)), limit: requests },
          });
        }
      } finally {
        await pair.dispose();
      }
    }
    return rows;
  },
};

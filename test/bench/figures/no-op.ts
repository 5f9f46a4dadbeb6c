// Nothing changed: preview and up of 1, 100 and 500 flows cost what the engine costs, and no request.
import { interleaved, type Figure, type Row } from "../figure";
import { flowArgs } from "../flows";
import { pairOf } from "../stacks";

const SIZES = [1, 100, 500];
const LIMIT = 1.1;

export const noOp: Figure = {
  name: "no-op",
  what: "preview and up without a change, 1, 100 and 500 flows of 20 steps",
  async measure({ rounds, progress }) {
    const rows: Row[] = [];
    for (const size of SIZES) {
      const pair = await pairOf(
        { flows: Array.from({ length: size }, (_, i) => flowArgs(i)), schedules: [] },
        { progress },
      );
      try {
        for (const [command, args] of [
          ["preview", ["preview", "--expect-no-changes"]],
          ["up", ["up", "--yes", "--skip-preview", "--expect-no-changes"]],
        ] as const) {
          const works = [pair.ours, pair.floor].map((stack) => async () => {
            progress(`${command} of ${size}, ${stack === pair.ours ? "ours" : "floor"}`);
            return (await pair.run(stack, [...args])).ms;
          });
          pair.emulator.clearRequests();
          const [ours, floor] = await interleaved(rounds(size > 100 ? 3 : 5), works);
          rows.push({
            name: `no-op ${command}, ${size} flows`,
            unit: "ms",
            ours: ours!,
            floor: floor!,
            goal: `≤ ${LIMIT} × floor, 0 requests`,
            limit: LIMIT,
            requests: { ours: pair.emulator.requests.length, limit: 0 },
          });
        }
      } finally {
        await pair.dispose();
      }
    }
    return rows;
  },
};

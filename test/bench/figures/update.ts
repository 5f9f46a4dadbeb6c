// One text of one step of one flow among 500: one request, and otherwise what the engine costs.
import { interleaved, median, type Figure } from "../figure";
import { edited, flowArgs } from "../flows";
import { pairOf, type Resources } from "../stacks";

const FLOWS = 500;
const LIMIT = 1.1;

export const update: Figure = {
  name: "update",
  what: "up with one changed text in one of 500 flows",
  async measure({ rounds, progress }) {
    const before: Resources = { flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i)), schedules: [] };
    const after: Resources = { ...before, flows: before.flows.map((args, i) => (i === 0 ? edited(args) : args)) };
    const pair = await pairOf(before, { progress });
    try {
      const counts: number[] = [];
      let isAfter = false;
      const works = [pair.ours, pair.floor].map((stack) => async () => {
        progress(`update, ${stack === pair.ours ? "ours" : "floor"}`);
        pair.emulator.clearRequests();
        const { ms } = await pair.run(stack, ["up", "--yes", "--skip-preview"]);
        if (stack === pair.ours) counts.push(pair.emulator.requests.length);
        return ms;
      });
      const ours: number[] = [];
      const floor: number[] = [];
      // Both programs change between rounds, there and back.
      for (let round = 0; round < rounds(3); round += 1) {
        isAfter = !isAfter;
        await pair.write(isAfter ? after : before);
        const [a, b] = await interleaved(1, round % 2 === 0 ? works : [...works].reverse());
        (round % 2 === 0 ? ours : floor).push(...a!);
        (round % 2 === 0 ? floor : ours).push(...b!);
      }
      return [
        {
          name: `update one of ${FLOWS}`,
          unit: "ms",
          ours,
          floor,
          goal: `≤ ${LIMIT} × floor, 1 request`,
          limit: LIMIT,
          requests: { ours: median(counts), limit: 1 },
        },
      ];
    } finally {
      await pair.dispose();
    }
  },
};

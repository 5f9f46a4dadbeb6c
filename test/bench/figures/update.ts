// One text of one step of one flow among 500: one request, and otherwise what the engine costs.
import { median, type Figure } from "../figure";
import { edited, flowArgs } from "../flows";
import { pairsOf, type Resources } from "../stacks";

const FLOWS = 500;
const LIMIT = 1.1;
/** Of the plugin to the dynamic provider. */
const PLUGIN_LIMIT = 1;

export const update: Figure = {
  name: "update",
  what: "up with one changed text in one of 500 flows",
  async measure({ rounds, progress }) {
    const before: Resources = { flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i)), schedules: [] };
    const after: Resources = { ...before, flows: before.flows.map((args, i) => (i === 0 ? edited(args) : args)) };
    const { dynamic, plugin, dispose } = await pairsOf(before, { progress });
    try {
      const counts: number[] = [];
      const works = [dynamic, plugin].flatMap((pair) =>
        [pair.ours, pair.floor].map((stack) => async () => {
          progress(`update, ${stack === pair.ours ? "ours" : "floor"} (${pair.transport})`);
          pair.emulator.clearRequests();
          const { ms } = await pair.run(stack, ["up", "--yes", "--skip-preview"]);
          if (stack === pair.ours) counts.push(pair.emulator.requests.length);
          return ms;
        }),
      );
      const times: number[][] = works.map(() => []);
      // All programs change between rounds, there and back.
      for (let round = 0; round < rounds(3); round += 1) {
        for (const pair of [dynamic, plugin]) await pair.write(round % 2 === 0 ? after : before);
        const order = works.map((_, i) => i);
        if (round % 2 === 1) order.reverse();
        for (const i of order) times[i]!.push(await works[i]!());
      }
      const [ours, floor, onPlugin, pluginFloor] = times as [number[], number[], number[], number[]];
      return [
        {
          name: `update one of ${FLOWS}`,
          unit: "ms",
          ours,
          floor,
          plugin: { ours: onPlugin, floor: pluginFloor, limit: PLUGIN_LIMIT },
          goal: `≤ ${LIMIT} × floor, 1 request`,
          limit: LIMIT,
          requests: { ours: median(counts), limit: 1 },
        },
      ];
    } finally {
      await dispose();
    }
  },
};

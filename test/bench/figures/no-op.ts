// Nothing changed: preview and up of 1, 100 and 500 flows cost what the engine costs, and no request.
import { interleaved, type Figure, type Row } from "../figure";
import { flowArgs } from "../flows";
import { pairsOf } from "../stacks";

const SIZES = [1, 100, 500];
const LIMIT = 1.1;
/** Of the plugin to the dynamic provider. One flow is the start of a process, where both are alike. */
const PLUGIN_LIMIT = 0.85;
const PLUGIN_LIMIT_OF_ONE = 1.05;

export const noOp: Figure = {
  name: "no-op",
  what: "preview and up without a change, 1, 100 and 500 flows of 20 steps",
  async measure({ rounds, progress }) {
    const rows: Row[] = [];
    for (const size of SIZES) {
      const resources = { flows: Array.from({ length: size }, (_, i) => flowArgs(i)), schedules: [] };
      const { dynamic, plugin, dispose } = await pairsOf(resources, { progress });
      try {
        for (const [command, args] of [
          ["preview", ["preview", "--expect-no-changes"]],
          ["up", ["up", "--yes", "--skip-preview", "--expect-no-changes"]],
        ] as const) {
          const works = [dynamic, plugin].flatMap((pair) =>
            [pair.ours, pair.floor].map((stack) => async () => {
              progress(`${command} of ${size}, ${stack === pair.ours ? "ours" : "floor"} (${pair.transport})`);
              return (await pair.run(stack, [...args])).ms;
            }),
          );
          for (const { emulator } of [dynamic, plugin]) emulator.clearRequests();
          const [ours, floor, onPlugin, pluginFloor] = await interleaved(rounds(size > 100 ? 3 : 5), works);
          rows.push({
            name: `no-op ${command}, ${size} flows`,
            unit: "ms",
            ours: ours!,
            floor: floor!,
            plugin: { ours: onPlugin!, floor: pluginFloor, limit: size === 1 ? PLUGIN_LIMIT_OF_ONE : PLUGIN_LIMIT },
            goal: `≤ ${LIMIT} × floor, 0 requests`,
            limit: LIMIT,
            requests: { ours: dynamic.emulator.requests.length + plugin.emulator.requests.length, limit: 0 },
          });
        }
      } finally {
        await dispose();
      }
    }
    return rows;
  },
};

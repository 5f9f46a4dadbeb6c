// The peak memory of the provider process while 500 flows are refreshed, beside the floor's. Linux only, which tells it.
import { interleaved, type Figure } from "../figure";
import { flowArgs } from "../flows";
import { costOf } from "../provider-process";
import { PARALLEL, pairsOf } from "../stacks";

const FLOWS = 500;
const LIMIT = 1.3;
/** Of the plugin to the dynamic provider. */
const PLUGIN_LIMIT = 1;

export const memory: Figure = {
  name: "memory",
  what: "peak memory of the provider process, refresh of 500 flows",
  async measure({ rounds, progress }) {
    if (process.platform !== "linux") {
      progress("memory is only measured on Linux");
      return [];
    }
    const resources = { flows: Array.from({ length: FLOWS }, (_, i) => flowArgs(i)), schedules: [] };
    const { dynamic, plugin, dispose } = await pairsOf(resources, { progress });
    try {
      const works = [dynamic, plugin].flatMap((pair) =>
        [pair.ours, pair.floor].map((stack) => async () => {
          progress(`memory, ${stack === pair.ours ? "ours" : "floor"} (${pair.transport})`);
          const args = ["refresh", "--preview-only", "--parallel", String(PARALLEL)];
          return (await costOf(pair, stack, args)).peakMib;
        }),
      );
      const [ours, floor, onPlugin, pluginFloor] = await interleaved(rounds(3), works);
      return [
        {
          name: `provider process, refresh of ${FLOWS}`,
          unit: "MiB",
          ours: ours!,
          floor: floor!,
          plugin: { ours: onPlugin!, floor: pluginFloor, limit: PLUGIN_LIMIT },
          goal: `≤ ${LIMIT} × floor`,
          limit: LIMIT,
        },
      ];
    } finally {
      await dispose();
    }
  },
};

// A refresh reads everything with few requests: list pages, and single reads only for what a page cannot settle.
import { interleaved, median, type Figure, type Row } from "../figure";
import { flowArgs } from "../flows";
import { pairsOf, type Resources } from "../stacks";

const LIMIT = 1.2;
/** Of the plugin to the dynamic provider. */
const PLUGIN_LIMIT = 0.9;
const PAGE = 500;
/** Reads before the list is cheaper. */
const SINGLE_READS = 3;

interface Case {
  flows: number;
  schedules: number;
  drifted: number;
  rounds: number;
}

const CASES: readonly Case[] = [
  { flows: 10, schedules: 0, drifted: 0, rounds: 5 },
  { flows: 100, schedules: 0, drifted: 0, rounds: 5 },
  { flows: 1000, schedules: 0, drifted: 0, rounds: 3 },
  { flows: 100, schedules: 100, drifted: 0, rounds: 3 },
  { flows: 1000, schedules: 50, drifted: 20, rounds: 3 },
];

/**
 * The most requests of one process: single reads until the list is cheaper, the pages, one more for each schedule's flow (rows of the list have no
 * schedules, and there is no other way to read them) and one to confirm each difference.
 */
const most = ({ flows, schedules, drifted }: Case): number =>
  SINGLE_READS + Math.ceil(flows / PAGE) + schedules + drifted;

export const refresh: Figure = {
  name: "refresh",
  what: "refresh --preview-only of 10 to 1,000 flows, with and without schedules and drift",
  async measure({ rounds, progress }) {
    const rows: Row[] = [];
    for (const one of CASES) {
      const resources: Resources = {
        flows: Array.from({ length: one.flows }, (_, i) => flowArgs(i, i < one.schedules ? { batch: true } : {})),
        schedules: Array.from({ length: one.flows }, (_, i) =>
          i < one.schedules ? { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2099-01-05T09:00:00Z" } : null,
        ),
      };
      const { dynamic, plugin, dispose } = await pairsOf(resources, { progress });
      try {
        for (const { emulator } of [dynamic, plugin])
          for (const flow of emulator.flows().slice(0, one.drifted))
            emulator.ui.edit(
              flow.id,
              (live: any) =>
                void (live.actions.find((action: any) => action.type === "delay").config.delay_duration = "2d"),
            );
        const counts: number[] = [];
        const works = [dynamic, plugin].flatMap((pair) =>
          [pair.ours, pair.floor].map((stack) => async () => {
            progress(`refresh of ${one.flows}, ${stack === pair.ours ? "ours" : "floor"} (${pair.transport})`);
            pair.emulator.clearRequests();
            const { ms } = await pair.run(stack, ["refresh", "--preview-only"]);
            if (stack === pair.ours) counts.push(pair.emulator.requests.length);
            return ms;
          }),
        );
        const [ours, floor, onPlugin, pluginFloor] = await interleaved(rounds(one.rounds), works);
        const name = [
          `${one.flows} flows`,
          one.schedules ? `${one.schedules} schedules` : "",
          one.drifted ? `${one.drifted} with drift` : "",
        ]
          .filter(Boolean)
          .join(", ");
        rows.push({
          name: `refresh, ${name}`,
          unit: "ms",
          ours: ours!,
          floor: floor!,
          plugin: { ours: onPlugin!, floor: pluginFloor, limit: PLUGIN_LIMIT },
          goal: `≤ ${LIMIT} × floor`,
          limit: LIMIT,
          requests: { ours: median(counts), limit: most(one) },
        });
      } finally {
        await dispose();
      }
    }
    return rows;
  },
};

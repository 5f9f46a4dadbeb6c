// What the command does with a large stack: review of a preview in which everything changes, pull and drift of a project. Each must grow with the number
// of flows, and no faster.
import { findDrift, parsePreview, pullFlows, renderReview, reviewOf } from "../../../operate";
import { parseStackExport } from "../../../operate/stack-state";
import { createClient, systemClock } from "../../../api";
import type { Properties } from "../../support/provider-process";
import { interleaved, median, timed, type Figure, type Row } from "../figure";
import { edited, flowArgs, PLACE } from "../flows";
import { KEY, pairOf, type Resources } from "../stacks";

const SIZES = [100, 500];
const LIMIT_S = 20;
/** Five times the flows may take this many times five times the time. */
const GROWTH = 1.5;

/** Without a step in which people may be, so that there is a warning about them for every flow, too. */
function withoutWait(args: Properties): Properties {
  const { step_2, ...actions } = args["actions"];
  return { ...args, actions: { ...actions, step_1: { ...actions.step_1, next: step_2.next } } };
}

export const operate: Figure = {
  name: "operate",
  what: "review, pull and drift of 100 and 500 flows",
  async measure({ rounds, progress }) {
    const times = new Map<string, number[][]>();
    const names = ["review", "pull", "drift"];
    for (const size of SIZES) {
      const resources: Resources = { flows: Array.from({ length: size }, (_, i) => flowArgs(i)), schedules: [] };
      const pair = await pairOf(resources, { progress });
      try {
        const state = parseStackExport(JSON.stringify(await pair.ours.exportState()));
        await pair.write({ ...resources, flows: resources.flows.map((args) => withoutWait(edited(args))) });
        progress(`preview of ${size} changed flows`);
        const preview = JSON.stringify(await pair.ours.previewJson([], { timeoutMs: 1_800_000 }));
        // PostHog's limits would be most of the time, and they are no matter of speed.
        const clock = { ...systemClock, sleep: async () => undefined };
        const client = () =>
          createClient({ host: pair.emulator.url, projectId: PLACE.projectId, apiKey: `${KEY}`, clock });
        const works = [
          async () => void renderReview(reviewOf(parsePreview(preview), { now: Date.now() })),
          async () => void (await pullFlows(client())),
          async () =>
            void (await findDrift(state, {
              settings: {
                config: {},
                env: { POSTHOG_API_KEY: KEY, POSTHOG_HOST: pair.emulator.url, POSTHOG_PROJECT_ID: PLACE.projectId },
              },
              clock,
            })),
        ].map((work, i) => async () => {
          progress(`${names[i]} of ${size}`);
          return (await timed(work)) / 1000;
        });
        for (const [i, values] of (await interleaved(rounds(3), works)).entries())
          times.set(names[i]!, [...(times.get(names[i]!) ?? []), values]);
      } finally {
        await pair.dispose();
      }
    }
    return names.flatMap((name): Row[] => {
      const [small, large] = times.get(name) as [number[], number[]];
      const factor = SIZES[1]! / SIZES[0]!;
      return [
        { name: `${name} of ${SIZES[1]}`, unit: "s", ours: large, goal: `≤ ${LIMIT_S} s`, limit: LIMIT_S },
        {
          name: `${name}, growth from ${SIZES[0]} to ${SIZES[1]}`,
          unit: "s",
          ours: large,
          floor: small.map((seconds) => seconds * factor),
          goal: `≤ ${GROWTH} × ${factor} times the time`,
          limit: GROWTH,
          note: `${(median(small) * 1000).toFixed(0)} ms for ${SIZES[0]}`,
        },
      ];
    });
  },
};

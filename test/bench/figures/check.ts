// How long check takes, which every preview runs for every flow.
import { fromDist } from "../canonical";
import { interleaved, median, type Figure } from "../figure";
import { flowArgs } from "../flows";

const STEPS = [10, 100, 1000];
const LIMIT_MS = 5;
const RUNS = 20;
/** Ten times the steps may take this many times the time for each step. */
const GROWTH = 1.5;

export const check: Figure = {
  name: "check",
  what: "check of a flow of 10, 100 and 1,000 steps",
  async measure({ rounds }) {
    const { flowLifecycle } = fromDist("./dist/provider/flow/lifecycle.js");
    const { Session } = fromDist("./dist/provider/session.js");
    const { systemClock } = fromDist("./dist/api/index.js");
    const lifecycle = flowLifecycle(
      new Session({ env: {}, clock: systemClock, warn: () => undefined, note: () => undefined }),
    );
    const place = { host: "https://us.posthog.com", projectId: "1" };
    let version = 0;
    const work = (steps: number) => async (): Promise<number> => {
      const times: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        // Another text each time: what is remembered of the last one must not flatter the figure.
        const args = { ...flowArgs((version += 1), { steps }), ...place };
        const started = performance.now();
        const { failures } = await lifecycle.check({}, args);
        times.push(performance.now() - started);
        if (failures.length > 0) throw new Error(failures[0].reason);
      }
      return median(times);
    };
    const works = STEPS.map(work);
    await interleaved(1, works);
    const results = await interleaved(rounds(5), works);
    const [, hundred, thousand] = results as [number[], number[], number[]];
    return [
      ...STEPS.map((steps, i) => ({
        name: `check, ${steps} steps`,
        unit: "ms",
        ours: results[i]!,
        goal: steps === 100 ? `< ${LIMIT_MS} ms` : "–",
        limit: steps === 100 ? LIMIT_MS : Number.POSITIVE_INFINITY,
      })),
      {
        name: "check, growth from 100 to 1,000 steps",
        unit: "",
        ours: thousand,
        floor: hundred.map((ms) => ms * 10),
        goal: `≤ ${GROWTH} × ten times the time`,
        limit: GROWTH,
      },
    ];
  },
};

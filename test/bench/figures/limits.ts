// 2,000 creates under PostHog's real limits (API §6.4), through the provider process, on a clock that both sides share: no request beyond the limit, and
// no more time than the limit itself costs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmulator } from "../../../emulator/index";
import { startProvider } from "../../support/provider-process";
import { plain } from "../../support/mini-engine";
import { runProgram } from "../../support/program";
import { REPOSITORY } from "../canonical";
import type { Figure } from "../figure";
import { flowArgs, PLACE } from "../flows";
import { KEY, PARALLEL } from "../stacks";

const FLOWS = 2000;
const STEPS = 4;
const MINUTE = { ms: 60_000, max: 480 };
const HOUR = { ms: 3_600_000, max: 4_800 };
const LIMIT = 1.02;
/** The search for what an interrupted run left. */
const SEARCH = 1;
const START = Date.UTC(2030, 0, 1);

/** The least time in which so many requests can start: after each full window the next one may begin. */
export function least(requests: number): number {
  return Math.max(...[MINUTE, HOUR].map(({ ms, max }) => Math.floor((requests - 1) / max) * ms));
}

export const limits: Figure = {
  name: "limits",
  what: "2,000 creates at 480 requests a minute and 4,800 an hour, the clock injected on both sides",
  async measure({ progress }) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-clock-"));
    const file = path.join(folder, "now");
    writeFileSync(file, String(START));
    const emulator = await startEmulator({
      projects: [{ id: PLACE.projectId }],
      keys: [{ key: KEY }],
      now: () => Number(readFileSync(file, "utf8")),
    });
    emulator.rateLimit({ perMinute: MINUTE.max, perHour: HOUR.max });
    const clock = path.join(REPOSITORY, "test/bench/shared-clock.cjs");
    const provider = await startProvider({
      env: {
        POSTHOG_API_KEY: KEY,
        POSTHOG_HOST: emulator.url,
        NODE_OPTIONS: `--require ${clock}`,
        HOGFLOW_BENCH_CLOCK: file,
      },
    });
    try {
      const registered = await runProgram(
        (sdk) => {
          for (let i = 0; i < FLOWS; i += 1) new sdk.HogFlow(`flow-${i}`, flowArgs(i, { steps: STEPS }) as never);
        },
        { config: { "posthog:host": emulator.url, "posthog:projectId": PLACE.projectId } },
      );
      const queue = registered.map(({ inputs }) => plain(inputs));
      let done = 0;
      let failed = 0;
      await Promise.all(
        Array.from({ length: PARALLEL }, async () => {
          for (let given = queue.shift(); given !== undefined; given = queue.shift()) {
            try {
              const { inputs } = await provider.check("flow", {}, given);
              await provider.create("flow", inputs);
            } catch {
              failed += 1;
            }
            done += 1;
            if (done % 250 === 0) progress(`${done} of ${FLOWS} created`);
          }
        }),
      );
      const took = Number(readFileSync(file, "utf8")) - START;
      const refused = emulator.requests.filter(({ status }) => status === 429).length;
      return [
        {
          name: `limits: ${FLOWS} creates`,
          unit: "s",
          ours: [took / 1000],
          floor: [least(FLOWS + SEARCH) / 1000],
          goal: `≤ ${LIMIT} × the limit's own minimum, no failure`,
          limit: failed > 0 ? Number.NEGATIVE_INFINITY : LIMIT,
          requests: { ours: refused, limit: 0 },
          note: `${failed} failed resources; requests are those beyond the limit (429); virtual time`,
        },
      ];
    } finally {
      await provider.stop();
      await emulator.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

// The demo as a whole: engine, emulator, a copy of the root stack, the acts, the summary.
import { startEmulator } from "../../dist/emulator/index.js";
import { findEngine } from "../engine/find.mjs";
import { REPOSITORY } from "../setup.mjs";
import { ACTS, CLOSING_ACT } from "./acts.mjs";
import { playGuide } from "./keep.mjs";
import { createNarrator } from "./narration.mjs";
import { pageAct } from "./page-act.mjs";
import { performActs } from "./perform.mjs";
import { createSandbox } from "./sandbox.mjs";
import { API_KEY, PROJECT } from "./world.mjs";

/**
 * @param {{ keep: boolean, show?: string, started: number, repository?: string }} options `started`: when the set-up began; `show`: file for the page
 * @returns {Promise<boolean>} whether every act went as it said. With `keep`, the emulator then goes on until Ctrl-C.
 */
export async function runDemo({ keep, show, started, repository = REPOSITORY }) {
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
  const narrator = createNarrator({ colour });
  const sandbox = createSandbox({ colour });
  let emulator;
  let playing = false;
  try {
    const engine = await findEngine({ log: (line) => narrator.print(line) });
    emulator = await startEmulator({
      keys: [{ key: API_KEY }],
      projects: [{ id: PROJECT }],
      log: (line) => playing && narrator.print(`  ${line}`),
    });
    const posthog = { POSTHOG_HOST: emulator.url, POSTHOG_API_KEY: API_KEY, POSTHOG_PROJECT_ID: PROJECT };
    await sandbox.fill({ repository, engine: engine.folder, posthog });

    narrator.introduction({ engine, emulator, sandbox });
    const acts = [...ACTS, ...(show ? [pageAct(show)] : []), ...(keep ? [] : [CLOSING_ACT])];
    const { ok, results } = await performActs(acts, { world: { emulator, sandbox }, run: sandbox.run, narrator });
    narrator.summary(acts, results, (Date.now() - started) / 1000);
    if (ok && show) narrator.page(show);
    if (ok && keep) {
      narrator.print(playGuide({ sandbox, engine, emulator }));
      playing = true;
    } else if (ok) narrator.next();
    return ok;
  } finally {
    if (!playing) {
      await emulator?.stop();
      sandbox.remove();
    }
  }
}

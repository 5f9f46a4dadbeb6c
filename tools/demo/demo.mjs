// The demo as a whole: engine, emulator, programs, the acts, the summary.
import { startEmulator } from "../../dist/emulator/index.js";
import { findEngine } from "../engine/find.mjs";
import { findPython } from "../engine/python.mjs";
import { REPOSITORY } from "../setup.mjs";
import { ACTS, CLOSING_ACT } from "./acts.mjs";
import { playGuide } from "./keep.mjs";
import { LANGUAGE_ACTS, PROGRAMS } from "./language-acts.mjs";
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

/**
 * The plugin, in two languages.
 * @param {{ started: number, repository?: string }} options
 * @returns {Promise<boolean>} whether every act went as it said
 */
export async function runLanguagesDemo({ started, repository = REPOSITORY }) {
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
  const narrator = createNarrator({ colour });
  const sandbox = createSandbox({ colour });
  let emulator;
  try {
    const log = (line) => narrator.print(line);
    const engine = await findEngine({ languages: true, log });
    const python = await findPython({ log });
    emulator = await startEmulator({ keys: [{ key: API_KEY }], projects: [{ id: PROJECT }] });
    const posthog = { POSTHOG_HOST: emulator.url, POSTHOG_API_KEY: API_KEY, POSTHOG_PROJECT_ID: PROJECT };
    await sandbox.fillLanguages({ repository, engine: engine.folder, posthog, python, programs: PROGRAMS });

    narrator.languagesIntroduction({ engine, emulator, sandbox });
    const { ok, results } = await performActs(LANGUAGE_ACTS, {
      world: { emulator, sandbox },
      run: sandbox.run,
      narrator,
    });
    narrator.summary(LANGUAGE_ACTS, results, (Date.now() - started) / 1000);
    if (ok) narrator.languagesNext();
    return ok;
  } finally {
    await emulator?.stop();
    sandbox.remove();
  }
}

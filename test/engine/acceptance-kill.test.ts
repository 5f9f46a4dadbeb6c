// `npm run acceptance` killed at random moments, with everything that it started: one more run, and nothing of it is left, neither in the project nor on the machine.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { RUN_VARIABLE } from "../acceptance/mark.mjs";
import { builtByHand } from "../acceptance/promises/programs";
import { acceptance, ACCEPTANCE_KEY, startAcceptance } from "../support/acceptance";

const KILLS = 20;
/** Requests of a run of these promises, some of which come in every `up`. */
const PROMISES = ["--only", "removal", "--only", "adopt"];
const MOST_REQUESTS = 40;
const SEED = 20_261_129;
const POLL_MS = 5;
const WHOLE_MS = 1_800_000;

/** Park and Miller's generator: the same moments each time. */
function* moments(seed: number): Generator<number> {
  for (let state = seed % 2_147_483_647; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state % MOST_REQUESTS;
  }
}

/** Processes of any run against this test's folder. */
const processes = (temporary: string): number =>
  process.platform !== "linux"
    ? 0
    : readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry))
        .filter((pid) => {
          try {
            const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
            return environment.includes(`\0${RUN_VARIABLE}=`) && environment.includes(temporary);
          } catch {
            return false;
          }
        }).length;

async function killedAfter(emulator: Emulator, requests: number, temporary: string): Promise<boolean> {
  emulator.clearRequests();
  const { child, ended } = await startAcceptance(emulator, ["--allow-active", ...PROMISES], { temporary });
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && emulator.requests.length < requests) await sleep(POLL_MS);
  // As `kill -9` of a terminal's job: itself, the run, and the engine. Plugins have groups of their own.
  if (!isOver) process.kill(-child.pid!, "SIGKILL");
  await ended;
  return !isOver;
}

it(
  `leaves nothing behind after ${KILLS} kills and one more run`,
  async () => {
    const temporary = await mkdtemp(path.join(os.tmpdir(), "hogflow-kills-"));
    const emulator = await startEmulator({ keys: [{ key: ACCEPTANCE_KEY }] });
    try {
      const foreign = emulator.ui.create("1", { ...builtByHand("Of somebody else"), status: "active" });
      const moment = moments(SEED);
      let killed = 0;
      let left = 0;
      for (let round = 0; round < KILLS; round += 1) {
        if (await killedAfter(emulator, moment.next().value, temporary)) killed += 1;
        left = Math.max(left, emulator.flows().length - 1);
      }
      // Otherwise there was nothing to remove.
      expect(killed).toBeGreaterThan(KILLS / 2);
      expect(left).toBeGreaterThan(0);

      const { code, output } = await acceptance(emulator, ["--allow-active", ...PROMISES], { temporary });
      expect(code, output).toBe(0);
      expect(emulator.flows()).toEqual([foreign]);
      expect(await readdir(temporary)).toEqual([]);
      expect(processes(temporary)).toBe(0);
    } finally {
      await emulator.stop();
      await rm(temporary, { recursive: true, force: true });
    }
  },
  WHOLE_MS,
);

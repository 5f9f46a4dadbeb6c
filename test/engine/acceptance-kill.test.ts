// `npm run acceptance` stopped, orphaned, and killed at random moments with everything that it started: nothing of it is left, neither in the project nor on the
// machine; after a kill, once one more run went by.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { RUN_VARIABLE } from "../acceptance/mark.mjs";
import { builtByHand } from "../acceptance/promises/programs";
import { acceptance, ACCEPTANCE_KEY, startAcceptance, type Acceptance } from "../support/acceptance";

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

/** Processes of any run whose temporary files go into this folder. */
const processes = (folder: string): number =>
  process.platform !== "linux"
    ? 0
    : readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry))
        .filter((pid) => {
          try {
            const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
            return environment.includes(`\0${RUN_VARIABLE}=`) && environment.includes(folder);
          } catch {
            return false;
          }
        }).length;

async function killedAfter(requests: number): Promise<boolean> {
  emulator.clearRequests();
  const { child, ended } = await startAcceptance(emulator, ["--allow-active", ...PROMISES], { temporary });
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && emulator.requests.length < requests) await sleep(POLL_MS);
  const isKilled = !isOver;
  // As `kill -9` of a terminal's job: itself, the run, and the engine. Plugins have groups of their own.
  if (isKilled) process.kill(-child.pid!, "SIGKILL");
  await ended;
  return isKilled;
}

let temporary: string;
let emulator: Emulator;
let foreign: any;
beforeEach(async () => {
  temporary = await mkdtemp(path.join(os.tmpdir(), "hogflow-kills-"));
  emulator = await startEmulator({ keys: [{ key: ACCEPTANCE_KEY }] });
  foreign = emulator.ui.create("1", { ...builtByHand("Of somebody else"), status: "active" });
});
afterEach(async () => {
  await emulator.stop();
  await rm(temporary, { recursive: true, force: true });
});

async function nothingIsLeft(): Promise<void> {
  expect(emulator.flows()).toEqual([foreign]);
  expect(await readdir(temporary)).toEqual([]);
  expect(processes(temporary)).toBe(0);
}

/** Starts a run, and waits until PostHog has a flow of it. */
async function untilItMakesSomething(shell = false): Promise<Acceptance> {
  const run = await startAcceptance(emulator, ["--allow-active", "--only", "removal"], { temporary, shell });
  let isOver = false;
  void run.ended.then(() => (isOver = true));
  while (!isOver && emulator.flows().length === 1) await sleep(POLL_MS);
  expect(isOver).toBe(false);
  return run;
}

it("removes what it made when it is asked to stop", { timeout: WHOLE_MS }, async () => {
  const { child, ended } = await untilItMakesSomething();
  child.kill("SIGINT");
  const { code, output } = await ended;
  expect([code, output]).toEqual([1, expect.stringContaining("Stopped. Nothing of this run is left")]);
  await nothingIsLeft();
});

it("stops by itself, and removes what it made, when whoever started it is killed", { timeout: WHOLE_MS }, async () => {
  const { child } = await untilItMakesSomething(true);
  child.kill("SIGKILL");
  while (processes(temporary) > 0) await sleep(POLL_MS);
  await nothingIsLeft();
});

it(
  `leaves nothing behind after ${KILLS} kills and one more run`,
  async () => {
    const moment = moments(SEED);
    let killed = 0;
    let left = 0;
    for (let round = 0; round < KILLS; round += 1) {
      if (await killedAfter(moment.next().value)) killed += 1;
      left = Math.max(left, emulator.flows().length - 1);
    }
    // Otherwise there was nothing to remove.
    expect(killed).toBeGreaterThan(KILLS / 2);
    expect(left).toBeGreaterThan(0);

    const { code, output } = await acceptance(emulator, ["--allow-active", ...PROMISES], { temporary });
    expect(code, output).toBe(0);
    await nothingIsLeft();
  },
  WHOLE_MS,
);

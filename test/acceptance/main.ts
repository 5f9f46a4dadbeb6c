// The acceptance of one PostHog: looks around, removes what earlier runs left, puts each promise to the test, removes what it made, and reports. tools/acceptance.mjs starts it.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../../emulator";
import { isGoingOn, markIn } from "./mark.mjs";
import { troubled } from "./emulated";
import { startGate, type Gate } from "./gate";
import { posthogAt, type Live, type PostHog } from "./posthog";
import { Untried, type Outcome, type Promised } from "./promise";
import { PROMISES } from "./promises";
import { countOf, isWell, writeReport, type Report } from "./report";
import { deadRuns, runsOf, sweepFlows, sweepMachine } from "./sweep";
import { versionOf } from "./version";
import { worldOf, type Findings, type Target } from "./world";
import type { Stack } from "../support/engine";
import type { Transport } from "../support/transport";

/** As tools/acceptance.mjs hands them over. */
interface Settings {
  target?: Target;
  mark: string;
  /** Where this run's temporary folder is, and those of other runs. */
  temporary: string;
  engine: string;
  transport: Transport;
  only: string[];
  budget: number;
  live: boolean;
  allowActive: boolean;
  /** Remove what any run left, and do nothing else. */
  sweepOnly: boolean;
  report: string;
}

const HOLDS = 0;
const FAILED = 1;
const DIFFERS = 2;
const WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** Why nothing could be tried; printed without a stack. */
class Unable extends Error {}

const print = (text = ""): void => void process.stdout.write(`${text}\n`);

const stopping = new AbortController();
const stop = (): void => stopping.abort();
const stopped = new Promise<never>((_, reject) =>
  stopping.signal.addEventListener("abort", () => reject(new Error("the run was stopped"))),
);
stopped.catch(() => undefined);
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
// The parent is gone: nobody reads what comes.
process.on("disconnect", stop);
process.stdout.on("error", stop);

async function main(settings: Settings): Promise<number> {
  const emulator = settings.target === undefined ? await startEmulator() : undefined;
  if (emulator) troubled(emulator);
  const target = settings.target ?? { host: emulator!.url, projectId: "1", key: "phx_test" };
  const gate = await startGate({ ...settings, target: target.host, projectId: target.projectId });
  try {
    return await accept({ ...settings, target }, gate);
  } finally {
    await gate.stop();
    await emulator?.stop();
  }
}

async function accept(settings: Settings & { target: Target }, gate: Gate): Promise<number> {
  const { target, mark, temporary } = settings;
  const started = Date.now();
  const posthog = posthogAt({ url: gate.url, ...target, headers: gate.sweeping });
  print(`PostHog at ${target.host}, project ${target.projectId}; this run is ${mark}`);
  for (const dead of deadRuns(temporary, mark)) sweepMachine(dead, temporary);
  let before = await lookAround(posthog, gate);
  const swept = await sweepEarlier(before, { posthog, gate, all: settings.sweepOnly });
  if (swept > 0) print(`Removed ${swept} flows that earlier runs left.`);
  if (settings.sweepOnly) {
    print("Nothing of an earlier run is left.");
    return HOLDS;
  }
  before = before.filter(({ name }) => markIn(name) === undefined);
  refuseActive(before, settings);
  const version = await versionOf(gate.url);
  print(`It says of its version: ${version.says ?? "nothing"}; its schema: ${version.schema ?? "not published"}`);
  print();

  const outcomes: Outcome[] = [];
  for (const promised of chosen(settings)) {
    if (stopping.signal.aborted) break;
    const outcome = gate.isSpent()
      ? untriedFor(promised, `the budget of ${settings.budget} requests is spent`)
      : await tried(promised, { target, gate, posthog, mark });
    outcomes.push(outcome);
    tell(outcome);
  }

  await sweepFlows(new Set([mark]), { posthog, gate });
  const report: Report = {
    host: target.host,
    project: target.projectId,
    version,
    engine: settings.engine,
    transport: settings.transport,
    mark,
    started: new Date(started).toISOString(),
    outcomes,
    requests: gate.passed.filter(({ stopped }) => stopped === undefined).length,
    budget: settings.budget,
    swept,
    ...afterwards(before, await posthog.list(), { gate, mark }),
    seconds: (Date.now() - started) / 1_000,
  };
  return close(report, settings);
}

/** Every flow of the project, or why there is no way to see them. */
async function lookAround(posthog: PostHog, gate: Gate): Promise<Live[]> {
  const { status, body } = await posthog.ask("GET", "?limit=1");
  if (status === 200) return posthog.list();
  const detail = String(body?.detail ?? body);
  if (status === 401)
    throw new Unable(`PostHog does not take the key: ${detail}. Set POSTHOG_API_KEY to a personal API key.`);
  if (status === 403)
    throw new Unable(
      `The key may not read the project's workflows: ${detail}. It needs hog_flow:read, hog_flow:write, person:read and group:read.`,
    );
  if (status === 404) throw new Unable(`There is no such project, or it has no workflows: ${detail}. Check --project.`);
  const why = status === 0 ? (gate.passed.at(-1)?.trouble ?? detail) : `status ${status}`;
  throw new Unable(`PostHog does not answer (${why}). Check --host, and whether this machine reaches it.`);
}

/** Removes flows of runs that are over; waits for one that is not, on this machine. */
async function sweepEarlier(
  rows: readonly Live[],
  { posthog, gate, all }: { posthog: PostHog; gate: Gate; all: boolean },
): Promise<number> {
  const { over, goingOn } = runsOf(rows);
  for (const mark of goingOn) {
    if (all) over.add(mark);
    else if (isGoingOn(mark) === "unknown")
      throw new Unable(
        `Run ${mark} of another machine was at work in this project within the last hour. Wait until it ends, or remove what it left: npm run acceptance -- --sweep`,
      );
    else {
      await waitFor(mark);
      over.add(mark);
    }
  }
  return over.size === 0 ? 0 : sweepFlows(over, { posthog, gate });
}

async function waitFor(mark: string): Promise<void> {
  print(`Run ${mark} goes on in this project; waiting for it.`);
  const end = Date.now() + LONGEST_WAIT_MS;
  while (isGoingOn(mark) === true) {
    if (Date.now() > end || stopping.signal.aborted)
      throw new Unable(`Run ${mark} did not end. End it, and start again.`);
    await sleep(WAIT_MS);
  }
}

function refuseActive(rows: readonly Live[], { allowActive }: Settings): void {
  const active = rows.filter(({ status }) => status === "active");
  if (active.length === 0 || allowActive) return;
  throw new Unable(
    `The project has ${active.length} active ${active.length === 1 ? "workflow" : "workflows"}, so people may depend on it. Take a project of its own. ` +
      `If you mean this one, say --allow-active: no workflow but those of the run is ever written to.`,
  );
}

function chosen({ only, live }: Settings): Promised[] {
  const picked = PROMISES.filter(({ id }) => only.length === 0 || only.some((name) => id.startsWith(name)));
  if (picked.length === 0) throw new Unable(`No promise is called ${only.join(" or ")}. --list prints them.`);
  return picked.filter((promised) => live || !promised.live);
}

async function tried(
  promised: Promised,
  place: { target: Target; gate: Gate; posthog: PostHog; mark: string },
): Promise<Outcome> {
  const started = Date.now();
  const from = place.gate.passed.length;
  const findings: Findings = { differences: [], notes: [] };
  const stacks: Stack[] = [];
  let verdict: Outcome["verdict"] = "kept";
  const words = findings.differences;
  // Nothing is made any more once the run is stopped.
  const posthog = posthogAt({ url: place.gate.url, ...place.target, signal: stopping.signal });
  const keeping = promised.keeps(worldOf({ ...place, posthog }, { findings, stacks }));
  try {
    await Promise.race([keeping, stopped]);
  } catch (error) {
    if (stopping.signal.aborted || (error instanceof Untried && words.length === 0)) verdict = "untried";
    words.push((error as Error).message);
  }
  for (const stack of stacks) await stack.dispose();
  await keeping.catch(() => undefined);
  await sweepFlows(new Set([place.mark]), place);
  if (verdict === "kept" && words.length > 0) verdict = "broken";
  const requests = place.gate.passed.length - from;
  return { promised, verdict, words, notes: findings.notes, requests, seconds: (Date.now() - started) / 1_000 };
}

const untriedFor = (promised: Promised, why: string): Outcome => ({
  promised,
  verdict: "untried",
  words: [why],
  notes: [],
  requests: 0,
  seconds: 0,
});

function tell({ promised: { id, says }, verdict, words, notes, requests, seconds }: Outcome): void {
  const sign = { kept: "holds    ", broken: "DIFFERS  ", untried: "not tried" }[verdict];
  print(`${sign}  ${id}: ${says} (${requests} requests, ${seconds.toFixed(1)} s)`);
  for (const text of words) print(`             ${text.replaceAll("\n", "\n             ")}`);
  for (const text of notes) print(`             note: ${text}`);
}

/** What of the run is left, what the gate had to stop, and what others changed meanwhile: the run itself cannot. */
function afterwards(
  before: readonly Live[],
  after: readonly Live[],
  { gate, mark }: { gate: Gate; mark: string },
): Pick<Report, "problems" | "others"> {
  const left = after.filter(({ name }) => markIn(name) === mark);
  const halted = new Map(
    gate.passed.flatMap(({ method, path: where, stopped: why }) =>
      why === undefined ? [] : [[why, `${method} ${where}`]],
    ),
  );
  const now = new Map(after.map((row) => [row["id"], row["updated_at"]]));
  return {
    problems: [
      ...left.map(({ id, name }) => `flow ${id}, "${name}", is still there`),
      ...[...halted].map(([why, last]) => `the gate stopped ${last}: ${why}`),
    ],
    others: before
      .filter(({ id, updated_at }) => now.get(id) !== updated_at)
      .map(({ id }) => `flow ${id} was changed or removed by somebody else`),
  };
}

function close(report: Report, { report: folder }: Settings): number {
  const files = writeReport(report, folder);
  const { kept, broken, untried } = countOf(report.outcomes);
  print();
  for (const words of report.problems) print(`Problem: ${words}`);
  for (const words of report.others) print(`Meanwhile: ${words}`);
  print(
    `${kept} promises hold, ${broken} differ, ${untried} not tried; ${report.requests} requests in ${report.seconds.toFixed(0)} s.`,
  );
  print(`Report: ${files.map((file) => path.relative(process.cwd(), file)).join(", ")}`);
  if (stopping.signal.aborted) {
    print(report.problems.length > 0 ? "Stopped." : "Stopped. Nothing of this run is left in the project.");
    return FAILED;
  }
  if (broken > 0) print("Next: attach the report to an issue with the form “PostHog does something else”.");
  return isWell(report) ? HOLDS : DIFFERS;
}

async function run(settings: Settings): Promise<void> {
  let code = FAILED;
  try {
    code = await main(settings);
  } catch (error) {
    print(error instanceof Unable ? error.message : ((error as Error).stack ?? String(error)));
  }
  sweepMachine(settings.mark, settings.temporary);
  process.exit(code);
}

process.once("message", (settings: Settings) => void run(settings));

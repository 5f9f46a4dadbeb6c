// `npm run acceptance`: every promise of README against a PostHog. test/acceptance says how; this reads the command line, sets up, and ends it with whoever started it.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findEngine } from "./engine/find.mjs";
import { REPOSITORY, setUp } from "./setup.mjs";
import { newMark, RUN_VARIABLE } from "../test/acceptance/mark.mjs";

const USAGE_ERROR = 2;
const DEFAULT_BUDGET = 3_000;
const DEFAULT_HOST = "https://us.posthog.com";
const TRANSPORTS = ["dynamic", "plugin"];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const ORPHAN_CHECK_MS = 500;
const HELP = `npm run acceptance -- [options]

Puts every promise of README to the test against a project of yours: all examples up, silent second up, no drift, each kind of edit seen and
repaired, owners, schedules, secrets, lost answers, pull, import, limits. Takes some five minutes and a thousand requests.

Take a project of its own. The key comes from POSTHOG_API_KEY: a personal API key with hog_flow:read, hog_flow:write, person:read and group:read.
A run makes drafts, each with its mark in the title, and writes to nothing else: all requests go through a gate that stops the rest. At its end
it removes what it made, and at its start what an earlier run left that was killed.

  --host URL       PostHog's address (default: POSTHOG_HOST, or ${DEFAULT_HOST})
  --project ID     the project (default: POSTHOG_PROJECT_ID)
  --emulator       instead: the emulator of this repository, with requests that fail now and then; needs no key
  --only NAME      only promises whose names begin so; may be repeated
  --transport T    dynamic or plugin: what serves the resources (default dynamic)
  --live           also what needs an active flow: one that waits and sends nothing, and an event for a person that is made up
  --allow-active   take a project although it has active workflows
  --budget N       the most requests (default ${DEFAULT_BUDGET.toLocaleString("en")}); PostHog allows a key 4,800 an hour
  --sweep          only remove what earlier runs left, also those of other machines
  --report FOLDER  where report.md and report.json go (default: .acceptance)
  --list           prints the promises
  --help

Exit codes: 0 all promises hold, 1 nothing could be tried or the run was stopped, 2 something differs.`;

let given;
try {
  ({ values: given } = parseArgs({
    options: {
      host: { type: "string" },
      project: { type: "string" },
      emulator: { type: "boolean" },
      only: { type: "string", multiple: true },
      transport: { type: "string" },
      live: { type: "boolean" },
      "allow-active": { type: "boolean" },
      budget: { type: "string" },
      sweep: { type: "boolean" },
      report: { type: "string" },
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  }));
  if (given.budget !== undefined && !/^[1-9]\d*$/.test(given.budget))
    throw new Error(`--budget takes a whole number above 0, not "${given.budget}".`);
  if (!TRANSPORTS.includes((given.transport ??= "dynamic")))
    throw new Error(`--transport takes ${TRANSPORTS.join(" or ")}, not "${given.transport}".`);
} catch (error) {
  fail(`${error.message}\n\n${HELP}`);
}
if (given.help) {
  console.log(HELP);
  process.exit(0);
}
const target = given.emulator || given.list ? undefined : targetOf(given);

// Whoever started this may be killed, and then nobody waits for the rest. npm starts a shell, or this at once.
const parent = process.ppid;
let engine;
try {
  await setUp();
  if (given.list)
    process.exit(
      spawnSync(process.execPath, argumentsOf("list.ts"), { cwd: REPOSITORY, stdio: "inherit" }).status ?? 1,
    );
  engine = await findEngine({ log: console.log });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const mark = newMark();
const folder = path.join(os.tmpdir(), mark);
mkdirSync(folder);
// The run hears by its channel when this process is gone, also by a kill.
const child = spawn(process.execPath, argumentsOf("main.ts"), {
  cwd: REPOSITORY,
  env: {
    ...process.env,
    [RUN_VARIABLE]: mark,
    ...Object.fromEntries(["TMPDIR", "TMP", "TEMP"].map((name) => [name, folder])),
    HOGFLOW_ENGINE_DIR: engine.folder,
    HOGFLOW_TEST_TRANSPORT: given.transport,
  },
  stdio: ["ignore", "inherit", "inherit", "ipc"],
});
child.on("error", ({ message }) => fail(message));
child.send({
  target,
  mark,
  temporary: os.tmpdir(),
  engine: engine.version,
  transport: given.transport,
  only: given.only ?? [],
  budget: Number(given.budget ?? DEFAULT_BUDGET),
  live: given.live ?? false,
  allowActive: given["allow-active"] ?? false,
  sweepOnly: given.sweep ?? false,
  report: path.resolve(given.report ?? path.join(REPOSITORY, ".acceptance")),
});
let asked = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop());
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  stop();
}, ORPHAN_CHECK_MS);
child.on("close", (code) => process.exit(code ?? 1));

/** Lets the run remove what it made; asked a second time, ends it at once. The next run removes the rest. */
function stop() {
  asked += 1;
  if (asked === 1)
    console.log("Stopping: what this run made is removed. Once more ends it at once, and the next run removes it.");
  child.kill(asked === 1 ? "SIGTERM" : "SIGKILL");
}

function argumentsOf(file) {
  return ["--import", "tsx", path.join(REPOSITORY, "test", "acceptance", file)];
}

function targetOf({ host = process.env.POSTHOG_HOST ?? DEFAULT_HOST, project = process.env.POSTHOG_PROJECT_ID }) {
  const key = process.env.POSTHOG_API_KEY;
  if (!key)
    fail(
      "POSTHOG_API_KEY is not set. The acceptance needs a personal API key; --emulator runs without one, and --help says more.",
    );
  if (!project)
    fail("Which project? Set POSTHOG_PROJECT_ID, or say --project: the number in the address of PostHog's pages.");
  let origin;
  try {
    ({ origin } = new URL(host));
  } catch {
    fail(`--host takes an address such as ${DEFAULT_HOST}, not "${host}".`);
  }
  if (!isSafe(new URL(host)))
    fail(
      `${host} is not https, and the key would go there in clear. POSTHOG_ALLOW_HTTP=1 allows it within your own network.`,
    );
  return { host: origin, projectId: project, key };
}

function isSafe({ protocol, hostname }) {
  if (protocol === "https:") return true;
  return protocol === "http:" && (LOOPBACK.test(hostname) || process.env.POSTHOG_ALLOW_HTTP === "1");
}

function fail(message) {
  console.error(message);
  process.exit(USAGE_ERROR);
}

// `npm run bench`: how fast the provider is on the real engine, each figure beside its floor. test/bench says how; this sets up and cleans up.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findChromium } from "./chromium.mjs";
import { findEngine } from "./engine/find.mjs";
import { onInterrupt } from "./engine/interrupt.mjs";
import { killMarked } from "./engine/leftovers.mjs";
import { REPOSITORY, setUp } from "./setup.mjs";

const USAGE_ERROR = 2;
const HELP = `npm run bench -- [names…] [options]

Measures on the real Pulumi engine, in one run, each figure beside its floor: a dynamic provider that does nothing, with inputs of the
same shape, on the same engine and backend; and where they differ, the plugin beside a plugin that does nothing. Rounds of all are
interleaved. Without names, every figure; a name may be the first part of one.

  --rounds N     rounds of each figure (default: what the figure needs)
  --json FILE    writes the figures, too
  --list         prints the names
  --help`;

let args;
let given;
let names;
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string" },
      json: { type: "string" },
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds))
    throw new Error(`--rounds takes a whole number above 0, not "${values.rounds}".`);
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  given = values;
  names = positionals;
  if (values.json !== undefined) values.json = path.resolve(values.json);
  args = [
    ...positionals,
    ...Object.entries(values).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, value])),
  ];
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(USAGE_ERROR);
}

const RUN = randomUUID();
// Everything that a killed run would leave lies in here.
const temporary = mkdtempSync(path.join(os.tmpdir(), "hogflow-bench-"));
const clean = () => {
  killMarked("HOGFLOW_BENCH_RUN", RUN);
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
};
onInterrupt(clean);

try {
  await setUp();
  const engine = given.list ? undefined : await findEngine({ log: console.log });
  const needsChromium = !given.list && (names.length === 0 || names.some((name) => "show".startsWith(name)));
  const env = {
    ...process.env,
    ...(needsChromium ? { HOGFLOW_CHROMIUM: await findChromium({ log: console.log }) } : {}),
    HOGFLOW_BENCH_RUN: RUN,
    TMPDIR: temporary,
    ...(engine ? { HOGFLOW_ENGINE_DIR: engine.folder, HOGFLOW_ENGINE_VERSION: engine.version } : {}),
  };
  process.exitCode = await new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ["--expose-gc", "--import", "tsx", path.join(REPOSITORY, "test/bench/main.ts"), ...args],
      { cwd: REPOSITORY, env, stdio: "inherit" },
    );
    const forget = onInterrupt(() => child.kill("SIGKILL"));
    child.on("close", (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  clean();
}

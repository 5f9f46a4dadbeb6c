// `npm test`: set-up, engine, linters, type check, every suite, and as the last line what came of it.
// `npm test -- engine` runs one suite; other arguments go to vitest (`npm test -- unit -t retry`).
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { findEngine } from "./engine/find.mjs";
import { onInterrupt } from "./engine/interrupt.mjs";
import { killMarked } from "./engine/leftovers.mjs";
import { lint, LINTER_COUNT } from "./lint.mjs";
import { REPOSITORY, setUp } from "./setup.mjs";

/** Suites, as vitest.config.mts names them, and where their files are; unit has the rest. One that runs the files of another is counted with it. */
const SUITES = [
  { name: "engine", folder: "test/engine/" },
  { name: "engine-plugin", folder: "test/engine/" },
  { name: "command", folder: "test/command/" },
  { name: "examples", folder: "examples/" },
  { name: "browser", folder: "test/browser/" },
  { name: "provider-process", folder: "test/provider-process/" },
  { name: "plugin", folder: "test/plugin/" },
  { name: "unit", folder: "test/" },
];

/** What a suite needs besides Node, and the variable that tells the tests where it is. */
const NEEDED = [
  {
    suites: ["engine", "engine-plugin"],
    variable: "HOGFLOW_ENGINE_DIR",
    what: "engine",
    async find() {
      const { version, folder } = await findEngine({ languages: true, log: console.log });
      console.log(`Pulumi engine ${version}: ${folder}`);
      return folder;
    },
  },
  {
    suites: ["browser"],
    variable: "HOGFLOW_CHROMIUM",
    what: "Chromium",
    async find() {
      const file = await findChromium({ log: console.log });
      console.log(`Chromium: ${file}`);
      return file;
    },
  },
];

const RUN = randomUUID();
const temporary = mkdtempSync(path.join(os.tmpdir(), "hogflow-test-"));
onInterrupt(() => {
  killMarked("HOGFLOW_TEST_RUN", RUN);
  rmSync(temporary, { recursive: true, force: true });
});

const results = [];

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  results.push({ name: "set-up", passed: 0, failed: 1 });
}
finish();

async function main(args) {
  const names = SUITES.map(({ name }) => name);
  const rest = args.filter((arg) => !names.includes(arg));
  let chosen = names.filter((name) => args.includes(name));
  if (chosen.length === 0) chosen = names;

  await setUp();
  const found = {};
  for (const { suites, variable, what, find } of NEEDED) {
    if (!suites.some((name) => chosen.includes(name))) continue;
    try {
      found[variable] = await find();
    } catch (error) {
      // The other suites can still say something; this one has failed.
      console.error(error.message);
      results.push({ name: suites[0], passed: 0, failed: 1, note: `no ${what}` });
      chosen = chosen.filter((name) => !suites.includes(name));
    }
  }
  checkStyle();
  await typeCheck();
  if (chosen.length > 0) await runSuites(chosen, rest, found);
}

function checkStyle() {
  console.log("Checking layout and habits …");
  const started = Date.now();
  const failed = lint();
  results.push({
    name: "lint",
    passed: LINTER_COUNT - failed.length,
    failed: failed.length,
    note: [seconds(started), ...failed].join(", "),
  });
}

async function typeCheck() {
  console.log("Checking types …");
  const started = Date.now();
  const tsc = path.join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
  const codes = [];
  for (const project of ["test/tsconfig.json", "show/tsconfig.json"])
    codes.push((await run([tsc, "--noEmit", "-p", project], process.env)).code);
  const passed = codes.filter((code) => code === 0).length;
  results.push({ name: "types", passed, failed: codes.length - passed, note: seconds(started) });
}

async function runSuites(chosen, rest, found) {
  const report = path.join(temporary, "report.json");
  const vitest = path.join(REPOSITORY, "node_modules", "vitest", "vitest.mjs");
  const projects = chosen.flatMap((name) => ["--project", name]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  // What a test that was killed could not remove goes with our own folder.
  const env = { ...process.env, HOGFLOW_TEST_RUN: RUN, TMPDIR: temporary };
  for (const { variable } of NEEDED) delete env[variable];
  Object.assign(env, found);
  const { code, signal } = await run([vitest, "run", ...projects, ...reporters, ...rest], env);
  const suites = readReport(report);
  results.push(...suites);
  // An error outside of any test, a crash, or nothing to run: in no file's numbers, and a failure all the same.
  const ran = suites.reduce((sum, suite) => sum + suite.passed + suite.failed, 0);
  const counted = suites.some((suite) => suite.failed > 0);
  if (ran === 0) results.push({ name: "vitest", passed: 0, failed: 1, note: "no test ran" });
  else if (code !== 0 && !counted) {
    results.push({
      name: "vitest",
      passed: 0,
      failed: 1,
      note: signal ? `ended by ${signal}` : `ended with code ${code}`,
    });
  }
}

/** Numbers per suite. A file that could not be loaded has no tests in the report and counts as one failure. */
function readReport(report) {
  let files;
  try {
    files = JSON.parse(readFileSync(report, "utf8")).testResults;
  } catch {
    return [];
  }
  const suites = new Map();
  for (const file of files) {
    const relative = path.relative(REPOSITORY, file.name).split(path.sep).join("/");
    const { name } = SUITES.find(({ folder }) => relative.startsWith(folder)) ?? { name: "elsewhere" };
    const suite = suites.get(name) ?? { name, passed: 0, failed: 0, skipped: 0, files: 0 };
    suites.set(name, suite);
    const count = (...statuses) => file.assertionResults.filter(({ status }) => statuses.includes(status)).length;
    const failed = count("failed");
    suite.files += 1;
    suite.passed += count("passed");
    suite.failed += file.status === "failed" ? Math.max(failed, 1) : failed;
    suite.skipped += count("skipped", "pending", "todo", "disabled");
  }
  return [...suites.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Runs Node on `args` with its output passed through, and ends it when we are interrupted. */
function run(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: REPOSITORY, env, stdio: ["ignore", "inherit", "inherit"] });
    const forget = onInterrupt(() => child.kill("SIGKILL"));
    const done = (outcome) => {
      forget();
      resolve(outcome);
    };
    child.on("error", (error) => {
      console.error(error.message);
      done({ code: 1 });
    });
    child.on("close", (code, signal) => done({ code, signal }));
  });
}

function finish() {
  let passed = 0;
  let failed = 0;
  console.log("");
  for (const suite of results) {
    passed += suite.passed;
    failed += suite.failed;
    const details = [
      `${suite.passed} passed`,
      `${suite.failed} failed`,
      suite.skipped ? `${suite.skipped} skipped` : "",
      suite.files ? `${suite.files} files` : "",
      suite.note ?? "",
    ];
    console.log(`${suite.name.padEnd(18)}${details.filter(Boolean).join(", ")}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

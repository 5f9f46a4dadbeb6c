// `node tools/try-package.mjs <folder with the .tgz> [--typescript 5.2]`: tries the packed package as a user meets it. In
// a project outside this repository it installs the package, compiles a program with it (and one with a mistake, which
// must fail), loads its entries by import and by require, and runs its command. Needs only Node and npm.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const USAGE_ERROR = 2;
/** npm could not install: of the package that says nothing. */
const NOT_INSTALLED = 3;
const REPOSITORY = path.dirname(import.meta.dirname);
const WINDOWS = process.platform === "win32";

const PROGRAM = `import { delay, email, HogFlow, on } from "pulumi-hogflow";
import { simulate } from "pulumi-hogflow/testing";
import { startEmulator } from "pulumi-hogflow/emulator";

const from = { integrationId: 7 };
export const flow = new HogFlow("onboarding", {
  trigger: on.event("user signed up"),
  steps: [delay("let_them_try", "3d"), email("welcome", { from, subject: "Welcome", text: "Hello {{ unsubscribe_url }}" })],
});
export const ends: string = simulate({ trigger: on.schedule(), steps: [] }).end.how;
export const address: Promise<string> = startEmulator({ port: 0 }).then(({ url }) => url);
`;
/** As in PROGRAM, and its only error. */
const MISTAKE = PROGRAM.replace('"3d"', '"3 days"');

const FLOW = {
  name: "Onboarding",
  status: "draft",
  exit_condition: "exit_only_at_end",
  actions: [
    {
      id: "trigger_node",
      name: "Trigger",
      type: "trigger",
      config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
    },
    { id: "let_them_try", name: "Let them try", type: "delay", config: { delay_duration: "3d" } },
    { id: "exit_node", name: "Exit", type: "exit", config: {} },
  ],
  edges: [
    { from: "trigger_node", to: "let_them_try", type: "continue" },
    { from: "let_them_try", to: "exit_node", type: "continue" },
  ],
};

/** The same for both ways to load it; `load` is import or require. */
const CHECKS = `async function check(load) {
  const { on, delay, validate } = await load("pulumi-hogflow");
  const { simulate } = await load("pulumi-hogflow/testing");
  const { startEmulator } = await load("pulumi-hogflow/emulator");
  const operate = await load("pulumi-hogflow/operate");
  const { hogflowPolicies } = await load("pulumi-hogflow/policy");
  const provider = await load("pulumi-hogflow/provider");
  const args = { trigger: on.event("user signed up"), steps: [delay("let_them_try", "3d")] };
  const emulator = await startEmulator({ port: 0 });
  const answer = await fetch(emulator.url + "/api/projects/1/hog_flows/", { headers: { Authorization: "Bearer phx_test" } });
  await emulator.stop();
  const facts = {
    findings: validate(args).filter(({ severity }) => severity === "error"),
    end: simulate(args, { trigger: "user signed up" }).end.how,
    emulator: answer.status,
    operate: Object.keys(operate).length > 0,
    policies: hogflowPolicies().length > 0,
    provider: [typeof provider.flow.check, typeof provider.schedule.check],
  };
  const expected = { findings: [], end: "exit", emulator: 200, operate: true, policies: true, provider: ["function", "function"] };
  require("node:assert").deepStrictEqual(facts, expected);
}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { typescript: { type: "string", default: "6" } },
});
const [folder] = positionals;
const archives = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".tgz"));
if (archives.length !== 1) {
  console.error("Usage: node tools/try-package.mjs <folder with one .tgz> [--typescript <version>]");
  process.exit(USAGE_ERROR);
}

const app = mkdtempSync(path.join(os.tmpdir(), "hogflow-try-package-"));
process.on("exit", () => rmSync(app, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
tryIt(path.resolve(folder, archives[0]));

function tryIt(archive) {
  const { devDependencies } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
  const versions = {
    "@pulumi/pulumi": devDependencies["@pulumi/pulumi"],
    "@types/node": devDependencies["@types/node"],
    typescript: values.typescript,
  };
  write("package.json", {
    private: true,
    dependencies: { "pulumi-hogflow": `file:${archive.replaceAll("\\", "/")}`, ...versions },
  });
  write("tsconfig.json", {
    compilerOptions: {
      target: "es2022",
      module: "node16",
      moduleResolution: "node16",
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
    },
  });
  write("index.ts", PROGRAM);
  write("flow.json", FLOW);
  write("check.cjs", `${CHECKS}check(require).catch((error) => { console.error(error); process.exitCode = 1; });\n`);
  write(
    "check.mjs",
    `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n${CHECKS}await check((name) => import(name));\n`,
  );

  const installed = run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"]);
  if (installed.code !== 0) end(NOT_INSTALLED, "npm could not install the package", installed.output);
  const typescript = JSON.parse(readFileSync(path.join(app, "node_modules/typescript/package.json"), "utf8")).version;
  console.log(`Node ${process.versions.node}, TypeScript ${typescript}, ${process.platform}`);

  must("it compiles", "node", ["node_modules/typescript/bin/tsc", "-p", "."]);
  write("index.ts", MISTAKE);
  const mistaken = run("node", ["node_modules/typescript/bin/tsc", "-p", "."]);
  if (mistaken.code === 0 || !mistaken.output.includes("3 days"))
    end(1, "a wrong duration should not compile", mistaken.output);
  console.log("a mistake does not compile");
  must("it loads by require", "node", ["check.cjs"]);
  must("it loads by import", "node", ["check.mjs"]);
  const { version } = JSON.parse(readFileSync(path.join(app, "node_modules/pulumi-hogflow/package.json"), "utf8"));
  const said = must("its command runs", "npx", ["--no-install", "hogflow", "--version"]).trim();
  if (said !== version) end(1, `hogflow --version says ${said}, and the package is ${version}`, "");
  must("it validates", "npx", ["--no-install", "hogflow", "validate", "flow.json"]);
  must("it simulates", "npx", ["--no-install", "hogflow", "simulate", "flow.json"]);
}

function write(name, content) {
  writeFileSync(path.join(app, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
}

function must(what, command, args) {
  const { code, output } = run(command, args);
  if (code !== 0) end(1, `not so: ${what}`, output);
  console.log(what);
  return output;
}

/** In the project, without what an npm or a test around us sets. npm and npx are batch files on Windows, which only a shell starts. */
function run(command, args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|INIT_CWD|POSTHOG_)/i.test(name)),
  );
  const node = command === "node";
  const { status, stdout, stderr, error } = spawnSync(node ? process.execPath : command, args, {
    cwd: app,
    env,
    encoding: "utf8",
    shell: WINDOWS && !node,
  });
  return { code: status ?? -1, output: `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}` };
}

function end(code, message, output) {
  console.error(`${message}\n${output}`);
  process.exit(code);
}

// A stack on the real Pulumi engine, for tests: its own program folder, state, settings and processes.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { engineEnv, findEngine } from "../../tools/engine/find.mjs";
import { findMarked, killMarked } from "../../tools/engine/leftovers.mjs";
import { PLUGIN_PACKAGE } from "../../definition/resource-types";
import { configKey, isProvider, TRANSPORT, type Transport } from "./transport";

const REPOSITORY = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const STACK_MARK = "HOGFLOW_TEST_STACK";
const PASSPHRASE = "correct horse";
const COMMAND_TIMEOUT_MS = 120_000;
/** What every program needs besides its own dependencies. */
const LINKED_PACKAGES = ["@pulumi/pulumi", "typescript", "tsx", "@types/node"];

export interface CommandResult {
  /** -1 when the command was ended by a signal or by its time limit. */
  code: number;
  signal?: NodeJS.Signals;
  stdout: string;
  stderr: string;
  /** Both, as they came. */
  output: string;
}

/** Ends a command in the middle. After a kill of the engine, `cancel()` the lock before the next update. */
export interface Kill {
  /** When: once the output so far matches, or the promise resolves (say, a request arrived at the emulator). */
  when: RegExp | Promise<unknown>;
  /** What: the `pulumi` process itself, its provider process, or everything that the command started. Default: engine. */
  target?: "engine" | "provider" | "all";
  /** Default: SIGKILL. */
  signal?: NodeJS.Signals;
}

export interface RunOptions {
  env?: Record<string, string>;
  timeoutMs?: number;
  kill?: Kill;
}

export interface PreviewStep {
  op: string;
  urn: string;
  provider?: string;
  oldState?: { type: string; inputs: Record<string, any>; outputs: Record<string, any>; [key: string]: any };
  newState?: { type: string; inputs: Record<string, any>; outputs: Record<string, any>; [key: string]: any };
  detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | null;
  diffReasons?: string[] | null;
}

export interface PreviewDigest {
  steps: PreviewStep[];
  changeSummary: Record<string, number>;
  diagnostics?: { message: string; severity: string; urn?: string }[];
  config?: Record<string, string>;
}

export interface Stack {
  /** The program's folder. */
  readonly dir: string;
  readonly backendDir: string;
  /** PULUMI_HOME of this stack. */
  readonly home: string;
  readonly project: string;
  readonly stack: string;
  /** The output of every command so far. */
  readonly log: string;
  /** The environment that commands get (options of a call are added to it). */
  readonly env: Record<string, string>;
  /** `pulumi` with these arguments. A non-zero code is a result, not an exception. */
  run(args: string[], options?: RunOptions): Promise<CommandResult>;
  preview(args?: string[], options?: RunOptions): Promise<CommandResult>;
  /** Without the preview that `pulumi up` makes first. */
  up(args?: string[], options?: RunOptions): Promise<CommandResult>;
  refresh(args?: string[], options?: RunOptions): Promise<CommandResult>;
  destroy(args?: string[], options?: RunOptions): Promise<CommandResult>;
  /** `pulumi preview --json`; a preview that fails throws with its output. */
  previewJson(args?: string[], options?: RunOptions): Promise<PreviewDigest>;
  /** Takes away the lock that a killed engine left on the state; every later update is refused without this. */
  cancel(): Promise<CommandResult>;
  /** `pulumi stack export`; secrets stay encrypted. */
  exportState(): Promise<any>;
  importState(state: unknown): Promise<CommandResult>;
  /** The stack's outputs, secrets in clear. */
  outputs(): Promise<Record<string, any>>;
  /** The text of every file of state, of the engine's logs (unzipped where they are not encrypted) and of the stack's settings. */
  stateText(): Promise<string>;
  setConfig(key: string, value: string, options?: { secret?: boolean }): Promise<void>;
  /** Writes the program's main file. */
  writeProgram(source: string): Promise<void>;
  /** The processes of this stack that are alive. */
  processes(): { pid: number; command: string }[];
  /** Ends what is left of it, and removes its folders. */
  dispose(): Promise<void>;
}

export interface StackOptions {
  /** Default: `test`. */
  project?: string;
  /** Default: `dev`. */
  stack?: string;
  /** Source of index.ts. */
  program?: string;
  /** A folder, from the repository's root, to copy instead: an example. */
  copyOf?: string;
  /** The program is an ES module, run by tsx. */
  esm?: boolean;
  /** The project names the built plugin, as a user does who installed the package, or another one. Default: the built one, where the tests run on it. */
  plugin?: boolean | PluginFolder;
  /** The program is in another language than TypeScript, and takes the plugin. */
  language?: Language;
  /** What serves the resources. Default: what the tests of this process run on. */
  transport?: Transport;
  /** Let the engine type-check the program, too. Default: no, which saves a second for each command. */
  typeCheck?: boolean;
  env?: Record<string, string>;
  config?: Record<string, string | { secret: string }>;
}

/** What is written for a program in another language. */
export interface Language {
  /** What Pulumi.yaml says, for a program in this folder. */
  runtime(dir: string): unknown;
  /** The file that `program` goes into. */
  main: string;
  /** Further files, by name. */
  files?: Record<string, string>;
  env?: Record<string, string>;
  /** What else the folder needs. */
  prepare?(dir: string): Promise<void>;
}

/** A new stack, initialised; throws with the engine's output when it cannot be. */
export async function createStack(given: StackOptions): Promise<Stack> {
  const options = onTransport(given);
  const folder = await engineFolder();
  const root = await mkdtemp(path.join(os.tmpdir(), "hogflow-stack-"));
  const dir = path.join(root, "program");
  const backendDir = path.join(root, "state");
  const home = path.join(root, "home");
  const stackName = options.stack ?? "dev";
  const mark = randomUUID();
  await Promise.all([mkdir(dir), mkdir(backendDir), mkdir(home)]);

  const env = engineEnv(folder, {
    home,
    backendDir,
    passphrase: PASSPHRASE,
    extra: {
      [STACK_MARK]: mark,
      PULUMI_NODEJS_TRANSPILE_ONLY: options.typeCheck ? "false" : "true",
      NO_COLOR: "1",
      ...options.language?.env,
      ...options.env,
    },
  });
  let log = "";
  const run = async (args: string[], runOptions: RunOptions = {}) => {
    const result = await runPulumi(path.join(folder, "pulumi"), args, { cwd: dir, env, mark }, runOptions);
    // Settings are given in clear here, which is no leak of the engine's.
    const shown = args[0] === "config" ? args.slice(0, 2) : args;
    log += `$ pulumi ${shown.join(" ")}\n${result.output}\n`;
    return result;
  };
  const must = async (args: string[]) => {
    const result = await run(args);
    if (result.code !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with code ${result.code}:\n${result.output}`);
    return result;
  };
  const common = ["--stack", stackName, "--non-interactive", "--color", "never"];
  const dispose = async () => {
    killMarked(STACK_MARK, mark);
    await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };

  try {
    const project = await writeProject(dir, options);
    const main = options.language?.main ?? (await mainFile(dir));
    await writeSettings(dir, stackName, options.config);
    await must(["stack", "init", stackName, "--non-interactive", "--color", "never"]);
    const secrets = Object.entries(options.config ?? {}).filter(([, value]) => typeof value !== "string");
    if (secrets.length > 0) {
      const pairs = secrets.flatMap(([key, value]) => ["--secret", `${key}=${(value as { secret: string }).secret}`]);
      await must(["config", "set-all", "--stack", stackName, "--non-interactive", ...pairs]);
    }
    return {
      dir,
      backendDir,
      home,
      project,
      stack: stackName,
      env,
      get log() {
        return log;
      },
      run,
      preview: (args = [], runOptions) => run(["preview", ...common, ...args], runOptions),
      up: (args = [], runOptions) => run(["up", "--yes", "--skip-preview", ...common, ...args], runOptions),
      refresh: (args = [], runOptions) => {
        const mode = args.includes("--preview-only") ? [] : ["--yes", "--skip-preview"];
        return run(["refresh", ...mode, ...common, ...args], runOptions);
      },
      destroy: (args = [], runOptions) => run(["destroy", "--yes", "--skip-preview", ...common, ...args], runOptions),
      async previewJson(args = [], runOptions) {
        const result = await run(["preview", "--json", ...common, ...args], runOptions);
        try {
          return JSON.parse(result.stdout);
        } catch {
          throw new Error(`pulumi preview --json ended with code ${result.code}:\n${result.output}`);
        }
      },
      cancel: () => must(["cancel", "--yes", "--stack", stackName, "--non-interactive"]),
      exportState: async () => JSON.parse((await must(["stack", "export", "--stack", stackName])).stdout),
      async importState(state) {
        const file = path.join(root, "import.json");
        await writeFile(file, JSON.stringify(state));
        return run(["stack", "import", "--stack", stackName, "--file", file, "--non-interactive"]);
      },
      outputs: async () =>
        JSON.parse((await must(["stack", "output", "--json", "--show-secrets", "--stack", stackName])).stdout),
      async stateText() {
        const settings = path.join(dir, `Pulumi.${stackName}.yaml`);
        const texts = [await textsBelow(backendDir), await textsBelow(home), await readFile(settings, "utf8")];
        return texts.flat().join("\n");
      },
      async setConfig(key, value, { secret = false } = {}) {
        await must([
          "config",
          "set",
          "--stack",
          stackName,
          secret ? "--secret" : "--plaintext",
          "--non-interactive",
          configKey(key, given.transport),
          value,
        ]);
      },
      writeProgram: (source) => writeFile(path.join(dir, main), source),
      processes: () => findMarked(STACK_MARK, mark),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A plugin's package, and the folder with its executable, as Pulumi.yaml names them. */
interface PluginFolder {
  name: string;
  path: string;
}
const BUILT_PLUGIN: PluginFolder = { name: "hogflow", path: "node_modules/pulumi-hogflow/dist/plugin" };

/** With what a project and its configuration say where the plugin serves the resources. */
function onTransport({ transport = TRANSPORT, ...options }: StackOptions): StackOptions {
  if (transport === "dynamic") return options;
  const config = Object.entries(options.config ?? {}).map(([key, value]) => [configKey(key, transport), value]);
  // The key goes only to the host that the provider is configured for.
  const host = options.config?.["posthog:host"];
  if (host !== undefined) config.push([`${PLUGIN_PACKAGE}:host`, host]);
  return { ...options, plugin: true, config: { "posthog:provider": "plugin", ...Object.fromEntries(config) } };
}

let engine: Promise<string> | undefined;

/** The engine's folder: as tools/test.mjs or the suite's set-up says, else it is looked for. */
export function engineFolder(): Promise<string> {
  const given = process.env["HOGFLOW_ENGINE_DIR"];
  engine ??= given
    ? Promise.resolve(given)
    : findEngine({ languages: true, log: console.log }).then(({ folder }) => folder);
  return engine;
}

/** Writes or copies the program, and resolves to the project's name. */
async function writeProject(dir: string, options: StackOptions): Promise<string> {
  if (options.copyOf) {
    const source = path.resolve(REPOSITORY, options.copyOf);
    const left = new Set(["node_modules", ".pulumi"]);
    await cp(source, dir, { recursive: true, filter: (file) => !left.has(path.basename(file)) });
    const file = path.join(dir, "Pulumi.yaml");
    const project = await readFile(file, "utf8");
    const name = /^name:\s*["']?([^\s"']+)/m.exec(project)?.[1];
    if (options.plugin)
      await writeFile(
        file,
        `${project}\nplugins: ${JSON.stringify({ providers: [options.plugin === true ? BUILT_PLUGIN : options.plugin] })}\n`,
      );
    await linkPackages(dir);
    return name ?? path.basename(source);
  }
  const project = options.project ?? "test";
  if (options.language) {
    const { runtime, main, files, prepare } = options.language;
    const settings = { name: project, runtime: runtime(dir), plugins: { providers: [BUILT_PLUGIN] } };
    const all = { "Pulumi.yaml": JSON.stringify(settings), ...files, [main]: options.program ?? "" };
    for (const [name, content] of Object.entries(all)) await writeFile(path.join(dir, name), content);
    await mkdir(path.join(dir, "node_modules"));
    await linkOwnPackage(dir);
    await prepare?.(dir);
    return project;
  }
  const runtime: Record<string, unknown> = { name: "nodejs" };
  if (options.esm) runtime["options"] = { nodeargs: "--import=tsx", typescript: false };
  const provider = options.plugin === true ? BUILT_PLUGIN : options.plugin;
  // JSON is YAML.
  await writeFile(
    path.join(dir, "Pulumi.yaml"),
    JSON.stringify({ name: project, runtime, ...(provider ? { plugins: { providers: [provider] } } : {}) }),
  );
  await writeFile(
    path.join(dir, "package.json"),
    JSON.stringify({
      name: project,
      private: true,
      main: "index.ts",
      ...(options.esm ? { type: "module" } : {}),
      dependencies: { "@pulumi/pulumi": "*", "pulumi-hogflow": "*" },
    }),
  );
  await writeFile(
    path.join(dir, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "node16",
        moduleResolution: "node16",
        strict: true,
        skipLibCheck: true,
        types: ["node"],
      },
      files: ["index.ts"],
    }),
  );
  await writeFile(path.join(dir, "index.ts"), options.program ?? "export {};\n");
  await linkPackages(dir);
  return project;
}

async function mainFile(dir: string): Promise<string> {
  return JSON.parse(await readFile(path.join(dir, "package.json"), "utf8")).main ?? "index.ts";
}

/**
 * Gives the program the repository's own packages, one copy of each. Links to what is needed, and not to the
 * whole folder: the language host walks all that it sees there at every start.
 */
export async function linkPackages(dir: string): Promise<void> {
  const { dependencies, devDependencies } = JSON.parse(await readFile(path.join(dir, "package.json"), "utf8"));
  const names = new Set([...LINKED_PACKAGES, ...Object.keys({ ...dependencies, ...devDependencies })]);
  names.delete("pulumi-hogflow");
  for (const name of names) {
    const target = path.join(REPOSITORY, "node_modules", name);
    if (!existsSync(target)) throw new Error(`The program needs ${name}, which the repository does not have.`);
    const link = path.join(dir, "node_modules", name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(target, link, "junction");
  }
  await linkOwnPackage(dir);
}

async function linkOwnPackage(dir: string): Promise<void> {
  const own = path.join(dir, "node_modules", "pulumi-hogflow");
  await mkdir(own);
  await symlink(path.join(REPOSITORY, "dist"), path.join(own, "dist"), "junction");
  await symlink(path.join(REPOSITORY, "package.json"), path.join(own, "package.json"));
}

/** Plain settings go into the stack's file at once; a `pulumi config set` for each costs most of a second. */
async function writeSettings(dir: string, stack: string, config: StackOptions["config"]): Promise<void> {
  const plain = Object.entries(config ?? {}).filter(([, value]) => typeof value === "string");
  if (plain.length === 0) return;
  await writeFile(path.join(dir, `Pulumi.${stack}.yaml`), JSON.stringify({ config: Object.fromEntries(plain) }));
}

function runPulumi(
  pulumi: string,
  args: string[],
  { cwd, env, mark }: { cwd: string; env: Record<string, string>; mark: string },
  { env: extra, timeoutMs = COMMAND_TIMEOUT_MS, kill }: RunOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(pulumi, args, { cwd, env: { ...env, ...extra }, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let output = "";
    let killed = false;
    const fire = () => {
      if (killed || !kill) return;
      killed = true;
      const signal = kill.signal ?? "SIGKILL";
      if (kill.target === "all") killMarked(STACK_MARK, mark, signal);
      else if (kill.target === "provider") killProvider(mark, signal);
      else child.kill(signal);
    };
    if (kill && !(kill.when instanceof RegExp)) void kill.when.then(fire, () => {});
    const receive = (text: string) => {
      output += text;
      if (kill?.when instanceof RegExp && kill.when.test(output)) fire();
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => ((stdout += text), receive(text)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => ((stderr += text), receive(text)));
    const limit = setTimeout(() => {
      output += `\n(ended by the test: more than ${timeoutMs} ms)`;
      killMarked(STACK_MARK, mark);
    }, timeoutMs);
    child.on("error", reject);
    // Not "close": a provider that outlives its engine keeps the pipes open.
    child.on("exit", (code, signal) => {
      clearTimeout(limit);
      // What was written before the end may still be in the pipes.
      const done = () => resolve({ code: code ?? -1, ...(signal ? { signal } : {}), stdout, stderr, output });
      const late = setTimeout(done, 500);
      child.on("close", () => (clearTimeout(late), done()));
    });
  });
}

function killProvider(mark: string, signal: NodeJS.Signals): void {
  for (const { pid, command } of findMarked(STACK_MARK, mark)) if (isProvider(command)) process.kill(pid, signal);
}

async function textsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(async (entry) => textOf(await readFile(path.join(entry.parentPath, entry.name)))));
}

function textOf(bytes: Buffer): string {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!zipped) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { finishFlush: 2 }).toString("utf8");
  } catch {
    return bytes.toString("latin1");
  }
}

// Runs the program of a Pulumi project as Pulumi's language host for Node runs it, with Pulumi's own loader for TypeScript and modules, but with services of
// ours in place of an engine. Nothing is deployed, and no state is read.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import type { Writable } from "node:stream";
import { OperateError } from "../errors";
import type { Workspace, WorkspaceProgram } from "../workspace";
import { startMonitor, type RegisteredResource } from "./monitor";
import type { ProgramNote } from "./preload";
import { PRELOAD_SETTINGS, programConfig, withUnknowns } from "./program-config";
import { SECRET } from "../../definition/canonical/secrets";
import { isDict, type Dict } from "../../definition/canonical/values";

/** How a program ended, and what it said. */
export interface ProgramRun {
  /** Errors, as Pulumi reports them: texts with a stack. */
  errors: string[];
  /** What the preloaded file has reported. */
  notes: ProgramNote[];
  /** Its own modules and the files and folders that it has read, as absolute paths; nothing of packages. */
  files: Set<string>;
  /** Whether it came to run at all. */
  isStarted: boolean;
  /** Whether it ran to its end. */
  isFinished: boolean;
  /** Whether the signal ended it. */
  isInterrupted: boolean;
  /** Exit code, or the signal that ended it. */
  end: number | string;
  /** The last lines of its error output. */
  lastLines: string;
}

export interface RunProgramOptions {
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
  /** Called for each custom resource, in the order of registration. */
  onResource(resource: RegisteredResource): void;
  /** Leaves out the type check, which ends a program before its first resource. Default false. */
  transpileOnly?: boolean;
}

/** The name that programs get for a stack that nobody has chosen. */
const NO_STACK = "no-stack-selected";
const KEPT_OUTPUT = 4_000;
/** After this, a program that does not end when it is asked to is ended: milliseconds. */
const FAREWELL_MS = 2_000;

/**
 * Runs the program and waits for its end.
 *
 * @throws OperateError where there is no program that Node can run, or its packages are not installed.
 */
export async function runProgram(workspace: Workspace, options: RunProgramOptions): Promise<ProgramRun> {
  return (await prepareProgram(workspace, options)).run(options);
}

/** A program whose process has begun. */
export interface PreparedProgram {
  /** Runs it, once, and waits for its end. */
  run(options: Pick<RunProgramOptions, "signal" | "onResource">): Promise<ProgramRun>;
  /** Whether its process is there and would run this program, with this configuration. */
  fits(workspace: Workspace): boolean;
  /** Ends one that was not run. */
  stop(): void;
}

/**
 * Begins the process of a program.
 *
 * @param options `isHeld`: it loads what every program loads, and goes on when it is run. Default: it goes on at once, so run it at once.
 * @throws OperateError as `runProgram` does.
 */
export async function prepareProgram(
  workspace: Workspace,
  { env, transpileOnly, isHeld = false }: Pick<RunProgramOptions, "env" | "transpileOnly"> & { isHeld?: boolean },
): Promise<PreparedProgram> {
  const program = nodeProgram(workspace);
  const { programDir, dir, project = "", stack } = workspace;
  const loader = loaderOf(programDir);
  const config = programConfig(program);
  const run: ProgramRun = {
    errors: [],
    notes: [],
    files: new Set(),
    isStarted: false,
    isFinished: false,
    isInterrupted: false,
    end: 0,
    lastLines: "",
  };
  let onResource: RunProgramOptions["onResource"] = () => {};
  const hide = (text: string): string => text.replaceAll(config.preload.standIn, SECRET);
  const stackName = stack?.split("/").at(-1) ?? NO_STACK;
  const monitor = await startMonitor({
    project,
    stack: stackName,
    events: {
      resource: (resource) =>
        onResource({ ...resource, inputs: withUnknowns(resource.inputs, config.preload.standIn) as Dict }),
      log: ({ severity, text }) => void (severity === "error" && run.errors.push(hide(text))),
      started: () => void (run.isStarted = true),
      finished: () => void (run.isFinished = true),
    },
  });
  const child = spawn(
    process.execPath,
    [
      // As one word: Pulumi looks for `--require` among the arguments, and would load the program in another way.
      "-r",
      path.join(__dirname, "preload.js"),
      ...words(program.options["nodeargs"]),
      loader,
      ...["--monitor", monitor.address, "--engine", monitor.address],
      ...["--organization", organizationOf(stack), "--project", project, "--stack", stackName],
      ...["--root-directory", dir, "--pwd", programDir, "--parallel", "16", "--dry-run"],
      program.entry,
    ],
    {
      cwd: programDir,
      stdio: ["ignore", "pipe", "pipe", "ipc", ...(isHeld ? ["pipe" as const] : [])],
      env: {
        ...env,
        ...typescriptSettings(program.options, transpileOnly),
        PULUMI_CONFIG: JSON.stringify(config.values),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
        [PRELOAD_SETTINGS]: JSON.stringify({ ...config.preload, isHeld }),
      },
    },
  );
  let output = "";
  child.stdout?.resume();
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-KEPT_OUTPUT)));
  child.on("message", (message) => {
    if (!isDict(message)) return;
    if (typeof message["note"] === "string") run.notes.push(message as object as ProgramNote);
    if (typeof message["reads"] === "string") run.files.add(message["reads"]);
  });
  const hold = child.stdio[4] as Writable | null | undefined;
  // A process that is gone has closed it.
  hold?.on("error", () => {});
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal ?? 0));
  }).finally(() => monitor.stop());
  // Of one that is never run, nobody waits for the end.
  ended.catch(() => {});
  return {
    fits: (other) =>
      child.exitCode === null &&
      child.signalCode === null &&
      !child.killed &&
      identity(other, other.program?.()) === identity(workspace, program),
    stop: () => void child.kill("SIGKILL"),
    async run({ signal, onResource: told }) {
      onResource = told;
      let patience: NodeJS.Timeout | undefined;
      const stop = (): void => {
        run.isInterrupted = true;
        child.kill("SIGTERM");
        patience = setTimeout(() => child.kill("SIGKILL"), FAREWELL_MS);
      };
      signal?.addEventListener("abort", stop, { once: true });
      if (signal?.aborted) stop();
      hold?.end("\n");
      try {
        run.end = await ended;
      } finally {
        clearTimeout(patience);
        signal?.removeEventListener("abort", stop);
      }
      run.lastLines = hide(output.trim());
      return run;
    },
  };
}

/** What a process was begun with, as text. */
const identity = ({ dir, programDir, project, stack }: Workspace, program: WorkspaceProgram | undefined): string =>
  JSON.stringify([dir, programDir, project, stack, program]);

/** A full name is organisation/project/stack, or without the project. */
const organizationOf = (stack: string | undefined): string =>
  stack?.includes("/") === true ? stack.split("/")[0]! : "organization";

/** Settings of the language that its host hands over in the environment. */
function typescriptSettings({ typescript, tsconfig, nodeargs }: Dict, transpileOnly = false): Record<string, string> {
  // What compiles the program itself leaves nothing for Pulumi but to check types.
  const isCompiled = typescript === false || (transpileOnly && hasOtherCompiler({ nodeargs }));
  return {
    ...(isCompiled ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(typeof tsconfig === "string" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
    ...(transpileOnly ? { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } : {}),
  };
}

/** Whether something else than Pulumi compiles the program: then Pulumi does not know its source maps, and the lines of stacks are not those of the files. */
export const hasOtherCompiler = ({ nodeargs }: Dict): boolean => OTHER_COMPILERS.test(String(nodeargs));
const OTHER_COMPILERS = /\b(tsx|swc|esbuild|ts-node)\b/;

function nodeProgram({ dir, program }: Workspace): WorkspaceProgram {
  const found = program?.();
  if (found === undefined)
    throw new OperateError({
      what: `There is no Pulumi project in ${dir} or above it`,
      why: "Without files, this command runs a Pulumi program",
      fix: "Run it in the folder of the project, name it with --cwd, or name JSON files with flows",
    });
  if (found.runtime !== "nodejs")
    throw new OperateError({
      what: `The program of this project is not run by Node: its runtime is ${found.runtime === "" ? "not given" : found.runtime}`,
      why: "This command runs programs in TypeScript and JavaScript itself; those of other languages use the plugin, whose preview reports the same findings",
      fix: "Run pulumi preview, or name another project with --cwd",
    });
  return found;
}

/** Pulumi's own script that runs a program. */
function loaderOf(programDir: string): string {
  try {
    return createRequire(path.join(programDir, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new OperateError({
      what: `The packages of the program in ${programDir} are not installed`,
      why: "@pulumi/pulumi was not found there",
      fix: "Run: npm install",
    });
  }
}

/** Words of a command line; quotes keep spaces. */
const words = (line: unknown): string[] =>
  typeof line === "string"
    ? (line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) => word.replaceAll(/["']/g, ""))
    : [];

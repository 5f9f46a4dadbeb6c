// Sets a project up: files, packages, the stack, the flows that exist. Then everything that a first preview needs is checked.
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { isDict } from "../../definition/canonical/values";
import { pageOf } from "../../definition/package";
import { PostHogApiError } from "../../api";
import { configuredHost, configuredProject, filled, normalHost, type TargetSettings } from "../../definition/target";
import { errorText } from "../../provider/errors";
import { isTooOpen, TOO_OPEN } from "../../provider/key";
import type { Check, CheckName } from "../checks";
import { connect } from "../connection";
import { doctor } from "../doctor";
import { OperateError } from "../errors";
import { installedVersion, readProgram, type Program } from "../project/program";
import type { ProgramReport } from "../program/validate-program";
import { openWorkspace } from "../workspace";
import { ensureIndex, pullExisting } from "./pull";
import { installPackages, selectStack } from "./run";
import { writeProject, type ToDo, type WriteOptions, type WrittenFile } from "./write";

const OF_PACKAGES: readonly CheckName[] = ["packages", "typescript", "tsconfig"];
const AGAIN = "Then run this again: what is there stays";

/** How a project is set up. */
export interface InitOptions extends Omit<WriteOptions, "example"> {
  env: TargetSettings["env"];
  signal: AbortSignal;
  /** What the project begins with: the flows that PostHog has, or an example. */
  begin: "pull" | "example";
  /** Whether the package manager is run. */
  install: boolean;
  /** Whether a person can answer what Pulumi asks. */
  terminal: boolean;
  progress: (text: string) => void;
}

/** What was done, and what is left. */
export interface InitReport {
  /** Absolute. */
  dir: string;
  files: WrittenFile[];
  /** Packages that were installed now, with their versions. */
  installed: string[];
  /** Packages that package.json names and that are not installed. */
  missing: string[];
  /** Name of the stack that is selected; absent where none is. */
  stack?: string;
  checks: Check[];
  /** What running the program without an engine has shown; absent where its packages are not installed. */
  program?: ProgramReport;
  toDo: ToDo[];
}

/**
 * Sets up a project in a folder, new or existing. Files are written first; what fails after that is in `toDo`.
 *
 * @throws OperateError when the folder holds something else than a project for Node.
 */
export async function initProject(options: InitOptions): Promise<InitReport> {
  const { dir, env, signal, stack, progress, begin, packageManager } = options;
  refuseOther(dir);
  const report: InitReport = { dir, files: [], installed: [], missing: [], checks: [], toDo: [] };
  const attempt = async (text: string, act: () => Promise<void>): Promise<boolean> => {
    progress(text);
    try {
      await act();
      return true;
    } catch (error) {
      if (signal.aborted || !(error instanceof Error)) throw error;
      report.toDo.push(toDoOf(error));
      return false;
    }
  };

  const written = writeProject({ ...options, example: begin === "example" });
  report.files.push(...written.files);
  if (options.install && missingPackages(readProgram(dir)).length > 0)
    await attempt(`${packageManager} install …`, async () => {
      if (options.managerVersion === undefined)
        throw new OperateError({
          what: `The command \`${packageManager}\` does not run`,
          fix: "Install it, or name another package manager with --package-manager",
        });
      const missing = missingPackages(readProgram(dir));
      await installPackages(packageManager, { cwd: path.dirname(readProgram(dir).packageFile!), env, signal });
      report.installed = missing.map((name) => `${name} ${installedVersion(readProgram(dir), name) ?? ""}`.trim());
    });
  const workspace = openWorkspace({ cwd: dir, env, signal, stack });
  const settings = await workspace.settings();
  if (begin === "pull") {
    await attempt("Reading the flows that PostHog has …", () =>
      pullExisting(connect(settings, { signal }), readProgram(dir), {
        stack: { project: workspace.project!, stack: stack.split("/").at(-1)! },
        report,
      }),
    );
    ensureIndex(readProgram(dir), report);
  }
  const offline = !hasKey(settings) || configuredProject(settings) === undefined;
  const target = normalHost(configuredHost(settings));
  // Where there is a key, the check of it says the same.
  if (offline && "host" in target && isTooOpen(target.host, settings))
    report.toDo.push({ what: `No API key will be sent to ${target.host}`, ...TOO_OPEN, until: "live" });
  report.missing = missingPackages(readProgram(dir));
  report.checks = await doctor({
    settings,
    dir,
    signal,
    progress,
    offline,
  });
  // What is not installed cannot be checked, and that it is not is said.
  if (report.missing.length > 0) report.checks = report.checks.filter(({ name }) => !OF_PACKAGES.includes(name));
  else
    await attempt("Running the program …", async () => {
      // That of the project: this command may run from a package manager's cache, where Pulumi's SDK is not beside it.
      const { validateProgram } = createRequire(path.join(workspace.programDir, "index.js"))(
        "pulumi-hogflow/operate",
      ) as typeof import("../index");
      report.program = await validateProgram(workspace, { env: withProject(settings), signal });
    });
  const hasEngine = report.checks.some(({ name, verdict }) => name === "engine" && verdict === "ok");
  const selected = openWorkspace({ cwd: dir, env, signal }).stack;
  if (selected !== undefined && isSame(selected, stack)) report.stack = stack;
  else if (
    hasEngine &&
    (await attempt(`Selecting the stack ${stack} …`, () => selectStack(stack, { cwd: dir, ...options })))
  )
    report.stack = stack;
  report.toDo.push(...written.toDo);
  return report;
}

/** That there is no PostHog project is said once, and not for each flow. */
const withProject = (settings: TargetSettings): TargetSettings["env"] =>
  configuredProject(settings) === undefined ? { ...settings.env, POSTHOG_PROJECT_ID: "1" } : settings.env;

/** A stack may be named with its organisation and project, and without. */
const isSame = (one: string, other: string): boolean =>
  one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);

/** What failed after the files were written. A fault of this tool is thrown. */
function toDoOf(error: Error): ToDo {
  if (error instanceof OperateError)
    return {
      what: error.what,
      ...(error.why === undefined ? {} : { why: error.why }),
      fix: error.fix ?? AGAIN,
      until: "preview",
    };
  if (error instanceof PostHogApiError) return { what: errorText(error), fix: AGAIN, until: "preview" };
  if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND")
    return {
      what: "This needs a package that is not installed beside the command",
      why: error.message.split("\n")[0]!,
      until: "preview",
      fix: "Run the command of the project, with the same options: it has the package",
    };
  // Errors for users come without a stack.
  if (!error.stack) return { what: error.message, fix: AGAIN, until: "preview" };
  throw error;
}

/** A program of something else must not become a Pulumi program because there is a Pulumi.yaml beside it. */
export function refuseOther(dir: string): void {
  if (!existsSync(dir)) return;
  if (!statSync(dir).isDirectory())
    throw new OperateError({ what: `${dir} is a file`, fix: "Name a folder; it is made where it does not exist" });
  const program = readProgram(dir);
  const fix = "Keep workflows in a folder of their own: hogflow init workflows";
  if (program.projectFile !== undefined && program.runtime !== "nodejs")
    throw new OperateError({
      what: `${program.projectFile} has the runtime ${program.runtime ?? "(none)"}`,
      why: "This command starts projects in TypeScript, with the runtime nodejs",
      fix: `${fix}. Or add flows in its own language with the plugin: ${pageOf("docs/plugin.md")}`,
    });
  if (program.projectFile === undefined && program.entry !== undefined)
    throw new OperateError({
      what: `${program.entry} is a program, and there is no Pulumi.yaml beside it`,
      why: "Pulumi would run it as its own",
      fix: `${fix}. If it is a Pulumi program, run \`pulumi new\` there first`,
    });
}

/** What package.json names and Node does not find. */
function missingPackages(program: Program): string[] {
  const sections = ["dependencies", "devDependencies"].map((section) => program.package[section]);
  const names = sections.flatMap((section) => (isDict(section) ? Object.keys(section) : []));
  return names.filter((name) => installedVersion(program, name) === undefined);
}

function hasKey({ config, env }: TargetSettings): boolean {
  const keys = [env["POSTHOG_API_KEY"], config["posthog:apiKey"], config["posthog:apiKeys"]];
  return keys.some((key) => filled(key) !== undefined);
}

// The Pulumi project and stack that a command is about: where it lies, which stack is selected, and its configuration, encrypted parts
// included, which only the `pulumi` command can read.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { isDict, type Dict } from "../definition/canonical/values";
import { PLUGIN_PACKAGE } from "../definition/resource-types";
import { nameSettingsUnder } from "../definition/setting-names";
import { pluginSettings, type TargetSettings } from "../definition/target";
import { readTextFile } from "../definition/text-file";
import { OperateError } from "./errors";
import { runPulumi } from "./pulumi";
import { listWords } from "./words/values";

/** A Pulumi project and one of its stacks. */
export interface Workspace {
  /** Folder of the project's Pulumi.yaml; the current folder where there is no project. */
  dir: string;
  /** Folder in which the program runs, from which its relative paths go: that of the project, or of `main` in its Pulumi.yaml. */
  programDir: string;
  /** Name of the project; absent where there is none. */
  project?: string;
  /** Name of the stack as it was given or is selected; absent where none is. */
  stack?: string;
  /** Why the stack may not be the one that is meant: it has no settings, and others have. */
  doubt?: string;
  /** What the project's file says of its program, and the configuration that the program gets; absent where there is no project. */
  program?(): WorkspaceProgram;
  /** Reads the configuration of the stack: plain values from its file, encrypted ones through `pulumi`, which is asked only where it must be. */
  settings(): Promise<TargetSettings>;
}

/** A Pulumi program as its project describes it. */
export interface WorkspaceProgram {
  /** Language, such as `nodejs`. */
  runtime: string;
  /** Options of the language: `typescript`, `nodeargs`, `tsconfig`. */
  options: Dict;
  /** File or folder that is run, relative to `programDir`. */
  entry: string;
  /** Configuration by full key, from the files alone: an encrypted value is `{ secure: … }`. */
  config: Dict;
  /** Whether an environment of Pulumi Cloud may have further configuration. */
  hasEnvironment: boolean;
}

/** Where to look. */
export interface WorkspaceOptions {
  /** Default: the process' own. */
  cwd?: string;
  /** Default: PULUMI_STACK, then what `pulumi stack select` chose. */
  stack?: string;
  env?: TargetSettings["env"];
  signal?: AbortSignal;
}

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml"];

/**
 * Finds the project and stack of a folder. No project is no error: then settings come from the environment alone.
 *
 * @throws OperateError when the folder does not exist, or a stack is named and there is no project to find it in.
 *
 * @example
 * const { settings } = openWorkspace({ cwd: "infra", stack: "production" });
 * const client = connect(await settings());
 */
export function openWorkspace({
  cwd = process.cwd(),
  stack,
  env = process.env,
  signal,
}: WorkspaceOptions = {}): Workspace {
  const folder = path.resolve(cwd);
  if (!existsSync(folder)) throw new OperateError({ what: `There is no folder ${cwd}` });
  const file = findProject(folder);
  if (file === undefined) {
    if (stack !== undefined) {
      throw new OperateError({
        what: `Stack ${stack} was not found`,
        why: `There is no Pulumi.yaml in ${folder} or above it`,
        fix: "Run this in the folder of the Pulumi project, or name it with --cwd",
      });
    }
    return { dir: folder, programDir: folder, settings: async () => ({ config: {}, env }) };
  }
  const dir = path.dirname(file);
  const project = readYaml(file);
  const name = typeof project["name"] === "string" ? project["name"] : path.basename(dir);
  const chosen = stack ?? (env["PULUMI_STACK"] || selectedStack(project, name, file, env));
  const doubt = doubtOf({ dir, project, stack: chosen });
  let settings: Promise<TargetSettings> | undefined;
  return {
    dir,
    programDir: programDirOf(dir, project),
    project: name,
    stack: chosen,
    ...(doubt === undefined ? {} : { doubt }),
    program: () => programOf({ dir, project, name, stack: chosen }),
    settings: () => (settings ??= readSettings({ dir, project, stack: chosen, env, signal, doubt })),
  };
}

/** As the engine chooses it: `main` where that is a folder, else the folder that `main` lies in. */
function programDirOf(dir: string, { main }: Dict): string {
  if (typeof main !== "string" || main === "") return dir;
  const entry = path.resolve(dir, main);
  return statSync(entry, { throwIfNoEntry: false })?.isDirectory() ? entry : path.dirname(entry);
}

function programOf({
  dir,
  project,
  name,
  stack,
}: {
  dir: string;
  project: Dict;
  name: string;
  stack: string | undefined;
}): WorkspaceProgram {
  const { runtime, main } = project;
  const content = stackContent({ dir, project, stack });
  const fullKeys = (values: unknown): Dict =>
    Object.fromEntries(
      Object.entries(isDict(values) ? values : {}).map(([key, value]) => [
        key.includes(":") ? key.replace(":config:", ":") : `${name}:${key}`,
        value,
      ]),
    );
  const isFolder =
    typeof main !== "string" ||
    main === "" ||
    statSync(path.resolve(dir, main), { throwIfNoEntry: false })?.isDirectory();
  const config = { ...fullKeys(projectValues(project)), ...fullKeys(content["config"]) };
  nameSettings(project, config);
  return {
    runtime: String((isDict(runtime) ? runtime["name"] : runtime) ?? ""),
    options: isDict(runtime) && isDict(runtime["options"]) ? runtime["options"] : {},
    entry: isFolder ? "." : path.basename(main),
    config,
    hasEnvironment: content["environment"] !== undefined,
  };
}

function findProject(folder: string): string | undefined {
  for (let dir = folder; ; dir = path.dirname(dir)) {
    for (const name of PROJECT_FILES) if (existsSync(path.join(dir, name))) return path.join(dir, name);
    if (dir === path.dirname(dir)) return undefined;
  }
}

/**
 * Pulumi keeps the choice in its home, in a file named after the project and a hash of the path of the project's file. The command does not
 * ask `pulumi stack --show-name` (nor the Automation API, which runs `pulumi stack ls`): that takes a fifth of a second with a local backend, and a login and a
 * request with Pulumi Cloud, before every command, while `runs`, `logs` or `test` need no `pulumi` at all.
 */
function selectedStack(project: Dict, name: string, file: string, env: TargetSettings["env"]): string | undefined {
  const home = env["PULUMI_HOME"] || path.join(env["HOME"] || os.homedir(), ".pulumi");
  for (const projectFile of new Set([file, realpathSync(file)])) {
    const hash = createHash("sha1").update(projectFile).digest("hex");
    const chosen = readJson(path.join(home, "workspaces", `${name}-${hash}-workspace.json`));
    const stack = chosenFor(backendOf(project, home, env), chosen);
    if (stack !== undefined) return stack;
  }
  return undefined;
}

/** Newer versions of Pulumi keep one choice a backend, `stacks`; older ones `stack` alone. */
function chosenFor(backend: string | undefined, { stack, stacks }: Dict): string | undefined {
  const choices = isDict(stacks) ? stacks : {};
  // The backend may be written in another way than it was; where there is one choice, it is that.
  const all = Object.values(choices);
  const found =
    (backend === undefined ? undefined : choices[backend]) ?? (all.length === 1 ? all[0] : undefined) ?? stack;
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** Where Pulumi keeps state: environment, project, or where one is logged in. */
function backendOf(project: Dict, home: string, env: TargetSettings["env"]): string | undefined {
  const ofProject = isDict(project["backend"]) ? project["backend"]["url"] : undefined;
  const url = env["PULUMI_BACKEND_URL"] || ofProject || readJson(path.join(home, "credentials.json"))["current"];
  return typeof url === "string" ? url : undefined;
}

function readJson(file: string): Dict {
  try {
    const content: unknown = JSON.parse(readTextFile(file));
    return isDict(content) ? content : {};
  } catch {
    return {};
  }
}

interface SettingsSource {
  dir: string;
  project: Dict;
  stack: string | undefined;
  env: TargetSettings["env"];
  signal: AbortSignal | undefined;
  doubt: string | undefined;
}

async function readSettings({ doubt, ...source }: SettingsSource): Promise<TargetSettings> {
  return { config: await readConfig(source), env: source.env, ...(doubt === undefined ? {} : { doubt }) };
}

async function readConfig({
  dir,
  project,
  stack,
  env,
  signal,
}: Omit<SettingsSource, "doubt">): Promise<TargetSettings["config"]> {
  // The keys of the provider are those of its transport.
  const settingsIn = <T>(config: Record<string, T>): Record<string, T> => {
    nameSettings(project, config);
    return isOnPlugin(project, config) ? pluginSettings(config) : config;
  };
  if (stack === undefined) return settingsIn(plainValues(projectValues(project)));
  const content = stackContent({ dir, project, stack });
  const values = { ...projectValues(project), ...(isDict(content["config"]) ? content["config"] : {}) };
  const config = plainValues(settingsIn(values));
  if (!mustAsk(settingsIn(values), content, env)) return config;
  const args = ["config", "--json", "--show-secrets", "--stack", stack, "--non-interactive"];
  const { stdout } = await runPulumi(args, {
    cwd: dir,
    env,
    signal,
    why: `The configuration of stack ${stack} holds encrypted values, which only Pulumi can read`,
  });
  const configValues = JSON.parse(stdout) as Record<string, { value?: string }>;
  const asked = Object.fromEntries(Object.entries(configValues).map(([key, { value }]) => [key, value]));
  return settingsIn({ ...config, ...asked });
}

/** Whether the plugin serves the stack: in every language but TypeScript, and there where its configuration says so. */
const isOnPlugin = ({ runtime }: Dict, config: Dict): boolean =>
  (isDict(runtime) ? runtime["name"] : runtime) !== "nodejs" || config["posthog:provider"] === "plugin";

/** Messages name settings as the provider of the stack reads them. */
const nameSettings = (project: Dict, config: Dict): void =>
  nameSettingsUnder(isOnPlugin(project, config) ? PLUGIN_PACKAGE : "posthog");

/** What the stack's file holds; nothing where there is no stack or no file. */
function stackContent({ dir, project, stack }: Pick<SettingsSource, "dir" | "project" | "stack">): Dict {
  if (stack === undefined) return {};
  const file = stackFile(stackFolder(dir, project), stack);
  return file === undefined ? {} : readYaml(file);
}

const stackFolder = (dir: string, { stackConfigDir }: Dict): string =>
  typeof stackConfigDir === "string" ? path.resolve(dir, stackConfigDir) : dir;

/** A stack without settings may exist all the same, which only the engine knows. */
function doubtOf({ dir, project, stack }: Pick<SettingsSource, "dir" | "project" | "stack">): string | undefined {
  const folder = stackFolder(dir, project);
  if (stack === undefined || stackFile(folder, stack) !== undefined) return undefined;
  const others = stackNames(folder);
  const file = `Pulumi.${stack.split("/").at(-1)!}.yaml`;
  return others.length === 0
    ? undefined
    : `There is no ${file}, and there ${others.length === 1 ? "is one" : "are some"} for ${listWords(others, "and")}`;
}

/** Stacks that have a file with settings. */
export function stackNames(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? []);
  } catch {
    return [];
  }
}

function stackFile(folder: string, stack: string): string | undefined {
  // A full name is organisation/project/stack.
  const name = stack.split("/").at(-1)!;
  return [`Pulumi.${name}.yaml`, `Pulumi.${name}.yml`]
    .map((file) => path.join(folder, file))
    .find((file) => existsSync(file));
}

/** Whether something that a request needs is encrypted, or comes from an environment of Pulumi Cloud. */
function mustAsk(values: Dict, content: Dict, env: TargetSettings["env"]): boolean {
  if (containsSecure(values["posthog:apiKeys"])) return true;
  if (containsSecure(values["posthog:host"]) || containsSecure(values["posthog:projectId"])) return true;
  const hasKey = Boolean(env["POSTHOG_API_KEY"]?.trim());
  return (
    !hasKey &&
    (containsSecure(values["posthog:apiKey"]) ||
      (content["environment"] !== undefined && values["posthog:apiKey"] === undefined))
  );
}

function containsSecure(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsSecure);
  return isDict(value) && ("secure" in value || Object.values(value).some(containsSecure));
}

function plainValues(values: Dict): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      containsSecure(value) || value === null ? [] : [[key, configText(value)]],
    ),
  );
}

/** Defaults of the project, `config: { "posthog:host": … }` or `{ …: { value: … } }`. */
function projectValues(project: Dict): Dict {
  const config = isDict(project["config"]) ? project["config"] : {};
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      isDict(value) ? (value["value"] ?? value["default"] ?? null) : value,
    ]),
  );
}

export const configText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

function readYaml(file: string): Dict {
  try {
    const content: unknown = parse(readTextFile(file));
    return isDict(content) ? content : {};
  } catch (error) {
    throw new OperateError({
      what: `${file} cannot be read`,
      why: (error as Error).message.split("\n")[0],
      fix: "Correct the file",
    });
  }
}

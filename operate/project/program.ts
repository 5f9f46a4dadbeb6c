// The program of a Pulumi project as the engine finds it: its runtime, its folder, its package.json and its main file.
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { isDict, type Dict } from "../../definition/canonical/values";
import { readTextFile } from "../../definition/text-file";
import { OperateError } from "../errors";

/** What a folder holds of a Pulumi project. Paths are absolute. */
export interface Program {
  /** Folder of Pulumi.yaml, or the given one. */
  dir: string;
  /** Pulumi.yaml; absent where the folder has none. */
  projectFile?: string;
  /** Its `name`. */
  name?: string;
  /** Its `runtime`, such as `nodejs`. */
  runtime?: string;
  /** The options of the runtime, such as `nodeargs`. */
  options: Dict;
  /** Folder in which the program runs: that of Pulumi.yaml, or of its `main`. */
  programDir: string;
  /** The package.json that counts: the nearest one, not above `dir`. Absent where there is none. */
  packageFile?: string;
  /** Its content; `{}` where there is none. */
  package: Dict;
  /** The main file that is there; absent where none is. */
  entry?: string;
  /** Whether the program is an ES module. */
  isModule: boolean;
  /** The tsconfig.json that Pulumi reads, whether it is there or not. */
  tsconfigFile: string;
}

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml"];
/** What Pulumi runs where nothing names a file. */
const MAIN_FILES = ["index.ts", "index.js"];

/** The project file of this very folder. */
const projectFileIn = (dir: string): string | undefined =>
  PROJECT_FILES.map((name) => path.join(dir, name)).find((file) => existsSync(file));

/** The nearest folder, from this one up, that has a Pulumi.yaml. */
export const projectAbove = (dir: string): string | undefined =>
  nearest(dir, (folder) => projectFileIn(folder) !== undefined);

/** The nearest folder, from this one up, of which this is true. */
export function nearest(dir: string, fits: (folder: string) => boolean): string | undefined {
  for (let folder = dir; ; folder = path.dirname(folder)) {
    if (fits(folder)) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/**
 * Reads what a folder holds of a Pulumi project. A folder without one is no error.
 *
 * @throws OperateError when Pulumi.yaml or package.json cannot be read.
 * @example
 * ```ts
 * readProgram("infra").runtime; // "nodejs"
 * ```
 */
export function readProgram(dir: string): Program {
  const projectFile = projectFileIn(dir);
  const project = projectFile === undefined ? {} : readDict(projectFile, parse);
  const { name, runtime, main } = project;
  const runtimeName = isDict(runtime) ? runtime["name"] : runtime;
  const options = isDict(runtime) && isDict(runtime["options"]) ? runtime["options"] : {};
  const stated = typeof main === "string" && main !== "" ? path.resolve(dir, main) : dir;
  const programDir = isFolder(stated) || stated === dir ? stated : path.dirname(stated);
  const packageDir = nearestPackage(programDir, dir);
  const packageFile = packageDir === undefined ? undefined : path.join(packageDir, "package.json");
  const manifest = packageFile === undefined ? {} : readDict(packageFile, JSON.parse);
  const tsconfig = typeof options["tsconfig"] === "string" ? options["tsconfig"] : "tsconfig.json";
  return {
    dir,
    ...(projectFile === undefined ? {} : { projectFile }),
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof runtimeName === "string" ? { runtime: runtimeName } : {}),
    options,
    programDir,
    ...(packageFile === undefined ? {} : { packageFile }),
    package: manifest,
    ...entryOf({ stated, programDir, packageDir, manifest }),
    isModule: manifest["type"] === "module",
    tsconfigFile: path.resolve(programDir, tsconfig),
  };
}

/** `main` of Pulumi.yaml where that is a file, else `main` of package.json, else index.ts or index.js: as Pulumi chooses it. */
function entryOf({
  stated,
  programDir,
  packageDir,
  manifest,
}: {
  stated: string;
  programDir: string;
  packageDir: string | undefined;
  manifest: Dict;
}): { entry?: string } {
  const ofPackage = typeof manifest["main"] === "string" && packageDir !== undefined ? [manifest["main"]] : [];
  const candidates = [
    stated,
    ...ofPackage.map((file) => path.resolve(packageDir!, file)),
    ...MAIN_FILES.map((file) => path.join(programDir, file)),
  ];
  const entry = candidates.find((file) => existsSync(file) && !isFolder(file));
  return entry === undefined ? {} : { entry };
}

function nearestPackage(programDir: string, dir: string): string | undefined {
  const found = nearest(
    programDir,
    (folder) => existsSync(path.join(folder, "package.json")) || folder === dir || !folder.startsWith(dir + path.sep),
  );
  return found !== undefined && existsSync(path.join(found, "package.json")) ? found : undefined;
}

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

function readDict(file: string, read: (text: string) => unknown): Dict {
  try {
    const content = read(readTextFile(file));
    if (isDict(content)) return content;
  } catch (error) {
    throw new OperateError({
      what: `${file} cannot be read`,
      why: (error as Error).message.split("\n")[0]!,
      fix: "Correct the file",
    });
  }
  throw new OperateError({
    what: `${file} cannot be read`,
    why: "It holds no keys and values",
    fix: "Correct the file",
  });
}

/**
 * The version of a package that the program would load.
 *
 * @returns Undefined where it finds none.
 * @example
 * ```ts
 * installedVersion(readProgram("infra"), "typescript"); // "5.9.3"
 * ```
 */
export function installedVersion({ programDir }: Pick<Program, "programDir">, name: string): string | undefined {
  const folder = packageFolder(programDir, name);
  if (folder === undefined) return undefined;
  try {
    const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Folder of a package as Node finds it from here. Not by `require.resolve`: a package need not export its package.json. */
export function packageFolder(from: string, name: string): string | undefined {
  const has = (folder: string): boolean => existsSync(path.join(folder, "node_modules", name, "package.json"));
  const folder = nearest(from, has);
  return folder === undefined ? undefined : path.join(folder, "node_modules", name);
}

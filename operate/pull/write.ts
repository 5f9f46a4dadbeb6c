// Pulled files on the disk: what is there already is written over only when that was said, what `pull` did not write never, and what has been written is whole.
import { readdirSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { readTextFile, withLineFeeds } from "../../definition/text-file";
import { OperateError } from "../errors";
import { pulledId, saysManagedBy, type StackName } from "./notes";
import type { PulledFile, PulledFlow } from "./program";
import { isSendersFile, SENDERS_FILE } from "./senders";

/** Paths of pulled files by what was done. */
export interface WriteResult {
  written: string[];
  unchanged: string[];
}

/**
 * Logical names of the flows whose pulled programs are in a folder, by id: under a new title a flow keeps its program, and no second one adopts it.
 *
 * @param folder Of the programs. One that is not there has none.
 * @example
 * ```ts
 * const pulled = await pullFlows(client, { names: pulledNames("flows") });
 * ```
 */
export function pulledNames(folder: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const file of filesIn(folder)) {
    const id = pulledId(textIn(path.join(folder, file)) ?? "");
    if (id !== undefined && !names.has(id)) names.set(id, file.slice(0, -".ts".length));
  }
  return names;
}

/**
 * Names of the pulled programs in a folder that a program should import: of a flow that the stack manages already, another resource has it, and there would be two.
 *
 * @param stack Absent where none is known.
 */
export function importableNames(folder: string, stack: StackName | undefined): string[] {
  return [...pulledNames(folder).values()].filter(
    (name) => stack === undefined || !saysManagedBy(textIn(path.join(folder, `${name}.ts`)) ?? "", stack),
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /^[a-z0-9-]+\.ts$/.test(file))
      .sort();
  } catch {
    return [];
  }
}

function textIn(file: string): string | undefined {
  try {
    return withLineFeeds(readTextFile(file));
  } catch {
    return undefined;
  }
}

/**
 * Files that are there already with other content, such as somebody's edits.
 *
 * @param cwd Folder that the paths of the files are relative to.
 * @throws OperateError that names files that `hogflow pull` did not write.
 * @example
 * ```ts
 * const inTheWay = await filesToOverwrite(await pullFlows(client), { cwd: process.cwd() });
 * ```
 */
export async function filesToOverwrite(flows: readonly PulledFlow[], { cwd }: { cwd: string }): Promise<string[]> {
  const states = await statesOf(flows, cwd);
  refuseForeign(states);
  return states.filter(({ state }) => state === "different").map(({ file }) => file.path);
}

/**
 * Writes pulled files. One that is there already with other content is written over only with `overwrite`, and one that `hogflow pull` did not write never;
 * then nothing is written at all.
 *
 * @param options `cwd`: the folder that the paths of the files are relative to. `overwrite`: default false.
 * @throws OperateError that names the files in the way, or the file that could not be written and how many were before it.
 * @example
 * ```ts
 * const { written } = await writePulled(await pullFlows(client), { cwd: process.cwd() });
 * ```
 */
export async function writePulled(
  flows: readonly PulledFlow[],
  { cwd, overwrite = false }: { cwd: string; overwrite?: boolean },
): Promise<WriteResult> {
  const states = await statesOf(flows, cwd);
  refuseForeign(states);
  const different = states.filter(({ state }) => state === "different");
  if (different.length > 0 && !overwrite) {
    throw new OperateError({
      what: `${different.length === 1 ? "A file is" : `${different.length} files are`} there already, with other content: ${different.map(({ file }) => file.path).join(", ")}`,
      why: "Nothing was written",
      fix: "Commit or move them, or allow overwriting them",
    });
  }
  const toWrite = states.filter(({ state }) => state !== "same");
  for (const [done, { file }] of toWrite.entries()) {
    try {
      await writeWhole(path.resolve(cwd, file.path), file.text);
    } catch (error) {
      throw new OperateError({
        what: `${file.path} could not be written: ${(error as Error).message}`,
        why: `${done} of ${toWrite.length} files were written before it`,
        fix: "Fix that and pull again: files already written stay as they are",
      });
    }
  }
  return {
    written: toWrite.map(({ file }) => file.path),
    unchanged: states.filter(({ state }) => state === "same").map(({ file }) => file.path),
  };
}

/** A file is the new one or the old one, also when the disk is full or the process ends. */
async function writeWhole(target: string, text: string): Promise<void> {
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `.${path.basename(target)}.${process.pid}.tmp`);
  try {
    await writeFile(draft, text);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

interface FileState {
  file: PulledFile;
  /** `foreign`: there with other content, and not written by `pull`. */
  state: "absent" | "same" | "different" | "foreign";
}

/**
 * A program says in its first line that it was pulled, so does the file of shared senders, which several of them have, and a body of an e-mail is read by such a
 * program.
 */
async function statesOf(flows: readonly PulledFlow[], cwd: string): Promise<FileState[]> {
  const shared = new Map(flows.flatMap(({ files }) => files.filter(isShared).map((file) => [file.path, file])));
  const states = flows.map(async ({ files }) => {
    const [program, ...bodies] = files.filter((file) => !isShared(file));
    const before = textIn(path.resolve(cwd, program!.path)) ?? "";
    const isPulled = pulledId(before) !== undefined;
    return [
      await stateOf(program!, cwd, isPulled),
      ...(await Promise.all(
        bodies.map((body) => stateOf(body, cwd, isPulled && before.includes(JSON.stringify(body.path)))),
      )),
    ];
  });
  const senders = [...shared.values()].map(async (file) =>
    stateOf(file, cwd, isSendersFile(textIn(path.resolve(cwd, file.path)) ?? "")),
  );
  return [...(await Promise.all(senders)), ...(await Promise.all(states)).flat()];
}

const isShared = ({ path: file }: PulledFile): boolean => path.posix.basename(file) === `${SENDERS_FILE}.ts`;

async function stateOf(file: PulledFile, cwd: string, isPulled: boolean): Promise<FileState> {
  try {
    // git gives a file the line ends of the machine that it is checked out on.
    return {
      file,
      state:
        withLineFeeds(readTextFile(path.resolve(cwd, file.path))) === withLineFeeds(file.text)
          ? "same"
          : isPulled
            ? "different"
            : "foreign",
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Something that is no folder stands where one is needed: told when the folder is made.
    if (code === "ENOENT" || code === "ENOTDIR") return { file, state: "absent" };
    throw new OperateError({
      what: `${file.path} could not be read: ${message}`,
      why: "It may hold edits",
      fix: "Make it readable, or move it",
    });
  }
}

function refuseForeign(states: readonly FileState[]): void {
  const foreign = states.filter(({ state }) => state === "foreign").map(({ file }) => file.path);
  if (foreign.length === 0) return;
  throw new OperateError({
    what: `${foreign.length === 1 ? "A file is" : `${foreign.length} files are`} there already that \`hogflow pull\` did not write: ${foreign.join(", ")}`,
    why: "Nothing was written",
    fix: "Move or delete it, or pull into another folder with --out",
  });
}

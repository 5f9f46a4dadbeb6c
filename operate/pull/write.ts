// Pulled files on the disk: what is there already is written over only when that was said, and what has been written is whole.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { readTextFile, withLineFeeds } from "../../provider/text-file";
import { OperateError } from "../errors";
import type { PulledFile, PulledFlow } from "./program";

/** Paths of pulled files by what was done. */
export interface WriteResult {
  written: string[];
  unchanged: string[];
}

/**
 * Files that are there already with other content, such as somebody's edits.
 *
 * @param cwd Folder that the paths of the files are relative to.
 * @example
 * ```ts
 * const inTheWay = await filesInTheWay(await pullFlows(client), { cwd: process.cwd() });
 * ```
 */
export async function filesInTheWay(flows: readonly PulledFlow[], { cwd }: { cwd: string }): Promise<string[]> {
  const states = await statesOf(flows, cwd);
  return states.filter(({ state }) => state === "different").map(({ file }) => file.path);
}

/**
 * Writes pulled files. One that is there already with other content is written over only with `overwrite`; otherwise nothing is written at all.
 *
 * @param options `cwd`: the folder that the paths of the files are relative to. `overwrite`: default false.
 * @throws OperateError that names the files in the way, or the file that could not be written and how many were before it.
 * @example
 * ```ts
 * const { written } = await writePulled(await pullFlows(client), { cwd: process.cwd() });
 * ```
 */
export async function writePulled(flows: readonly PulledFlow[], { cwd, overwrite = false }: { cwd: string; overwrite?: boolean }): Promise<WriteResult> {
  const states = await statesOf(flows, cwd);
  const different = states.filter(({ state }) => state === "different");
  if (different.length > 0 && !overwrite) {
    throw new OperateError({
      what: `${different.length === 1 ? "A file is" : `${different.length} files are`} there already, with other content: ${different.map(({ file }) => file.path).join(", ")}`,
      why: "Nothing was written",
      fix: "Commit or move them, or say that they may be written over",
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
        fix: "Fix that and pull again: what is written already stays as it is",
      });
    }
  }
  return { written: toWrite.map(({ file }) => file.path), unchanged: states.filter(({ state }) => state === "same").map(({ file }) => file.path) };
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
  state: "absent" | "same" | "different";
}

const statesOf = (flows: readonly PulledFlow[], cwd: string): Promise<FileState[]> => Promise.all(flows.flatMap(({ files }) => files).map(async (file) => ({ file, state: await stateOf(file, cwd) })));

async function stateOf({ path: file, text }: PulledFile, cwd: string): Promise<FileState["state"]> {
  try {
    // git gives a file the line ends of the machine that it is checked out on.
    return withLineFeeds(readTextFile(path.resolve(cwd, file))) === withLineFeeds(text) ? "same" : "different";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Something that is no folder stands where one is needed: told when the folder is made.
    if (code === "ENOENT" || code === "ENOTDIR") return "absent";
    throw new OperateError({ what: `${file} could not be read: ${message}`, why: "It may hold somebody's edits", fix: "Make it readable, or move it" });
  }
}

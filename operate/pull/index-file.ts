// The index of a folder of pulled programs: a file that imports each of them, so that the program imports one. It is added to, and never written over.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLineFeeds } from "../../definition/text-file";
import { OperateError } from "../errors";

/** The first line of an index that this command writes. */
export const FIRST =
  "// The flows that hogflow pulled. The next pull adds what is not imported here, and changes nothing else.";
const FILE = "index.ts";

/** What became of an index. */
export interface IndexResult {
  state: "created" | "changed" | "same" | "foreign";
  /** Names of programs that it does not import: of an index that `pull` did not write, which is left alone. */
  missing: string[];
}

export interface IndexOptions {
  /** Names of the programs, without their ending. */
  names: readonly string[];
  /** Whether the program is an ES module, which imports files by their full names. */
  isModule: boolean;
}

/** How a program imports a file or a folder with an index. */
export const importOf = (file: string, isModule: boolean): string => `import "${file}${isModule ? ".js" : ""}";`;

/**
 * Writes the index of a folder, or adds the programs that it does not import yet.
 *
 * @throws OperateError when it cannot be read or written.
 * @example
 * ```ts
 * writeIndex("flows", { names: [...pulledNames("flows").values()], isModule: false });
 * ```
 */
export function writeIndex(folder: string, { names, isModule }: IndexOptions): IndexResult {
  const file = path.join(folder, FILE);
  try {
    const before = textOf(file);
    const missing = [...new Set(names)]
      .sort()
      .filter((name) => !new RegExp(`["']\\./${name}(?:\\.js)?["']`).test(before ?? ""));
    if (before !== undefined && !before.replace(/^\ufeff/, "").startsWith(FIRST)) return { state: "foreign", missing };
    if (missing.length === 0) return { state: "same", missing };
    const kept = before ?? `${FIRST}\n`;
    const lines = missing.map((name) => `${importOf(`./${name}`, isModule)}\n`);
    writeFileSync(file, `${kept}${kept.endsWith("\n") ? "" : "\n"}${lines.join("")}`);
    return { state: before === undefined ? "created" : "changed", missing: [] };
  } catch (error) {
    throw new OperateError({
      what: `${file} could not be written: ${(error as Error).message}`,
      why: "The programs are written, and nothing imports them yet",
      fix: "Fix that and pull again, or import the programs yourself",
    });
  }
}

function textOf(file: string): string | undefined {
  try {
    return withLineFeeds(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

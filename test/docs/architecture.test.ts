// Imports run in one direction: what each folder takes from others is what the table of ARCHITECTURE.md allows, and nothing in it is idle.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/compile-modules";

const table = readFileSync(path.join(ROOT, "ARCHITECTURE.md"), "utf8").matchAll(/^\| `(\w+)\/` \| .* \| ([^|]*) \|$/gm);
const rows = [...table].map(([, folder, may]) => ({ folder: folder!, may: may! }));
const folders = rows.map(({ folder }) => folder);

const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.[cm]?[jt]sx?$/.test(file) && existsSync(path.join(ROOT, file)));

/** Each import of a file of the project by another; types count, too. */
const imports = files.flatMap((file) =>
  ts
    .preProcessFile(readFileSync(path.join(ROOT, file), "utf8"), true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => ({ file, imported: path.posix.join(path.posix.dirname(file), fileName) })),
);
const folderOf = (file: string): string => file.split("/")[0]!;

/** The other folders that the files of a folder import from, each with a file that does. */
const importsOf = (folder: string): Map<string, string> =>
  new Map(
    imports
      .filter(({ file, imported }) => folderOf(file) === folder && folderOf(imported) !== folder)
      .map(({ file, imported }) => [folderOf(imported), file]),
  );

it("every folder with code is in the table", () => {
  const withCode = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]!));
  expect([...withCode].filter((folder) => !folder.startsWith(".") && !folders.includes(folder))).toEqual([]);
  expect(folders.filter((folder) => !withCode.has(folder))).toEqual([]);
});

describe.each(rows.filter(({ may }) => may === "nothing of ours" || may.includes("`")))(
  "$folder",
  ({ folder, may }) => {
    const allowed = [...may.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    const found = importsOf(folder);

    it(`imports ${may.replaceAll("`", "")}`, () => {
      expect(
        [...found].filter(([other]) => !allowed.includes(other)).map(([other, file]) => `${file} imports ${other}`),
      ).toEqual([]);
    });

    it("imports from folders above it, and from each that it may", () => {
      expect(allowed.filter((other) => folders.indexOf(other) >= folders.indexOf(folder) || !found.has(other))).toEqual(
        [],
      );
    });
  },
);

/** Files of a folder that other product folders may import; tests and tools import any. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  sdk: ["index", "internal"],
  emulator: ["index", "command", "cli-options"],
};

it.each(Object.entries(DOORS))("%s is imported through %j alone", (folder, doors) => {
  const others = imports.filter(
    ({ file, imported }) =>
      folderOf(imported) === folder && ![folder, "test", "tools", "examples"].includes(folderOf(file)),
  );
  const used = new Map(others.map(({ file, imported }) => [imported.replace(/^.*?\/|\.js$/g, ""), file]));
  expect([...used].filter(([door]) => !doors.includes(door)).map(([door, file]) => `${file} imports ${door}`)).toEqual(
    [],
  );
  expect(doors.filter((door) => !used.has(door))).toEqual([]);
});

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
  .filter((file) => /\.[cm]?[jt]s$/.test(file) && existsSync(path.join(ROOT, file)));

/** What the files of a folder import from other folders, each with a file that does; types count, too. */
function importsOf(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files.filter((name) => name.startsWith(`${folder}/`))) {
    for (const { fileName } of ts.preProcessFile(readFileSync(path.join(ROOT, file), "utf8"), true, true)
      .importedFiles) {
      if (!fileName.startsWith(".")) continue;
      const [other] = path.posix.join(path.posix.dirname(file), fileName).split("/");
      if (other !== folder) found.set(other!, file);
    }
  }
  return found;
}

it("every folder with code is in the table", () => {
  const withCode = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]!));
  expect([...withCode].filter((folder) => !folder.startsWith(".") && !folders.includes(folder))).toEqual([]);
  expect(folders.filter((folder) => !withCode.has(folder))).toEqual([]);
});

describe.each(rows.filter(({ may }) => may === "nothing of ours" || may.includes("`")))(
  "$folder",
  ({ folder, may }) => {
    const allowed = [...may.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    const imports = importsOf(folder);

    it(`imports ${may.replaceAll("`", "")}`, () => {
      expect(
        [...imports].filter(([other]) => !allowed.includes(other)).map(([other, file]) => `${file} imports ${other}`),
      ).toEqual([]);
    });

    it("imports from folders above it, and from each that it may", () => {
      expect(
        allowed.filter((other) => folders.indexOf(other) >= folders.indexOf(folder) || !imports.has(other)),
      ).toEqual([]);
    });
  },
);

// The packed package as publint and "are the types wrong" see it: every entry resolves, with its types, in every way that Node, TypeScript and bundlers look.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";
import { ROOT } from "../support/compile-modules";

const LIMIT_MS = 180_000;
let folder: string;
let tarball: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  await build();
  folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-entries-"));
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: ROOT,
    shell: process.platform === "win32",
  });
  tarball = new Uint8Array(readFileSync(path.join(folder, readdirSync(folder)[0]!)));
}, LIMIT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

it(
  "no entry has wrong types, in no way to resolve it",
  async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball));
    if (!result.types) throw new Error("the package has no types");
    const { exports } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    expect(Object.keys(result.entrypoints)).toEqual(Object.keys(exports));
    expect(result.problems).toEqual([]);
  },
  LIMIT_MS,
);

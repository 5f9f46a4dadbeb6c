// The Chromium of the tests: looked for, installed in one way after the other, and if nothing helps, an error that says what was tried.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { findChromium } from "../../tools/chromium.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-chromium-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const touch = (file: string): string[] => ["/bin/sh", "-c", `touch '${path.join(folder, file)}'`];
const isThere = (file: string): boolean => existsSync(path.join(folder, file));

it("tries one way after the other, and says why each failed", async () => {
  const said: string[] = [];
  const ways = [
    { way: "one", why: () => "only root can do that", commands: [touch("one")] },
    { way: "two", why: () => undefined, commands: [["/bin/sh", "-c", "echo no network >&2; exit 3"], touch("after")] },
    { way: "three", why: () => undefined, commands: [touch("three")] },
  ];
  const start = async () => ({ why: isThere("three") ? "it wants a library" : "there is none" });
  const error = await findChromium({ env: {}, ways, start, log: (line) => void said.push(line) }).catch(String);
  expect(error).toContain("no Chromium on this machine that starts, and none could be installed");
  expect(error).toMatch(/^ {2}- this machine: there is none$/m);
  expect(error).toMatch(/^ {2}- one: only root can do that$/m);
  expect(error).toMatch(/^ {2}- two: no network$/m);
  expect(error).toMatch(/^ {2}- three: it wants a library$/m);
  expect(error).toContain("set HOGFLOW_CHROMIUM to its file");
  expect(["one", "after", "three"].filter(isThere)).toEqual(["three"]);
  expect(said).toEqual(["Installing Chromium (two) …", "Installing Chromium (three) …"]);
});

it("stops at the first way that helps", async () => {
  const ways = ["helps", "spare"].map((way) => ({ way, why: () => undefined, commands: [touch(way)] }));
  const start = async () => (isThere("helps") ? { file: "/usr/bin/chromium" } : { why: "there is none" });
  expect(await findChromium({ env: {}, ways, start })).toBe("/usr/bin/chromium");
  expect(isThere("spare")).toBe(false);
});

it("installs nothing where HOGFLOW_CHROMIUM says which it is to be", async () => {
  const ways = [{ way: "one", why: () => undefined, commands: [touch("never")] }];
  const start = async () => ({ why: "it does not start" });
  const found = findChromium({ env: { HOGFLOW_CHROMIUM: "/no/such" }, ways, start });
  await expect(found).rejects.toThrow(/this machine: it does not start/);
  expect(isThere("never")).toBe(false);
});

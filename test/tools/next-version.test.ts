// tools/next-version.mjs with Changesets itself, in a copy of what it reads: one package has a version, whatever is beside it.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../support/compile-modules";

const COPIED = [
  "package.json",
  "package-lock.json",
  "CHANGELOG.md",
  ".changeset",
  "template",
  "examples/win-back/package.json",
  "tools",
];
let folder: string;
const json = (file: string): any => JSON.parse(readFileSync(path.join(folder, file), "utf8"));

function run(command: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  return { status, output: stdout + stderr };
}
const commit = (subject: string): void => {
  run("git", "add", "--all", ".", ":!node_modules");
  run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", subject);
};

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-version-"));
  for (const file of COPIED) cpSync(path.join(ROOT, file), path.join(folder, file), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
  mkdirSync(path.join(folder, "examples/win-back"), { recursive: true });
  // What is described today belongs to the version after this one, and has its own time.
  rmSync(path.join(folder, ".changeset"), { recursive: true });
  mkdirSync(path.join(folder, ".changeset"));
  cpSync(path.join(ROOT, ".changeset/config.json"), path.join(folder, ".changeset/config.json"));
  run("git", "init", "--quiet", "--initial-branch=main");
  commit("First");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("has nothing to do without a described change", () => {
  const { status, output } = run("node", "tools/next-version.mjs");
  expect(status).toBe(1);
  expect(output).toContain("npx changeset");
});

it("writes the changes into the changelog, and the version everywhere", () => {
  const { version: before } = json("package.json");
  const older = readFileSync(path.join(folder, "CHANGELOG.md"), "utf8").replace("# Changelog\n", "");
  writeFileSync(path.join(folder, ".changeset/one.md"), '---\n"pulumi-hogflow": minor\n---\n\nFlows may fly.\n');
  writeFileSync(path.join(folder, ".changeset/two.md"), '---\n"pulumi-hogflow": patch\n---\n\nThey land.\n');
  commit("Flows: they fly");
  const example = readFileSync(path.join(folder, "examples/win-back/package.json"), "utf8");
  const { status, output } = run("node", "tools/next-version.mjs");
  expect(status, output).toBe(0);

  const [major, minor] = before.split(".").map(Number);
  const version = `${major}.${minor + 1}.0`;
  expect(json("package.json").version).toBe(version);
  expect([json("package-lock.json").version, json("package-lock.json").packages[""].version]).toEqual([
    version,
    version,
  ]);
  expect(json("template/package.json").dependencies["pulumi-hogflow"]).toBe(`^${version}`);
  expect(readFileSync(path.join(folder, "examples/win-back/package.json"), "utf8")).toBe(example);
  // What was there before is as it was.
  expect(readFileSync(path.join(folder, "CHANGELOG.md"), "utf8").endsWith(older)).toBe(true);

  const notes = run("node", "tools/release-notes.mjs", `v${version}`);
  expect(notes.status, notes.output).toBe(0);
  expect(notes.output).toMatch(
    /### Minor Changes\n\n- [0-9a-f]+: Flows may fly\.\n\n### Patch Changes\n\n- [0-9a-f]+: They land\.\n$/,
  );
}, 60_000);

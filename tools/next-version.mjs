// `npm run next-version`: makes the next version of the changes in .changeset: its section in CHANGELOG.md, and its number in package.json (Changesets does
// these), in package-lock.json, and in the project that `hogflow init` writes.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pendingChanges } from "./release-notes.mjs";

const root = process.cwd();
const read = (name) => JSON.parse(readFileSync(path.join(root, name), "utf8"));
const write = (name, value) => writeFileSync(path.join(root, name), `${JSON.stringify(value, null, 2)}\n`);

const pending = pendingChanges(root);
if (pending.length === 0) {
  console.error("Nothing to release: .changeset holds no change. Describe one with npx changeset.");
  process.exit(1);
}
const { status } = spawnSync(
  process.execPath,
  [createRequire(import.meta.url).resolve("@changesets/cli/bin.js"), "version"],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (status !== 0) process.exit(status ?? 1);
const { name, version } = read("package.json");
const lock = read("package-lock.json");
lock.version = version;
lock.packages[""].version = version;
write("package-lock.json", lock);
const template = read("template/package.json");
template.dependencies[name] = `^${version}`;
write("template/package.json", template);
console.log(
  `${version}. Next: read CHANGELOG.md, commit all of it as "Release ${version}", and when main has passed the tests: git tag v${version}`,
);

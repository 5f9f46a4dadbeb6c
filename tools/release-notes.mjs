// `node tools/release-notes.mjs v1.2.3`: prints the section of CHANGELOG.md for that version, if the tag, package.json, package-lock.json and the project
// that `hogflow init` writes agree on it, and no described change is left over.
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const USAGE_ERROR = 2;
const TAG = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;
const CHANGES = ".changeset";

/** The files of the changes that no version has yet. */
export function pendingChanges(root) {
  const folder = path.join(root, CHANGES);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".md")) : [];
}

function main(tag, root) {
  const read = (name) => readFileSync(path.join(root, name), "utf8");
  const version = TAG.exec(tag)?.[1] ?? fail(`${tag} is not a tag of a release: use v and a version, as in v1.2.3.`);
  const lock = JSON.parse(read("package-lock.json"));
  const { name, ...manifest } = JSON.parse(read("package.json"));
  const versions = {
    "package.json": manifest.version,
    "package-lock.json": lock.version,
    "package-lock.json (packages)": lock.packages[""].version,
    "template/package.json": JSON.parse(read("template/package.json")).dependencies[name].replace(/^\^/, ""),
  };
  for (const [file, found] of Object.entries(versions))
    if (found !== version)
      fail(`${file} has version ${found}, and the tag is ${tag}. npm run next-version writes all of them.`);
  const pending = pendingChanges(root);
  if (pending.length > 0) fail(`These changes are in no version yet: ${pending.join(", ")}. Run npm run next-version.`);
  return sectionOf(read("CHANGELOG.md"), version);
}

/** What is below the heading `## <version>`. */
function sectionOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split("\n", 1)[0].trim() === version);
  if (section === undefined) fail(`CHANGELOG.md has no heading "## ${version}".`);
  return section.split("\n").slice(1).join("\n").trim() || fail(`CHANGELOG.md says nothing about ${version}.`);
}

function fail(message) {
  throw new Error(message);
}

if (realpathSync(process.argv[1] ?? ".") === fileURLToPath(import.meta.url)) {
  const [tag, root = process.cwd()] = process.argv.slice(2);
  try {
    if (tag === undefined) {
      console.error("Usage: node tools/release-notes.mjs <tag> [folder]");
      process.exitCode = USAGE_ERROR;
    } else console.log(main(tag, root));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

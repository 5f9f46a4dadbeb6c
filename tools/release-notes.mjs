// `node tools/release-notes.mjs v1.2.3`: prints the section of CHANGELOG.md for that version, if the tag, package.json and
// package-lock.json agree on it.
import { readFileSync } from "node:fs";
import path from "node:path";

const USAGE_ERROR = 2;
const TAG = /^v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

const [tag, folder = process.cwd()] = process.argv.slice(2);
if (tag === undefined) end(USAGE_ERROR, "Usage: node tools/release-notes.mjs <tag> [folder]");
const read = (name) => readFileSync(path.join(folder, name), "utf8");
const version = TAG.exec(tag)?.[1] ?? end(1, `${tag} is not a tag of a release: use v and a version, as in v1.2.3.`);
for (const [name, found] of versions()) {
  if (found !== version)
    end(1, `${name} has version ${found}, and the tag is ${tag}. Run npm version ${version} --no-git-tag-version.`);
}
console.log(notes());

function versions() {
  const lock = JSON.parse(read("package-lock.json"));
  return [
    ["package.json", JSON.parse(read("package.json")).version],
    ["package-lock.json", lock.version],
    ["package-lock.json (packages)", lock.packages[""].version],
  ];
}

/** What is below the heading `## <version>`, which may have a date in parentheses. */
function notes() {
  const sections = read("CHANGELOG.md").split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  if (section === undefined) end(1, `CHANGELOG.md has no heading "## ${version}".`);
  const [heading, ...lines] = section.split("\n");
  if (/unreleased/i.test(heading))
    end(1, `CHANGELOG.md still calls ${version} unreleased: replace the word with the date.`);
  return lines.join("\n").trim() || end(1, `CHANGELOG.md says nothing about ${version}.`);
}

function end(code, message) {
  console.error(message);
  process.exit(code);
}

// Whose code the build puts into files of ours, under which licences, and the notice that says so. A licence that asks for more than to keep its text
// (or one that nobody knows) fails the build: it needs a decision before it needs code.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import parseExpression from "spdx-expression-parse";

const ACCEPTED = ["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0"];
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:-([\w.]+?))?(?:\.(?:md|txt))?$/i;

/**
 * @typedef {{ name: string, version: string, licence: string, texts: string[] }} Package
 * @typedef {Package & { files: string[] }} Bundled with the files of the build that have code of it
 */

/** The packages that these files are of, each once, by name. @param {string[]} files @returns {Package[]} */
export function packagesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].map(packageIn).sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** @param {string} folder @returns {Package} */
function packageIn(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const chosen = acceptedOf(license);
  if (chosen === undefined)
    throw new Error(
      `${name} ${version} would be bundled, and its licence (${license ?? "none"}) is none of ${ACCEPTED.join(", ")}. ` +
        "Do without it, or decide about its licence and add it to tools/licences.mjs.",
    );
  const texts = readdirSync(folder)
    .filter((file) => isTextOf(file, chosen))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  if (texts.length === 0)
    throw new Error(`${name} ${version} would be bundled, and ${folder} has no file with its licence (${license}).`);
  return { name, version, licence: chosen.join(" AND "), texts };
}

/** The licences to keep to, where an expression leaves a choice: those that are accepted. Undefined where none can be. */
function acceptedOf(license) {
  let expression;
  try {
    expression = parseExpression(license);
  } catch {
    return undefined;
  }
  const choose = ({ license: id, plus, exception, conjunction, left, right }) => {
    if (id !== undefined) return ACCEPTED.includes(id) && !plus && !exception ? [id] : undefined;
    const [one, other] = [choose(left), choose(right)];
    return conjunction === "or" ? (one ?? other) : one && other && [...one, ...other];
  };
  return choose(expression);
}

/** LICENSE, and LICENSE-MIT of one that is kept to; not the one that was left: LICENSE-MPL. */
function isTextOf(file, chosen) {
  const match = LICENCE_FILE.exec(file);
  if (match === null) return false;
  const [, of] = match;
  const isLicence = of !== undefined && /^(?:mit|isc|bsd|apache|mpl|[al]?gpl)/i.test(of);
  return !isLicence || chosen.some((id) => id.toLowerCase().startsWith(of.toLowerCase()));
}

/** What stands above a file that has parts of them. @param {Package[]} packages */
export const bannerOf = (packages) =>
  packages.map(({ name, texts }) => `/* Parts of ${name}:\n\n${texts.join("\n\n")}\n*/\n`).join("");

/**
 * One entry for each package, with all the files that have code of it.
 * @param {{ file: string, packages: Package[] }[]} bundles
 * @returns {Bundled[]}
 */
export function bundledIn(bundles) {
  const all = new Map();
  for (const { file, packages } of bundles)
    for (const one of packages) {
      const key = `${one.name}@${one.version}`;
      all.set(key, { ...one, files: [...(all.get(key)?.files ?? []), file] });
    }
  return [...all.entries()].sort(([a], [b]) => a.localeCompare(b, "en")).map(([, one]) => one);
}

/** Each package with its licence, then each text once, under the names of those that have it. @param {Bundled[]} packages */
export function noticeOf(packages) {
  const texts = new Map();
  for (const one of packages) {
    const text = one.texts.join("\n\n");
    texts.set(text, [...(texts.get(text) ?? []), one]);
  }
  const list = packages.map(
    ({ name, version, licence, files }) => `- ${name} ${version}, ${licence}: in ${files.join(", ")}`,
  );
  const sections = [...texts].map(
    ([text, of]) => `${of.map(({ name, version }) => `${name} ${version}`).join(", ")}\n\n${text}`,
  );
  const line = "-".repeat(80);
  return `These files hold code of other packages, under the licences below:\n\n${list.join("\n")}\n\n${line}\n\n${sections.join(`\n\n${line}\n\n`)}\n`;
}

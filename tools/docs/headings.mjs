// The pages that code and docs cite, and their headings with the anchors that GitHub gives them.
import { readFileSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../setup.mjs";

/** The pages of a citation such as "API §2.3", by the word before the section. */
export const CITED_PAGES = {
  API: "docs/internals/posthog-api.md",
  "run time": "docs/internals/posthog-runtime.md",
  PDP: "docs/internals/pulumi-dynamic-providers.md",
  authoring: "docs/internals/authoring.md",
  design: "ARCHITECTURE.md",
};

/** Makes anchors as GitHub does: lower case, without punctuation, numbered where one comes again. */
export function anchorMaker() {
  const used = new Map();
  return (heading) => {
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .trim()
      .replace(/ /g, "-");
    const times = used.get(base) ?? 0;
    used.set(base, times + 1);
    return times === 0 ? base : `${base}-${times}`;
  };
}

/**
 * The headings of a page, outside of code: their text, number (`2.3`, `L7`) if they have one, anchor, and where their text begins.
 * @returns {{ text: string, number?: string, anchor: string, index: number }[]}
 */
export function headingsOf(markdown) {
  const anchorOf = anchorMaker();
  const prose = markdown.replace(/^```.*?^```/gms, (code) => code.replace(/^/gm, " "));
  return [...prose.matchAll(/^#{1,6} +(.+?) *$/gm)].map(({ 1: text, index }) => ({
    text,
    number: /^(L?\d+(?:\.\d+)*)\.? /.exec(text)?.[1],
    anchor: anchorOf(text),
    index,
  }));
}

const anchors = new Map();

/** The anchor of a numbered heading of a page. */
function anchorOf(file, number) {
  if (!anchors.has(file))
    anchors.set(
      file,
      new Map(
        headingsOf(readFileSync(path.join(REPOSITORY, file), "utf8")).map((heading) => [
          heading.number,
          heading.anchor,
        ]),
      ),
    );
  const anchor = anchors.get(file).get(number);
  if (anchor === undefined) throw new Error(`${file} has no section ${number}`);
  return anchor;
}

/** Citations such as `API §4.1, §4.2, design L9` as links for a page in `folder`. */
export function linksOf(cites, folder) {
  let name = "";
  return [...cites.matchAll(/(?:(\w+(?: time)?) )?(?:§(\d+(?:\.\d+)*)|(L\d+))(?:,? rows? [\d, and]+\d)?/g)]
    .map(([, given, section, law]) => {
      name = given ?? name;
      const file = CITED_PAGES[name];
      return `[${name} ${section ?? law}](${path.posix.relative(folder, file)}#${anchorOf(file, section ?? law)})`;
    })
    .join(", ");
}

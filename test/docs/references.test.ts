// The repository holds what its code cites: every "API §2.3", "L7" and link resolves to a heading of a page that is here.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { CITED_PAGES, headingsOf } from "../../tools/docs/headings.mjs";
import { ROOT } from "../support/compile-modules";

const THIS = path.relative(ROOT, import.meta.filename);
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
// What is not added yet counts, what is deleted does not.
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(?:[cm]?[jt]s|md)$/.test(file) && file !== THIS && existsSync(path.join(ROOT, file)));

interface Page {
  sections: Set<string>;
  /** Of a section, the first cells of its tables and the numbers of its list: both are cited, as `row 7` and `(7)`. */
  rows: Map<string, Set<string>>;
}

function pageOf(file: string): Page {
  const text = read(file);
  const numbered = headingsOf(text).filter(({ number }) => number !== undefined);
  const rows = numbered.map(
    ({ number, index }, i) =>
      [
        number!,
        new Set(
          [...text.slice(index, numbered[i + 1]?.index).matchAll(/^(?:\| *([^|]+?) *\||(\d+)\. )/gm)].map(
            ([, cell, item]) => cell ?? item!,
          ),
        ),
      ] as const,
  );
  return { sections: new Set(numbered.map(({ number }) => number!)), rows: new Map(rows) };
}

const pages = new Map(Object.values(CITED_PAGES).map((file) => [file, pageOf(file)]));

/** The page that a bare § means in some files. */
function ownPage(file: string): string | undefined {
  if (pages.has(file)) return file;
  return file.startsWith("test/simulator/") ? CITED_PAGES["run time"] : undefined;
}

interface Reference {
  at: string;
  page: string | undefined;
  section: string;
  row?: string;
}

/** The text with the line breaks of comments taken out, in place: a citation may go on in the next line. */
const joined = (text: string): string =>
  text.replace(/\n[ \t]*(?:\/\/|\*(?!\/)|#)?[ \t]*/g, (gap) => " ".repeat(gap.length));

const NAME = /\b(API|run[ -]time|PDP|authoring|design)\s+$/i;
const NAMES = /\b(?:API|run[ -]time|PDP|authoring|design)\b/gi;
const names = new Map(Object.entries(CITED_PAGES).map(([name, file]) => [name.toLowerCase(), file]));
const pageNamed = (name: string): string | undefined => names.get(name.toLowerCase().replace("-", " "));
/** Between two sections of one citation: `§2.3, §2.3.1`, `§4.1–§4.3) or answers with a 500 (§4.6`. */
const GAP = /^[^"'`§\n]{0,60}$/;

/** Every § of a file, with the page that it is of. */
function sectionsIn(file: string): Reference[] {
  const text = read(file);
  const flat = joined(text);
  const found: Reference[] = [];
  let last: { end: number; page: string | undefined } | undefined;
  for (const match of flat.matchAll(/§(\d+(?:\.\d+)*)(?:,? rows? (\d+)(?:(?:,| and| to|–) (\d+))?| \((\d+)\))?/g)) {
    const at = `${file}:${text.slice(0, match.index).split("\n").length}`;
    const gap = last && GAP.test(flat.slice(last.end, match.index)) ? flat.slice(last.end, match.index) : undefined;
    // `design L9, §5` goes on with what was named in between.
    const name = NAME.exec(flat.slice(Math.max(0, match.index - 200), match.index))?.[1] ?? gap?.match(NAMES)?.at(-1);
    const page = name === undefined ? (gap === undefined ? ownPage(file) : last!.page) : pageNamed(name);
    found.push({ at, page, section: match[1]! });
    for (const row of match.slice(2)) if (row !== undefined) found.push({ at, page, section: match[1]!, row });
    last = { end: match.index + match[0].length, page };
  }
  return found;
}

/** Every law: `L7`, `design L7`. */
function lawsIn(file: string): Reference[] {
  const text = read(file);
  return [...text.matchAll(/\bL(\d{1,2})\b/g)].map((match) => ({
    at: `${file}:${text.slice(0, match.index).split("\n").length}`,
    page: CITED_PAGES["design"],
    section: match[0],
  }));
}

const isThere = ({ page, section, row }: Reference): boolean => {
  const known = page === undefined ? undefined : pages.get(page);
  return known !== undefined && known.sections.has(section) && (row === undefined || known.rows.get(section)!.has(row));
};
const inWords = ({ at, page, section, row }: Reference): string =>
  `${at}: ${page ?? "of which page?"} ${section}${row === undefined ? "" : ` row ${row}`}`;

const sections = files.flatMap(sectionsIn);
const laws = files.filter((file) => !/\/fixtures\//.test(file)).flatMap(lawsIn);

describe("what code, tests and docs cite is here", () => {
  const cited = new Set(sections.map(({ page, section }) => `${page} ${section}`));
  it(`${sections.length} citations of ${cited.size} sections`, () => {
    // Fewer would mean that they are not recognised any more.
    expect(sections.length).toBeGreaterThan(300);
    expect(sections.filter((reference) => !isThere(reference)).map(inWords)).toEqual([]);
  });

  it(`${laws.length} citations of laws`, () => {
    expect(laws.length).toBeGreaterThan(100);
    expect(laws.filter((reference) => !isThere(reference)).map(inWords)).toEqual([]);
  });

  it("every § has a number, and every page is cited", () => {
    expect(
      files.flatMap((file) =>
        commentsOf(file).flatMap((text) => [...text.matchAll(/.{0,40}§(?!\d).*/g)].map(([line]) => `${file}: ${line}`)),
      ),
    ).toEqual([]);
    expect(Object.values(CITED_PAGES).filter((file) => !sections.some(({ page }) => page === file))).toEqual([]);
  });

  it("sections that the pages name of themselves", () => {
    const own = [...pages].flatMap(([page, { sections: known }]) =>
      [...read(page).matchAll(/\bsections? (\d+(?:\.\d+)*)(?: (?:and|to) (\d+(?:\.\d+)*))?/gi)].flatMap(
        ([, ...numbers]) =>
          numbers.filter((number) => number !== undefined && !known.has(number)).map((number) => `${page}: ${number}`),
      ),
    );
    expect(own).toEqual([]);
  });

  const links = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [
        ...read(file)
          .replace(/^```.*?^```/gms, "")
          .matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g),
      ].map(([, target, anchor]) => ({
        file,
        target: target === "" ? file : path.posix.join(path.posix.dirname(file), target!),
        anchor,
      })),
    );

  it(`${links.length} links between pages`, () => {
    const anchors = new Map<string, Set<string>>();
    const anchorsOf = (page: string): Set<string> => {
      if (!anchors.has(page)) anchors.set(page, new Set(headingsOf(read(page)).map(({ anchor }) => anchor)));
      return anchors.get(page)!;
    };
    const isBroken = ({ target, anchor }: (typeof links)[number]): boolean =>
      !existsSync(path.join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).has(anchor));
    expect(
      links
        .filter(isBroken)
        .map(({ file, target, anchor }) => `${file}: ${target}${anchor === undefined ? "" : `#${anchor}`}`),
    ).toEqual([]);
  });
});

describe("nothing is cited that is not here", () => {
  /** Files of this repository, by their first folder, and documents that stand outside of it. */
  const PATHS =
    /(?<![\w./@-])(?:definition|rules|api|provider|sdk|simulator|testing|operate|cli|emulator|tools|engine|scripts|test|examples|docs)\/[\w./-]*\w\.(?:[cm]?[jt]s|md|json)\b/g;
  const OUTSIDE =
    /(?<![\w-])(?:\.\.\/)*(?:shared\/\w+|truth\/\w+|reference\/\w[\w-]*\.md|posthog-workflows-\w+\.md|(?:style|design)\.md)/g;

  it("no document outside of the repository", () => {
    const found = files.flatMap((file) => [...read(file).matchAll(OUTSIDE)].map(([text]) => `${file}: ${text}`));
    expect(found).toEqual([]);
  });

  it("files that comments and pages name exist", () => {
    const named = files
      .filter((file) => !/^(?:test|emulator|examples|docs\/internals)\//.test(file) || file.endsWith("README.md"))
      .flatMap((file) =>
        commentsOf(file).flatMap((text) => [...text.matchAll(PATHS)].map(([name]) => ({ file, name }))),
      );
    expect(named.length).toBeGreaterThan(5);
    expect(
      named.filter(({ name }) => !existsSync(path.join(ROOT, name))).map(({ file, name }) => `${file}: ${name}`),
    ).toEqual([]);
  });
});

/** Comments of code; a page as a whole. */
function commentsOf(file: string): string[] {
  const text = read(file);
  if (file.endsWith(".md")) return [text];
  return [...text.matchAll(/^\s*\/\/.*$|\/\*\*?[\s\S]*?\*\//gm)].map(([comment]) => comment);
}

describe("what users read says the rule, and cites no section", () => {
  const CITATION = /§|\bdesign L\d|\b(?:API|PDP|run time) \d/;
  const USERS_PAGES = files.filter((file) =>
    /^(?:README\.md|CHANGELOG\.md|docs\/[^/]+\.md|examples\/.*\.md)$/.test(file),
  );

  it("pages", () => {
    // A link to the proof may say where it leads.
    const withoutLinks = (text: string): string => text.replace(/\[[^\]]*\]\([^)]*\)/g, "");
    expect(
      USERS_PAGES.flatMap((file) =>
        withoutLinks(read(file))
          .split("\n")
          .flatMap((line, i) => (CITATION.test(line) ? [`${file}:${i + 1}: ${line}`] : [])),
      ),
    ).toEqual([]);
  });

  it("messages", () => {
    const found: string[] = [];
    for (const file of files.filter((name) => /\.[cm]?ts$/.test(name) && !/^(?:test|tools|examples)\//.test(name))) {
      if (!CITATION.test(read(file))) continue;
      const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node): void => {
        // The proof of a rule is data: the page of rules makes a link of it.
        if (ts.isPropertyAssignment(node) && node.name.getText() === "cites") return;
        if (
          (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) &&
          CITATION.test(node.text)
        )
          found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.text}`);
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(found).toEqual([]);
  });
});

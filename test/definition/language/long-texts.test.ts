// Texts of 60,000 line ends, quotes, brackets and the like, through what reads texts: the time grows with the length. Patterns that looked for an end anew from
// each beginning took 4 to 26 seconds for one of them.
import { describe, expect, it } from "vitest";
import { differsFromHtml } from "../../../rules/email-design";
import { parseHogTemplate, parseLiquid } from "../../../definition/language";
import { decodeEntities } from "../../../definition/language/liquid-entities";
import { tagsIn } from "../../../definition/language/liquid-tags";
import { candidates } from "../../../simulator/arbitrary/values";
import { random } from "../../support/random-flow";

const LENGTH = 60_000;
const UNITS = [
  "\n",
  "\r\n",
  " ",
  "\t",
  '"',
  "'",
  "<",
  ">",
  "<!--",
  "<style",
  "</style ",
  "{{",
  "}}",
  "{%",
  "%}",
  "{",
  "{{“",
  "{{ a\n",
  "&",
  "&amp;",
  "(",
  "[",
  "\\",
  "|",
  "#",
];
/** Of milliseconds, what each of these takes at most on a busy machine; what they took before is twice as much and more. */
const PATIENCE = 1_800;

const designOf = (html: string): unknown => ({
  body: { rows: [{ columns: [{ contents: [{ type: "html", values: { html } }] }] }] },
});

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  "entities in Liquid": (text) => decodeEntities(`${text}&amp;`).text,
  "curly quotes in Liquid": (text) => parseLiquid(`${text}“ {{ x`),
  Liquid: (text) => parseLiquid(`${text}{{ x }}`),
  "templates of Hog": (text) => parseHogTemplate(`${text}{x}`),
  "designs of e-mails": (text) => differsFromHtml(designOf(`a heading of an e-mail ${text}`), text),
  "samples of patterns": (text) => candidates("regex", text, 0),
};

describe.each(Object.entries(READERS))("%s", (_, read) => {
  it.each(UNITS)("is read in the time of its length: %j", (unit) => {
    const began = performance.now();
    read(unit.repeat(LENGTH));
    expect(performance.now() - began).toBeLessThan(PATIENCE);
  });
});

const PARTS = [
  "{{",
  "}}",
  "{%",
  "%}",
  "{",
  "}",
  "%",
  "a",
  "\n",
  "\r",
  "\u2028",
  "<",
  ">",
  "<!--",
  "-->",
  "<style",
  "</style",
  "</STYLE \n>",
  "<p>",
  "words of the text ",
  "&gt;",
];
const texts = Array.from({ length: 3_000 }, (_, seed) => {
  const r = random(seed + 1);
  return Array.from({ length: 1 + r.int(14) }, () => r.pick(PARTS)).join("");
});

it("finds the tags that the worker's pattern finds", () => {
  for (const text of texts) {
    const found = (oneLine: boolean): string[] =>
      [...tagsIn(text, { oneLine })].map(({ start, end }) => text.slice(start, end));
    expect(found(true), JSON.stringify(text)).toEqual(text.match(/\{\{.*?\}\}|\{%.*?%\}/g) ?? []);
    expect(found(false), JSON.stringify(text)).toEqual(text.match(/\{\{[^]*?\}\}|\{%[^]*?%\}/g) ?? []);
  }
});

it("takes out of an e-mail what shows no text", () => {
  const shown = (html: string): string =>
    html
      .replace(/<(style|script|head|title)\b[^]*?<\/\1\s*>/gi, " ")
      .replace(/<!--[^]*?-->|<[^>]*>/g, " ")
      .replace(/&(?:#\w+|\w+);/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  for (const text of texts) {
    const long = `${text}these are the last words`;
    const expected = shown(long);
    expect(differsFromHtml(designOf(long), ""), JSON.stringify(long)).toBe(
      expected.replace(/[^\p{L}\p{N}]/gu, "").length < 12
        ? undefined
        : expected.length > 60
          ? `${expected.slice(0, 60)}…`
          : expected,
    );
  }
});

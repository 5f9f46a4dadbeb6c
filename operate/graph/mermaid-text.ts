// Text that Mermaid shows as it is, whatever is in it: titles come from people, and quotes, brackets, markdown and directives are syntax there.
import { shortened } from "../words/shorten";
import { linesOf } from "../../definition/plain-text";

/** Longest text of a label, in characters. */
const LONGEST = 72;
/** Longest piece without a place to break the line. */
const LONGEST_WORD = 28;

/** What needs no code: letters and digits of any script, and the marks that mean nothing to Mermaid. */
const PLAIN = /[\p{L}\p{M}\p{N} .,:!?()'/+=€$£–—…“”„‘’·×≥≤→←−✎°-]/u;

/** Characters that change the direction or the look of what follows, and those that cannot be seen. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** A place where a long word may go on in the next line; not seen. */
const BREAK = "\u200b";
const JOINS_EMOJI = "\u200d";

/**
 * A quoted label for Mermaid.
 *
 * @example
 * ```ts
 * quotedLabel(['Say "hi"', "e-mail"]); // "Say #34;hi#34;<br/>e#45;mail"
 * ```
 */
export function quotedLabel(lines: readonly string[]): string {
  const shown = lines.map((line) => escaped(fitted(line))).filter((line) => line !== "");
  return `"${shown.length === 0 ? "#160;" : shown.join("<br/>")}"`;
}

/** One line, with long words cut into pieces and the end cut off. */
const fitted = (text: string): string =>
  shortened(linesOf(text).join(" ").replace(/\s+/g, " ").trim(), LONGEST).split(" ").map(pieces).join(" ");

function pieces(word: string): string {
  const characters = [...word];
  if (characters.length <= LONGEST_WORD) return word;
  const parts: string[] = [];
  for (let i = 0; i < characters.length; i += LONGEST_WORD) parts.push(characters.slice(i, i + LONGEST_WORD).join(""));
  return parts.join(BREAK);
}

function escaped(text: string): string {
  // A number or a dash at the beginning would be a list to Mermaid's Markdown, which refuses lists in labels.
  const listLike = /^(?:\d+[.)]|[-+*])(?=\s|$)/.exec(text)?.[0] ?? "";
  let out = "";
  let at = 0;
  for (const character of text) {
    const inList = at < listLike.length;
    at += character.length;
    if (character !== JOINS_EMOJI && character !== BREAK && INVISIBLE.test(character)) continue;
    // Above ASCII nothing is syntax.
    out +=
      (PLAIN.test(character) && !(inList && !/\d/.test(character))) || character.codePointAt(0)! > 0x7e
        ? character
        : `#${character.codePointAt(0)};`;
  }
  // Two dollars would begin a formula, also as codes: Mermaid looks once more at the finished label.
  return out.replace(/\$(?=\$)/g, `$${BREAK}`);
}

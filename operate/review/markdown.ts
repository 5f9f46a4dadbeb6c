// Markdown that shows texts as they are, whatever is in them: titles and messages come from people, and must neither break the comment nor call anybody.
import { oneLine, plainText } from "../../definition/plain-text";

/** What Markdown or GitHub would read as more than itself. */
const SYNTAX = /[\\`*_{}[\]<>#|~$]/g;
/** What would begin a list, a heading or a rule where it stands first. */
const FIRST = /^(\d{1,9}(?=[.)])|(?=[-+=]))/;
/** A mention, an address, a reference to an issue, or an emoji's name: GitHub looks for them in the finished text, where no backslash is left. */
const CALLS = /@(?=[A-Za-z0-9])|(?<=\\#)(?=\d)|:(?=[\w+-]+:)/g;
const LINKS = /(\bGH(?=-\d)|(?:https?|ftp):\/\/|www\.|(?:mailto|xmpp):)(?=\S)/gi;
/** Nothing that is seen, and it takes apart what GitHub would link. */
const BREAK = "<!-- -->";

/**
 * Text for the middle of a paragraph.
 *
 * @example
 * ```ts
 * escapeText("*hi* @team"); // \*hi\* @<!-- -->team
 * ```
 */
export function escapeText(text: string): string {
  return flat(text)
    .replace(/&/g, "&amp;")
    .replace(SYNTAX, (character) => (character === "<" ? "&lt;" : character === ">" ? "&gt;" : `\\${character}`))
    .replace(FIRST, "$1\\")
    .replace(CALLS, (call) => `${call}${BREAK}`)
    .replace(LINKS, `$1${BREAK}`);
}

const flat = (text: string): string => oneLine(text).replace(/\s+/g, " ");

/** Text in a code span. */
export function codeSpan(text: string): string {
  const line = flat(text);
  const ticks = "`".repeat(longestRun(line, "`") + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** A fenced block whose fence no line of it can close, whatever ends its lines. */
export function fenced(language: string, body: string): string {
  const text = plainText(body).replace(/\n+$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(text, "`") + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Something that is there to be opened. */
export const details = (summary: string, body: string): string =>
  `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;

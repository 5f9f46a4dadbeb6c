// Markdown that shows texts as they are, whatever is in them: titles and messages come from people, and must neither break the comment nor call anybody.

/** What Markdown or GitHub would read as more than itself. */
const SYNTAX = /[\\`*_{}[\]<>#|~$]/g;
/** A mention or a reference to an issue, which GitHub would send around. */
const CALLS = /(^|[^A-Za-z0-9])(@)(?=[A-Za-z0-9])/g;
/** Not seen, or turning round what follows. */
const INVISIBLE = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Text for the middle of a paragraph.
 *
 * @example
 * ```ts
 * escapeText("*hi* @team"); // \*hi\* @<!-- -->team
 * ```
 */
export function escapeText(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(INVISIBLE, "")
    .replace(/&/g, "&amp;")
    .replace(SYNTAX, (character) => (character === "<" ? "&lt;" : character === ">" ? "&gt;" : `\\${character}`))
    .replace(CALLS, "$1$2<!-- -->")
    .replace(/\b(GH|https?:\/\/|www\.)(?=\S)/gi, "$1<!-- -->");
}

/** Text in a code span. */
export function codeSpan(text: string): string {
  const flat = text.replace(/\s+/g, " ").replace(INVISIBLE, "");
  const ticks = "`".repeat(longestRun(flat, "`") + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") || flat === "" ? " " : "";
  return `${ticks}${pad}${flat}${pad}${ticks}`;
}

/** A fenced block whose fence no line of it can close. */
export function fenced(language: string, body: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(body, "`") + 1));
  return `${fence}${language}\n${body.replace(/\n+$/, "")}\n${fence}`;
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
export const details = (summary: string, body: string): string => `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;

// Text of others (names, ids, log lines, what a server answers) where people read it: nothing in it moves a cursor, hides, turns around what follows, or
// is a command to the machine that shows it. The text itself stays.

/** What ends a line for any reader: CommonMark, a terminal, JavaScript, Unicode. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** Emoji are joined and coloured by characters that nobody sees; the group is every other one of that kind, and halves of characters. */
const UNSEEN =
  /(?<=\p{Emoji})\ufe0f|(?<=[\p{ExtPict}\p{EMod}\ufe0f])\u200d(?=\p{ExtPict})|([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}])/gu;

const isHalf = (character: string): boolean => /^\p{Cs}$/u.test(character);

/** The text without characters that are not seen. Line feeds and tabs stay. */
export const withoutUnseen = (text: string): string =>
  text.replace(UNSEEN, (character: string, unseen?: string) =>
    unseen === undefined || character === "\n" || character === "\t" ? character : isHalf(character) ? "\ufffd" : "",
  );

/**
 * The text with what a CI runner would carry out as its own command taken apart: GitHub reads `::warning::` at the beginning of a line and `##[…]` anywhere,
 * Azure `##vso[…]`, TeamCity `##teamcity[…]`.
 */
export const withoutCommands = (text: string): string =>
  text.replace(/^([^\S\n]*):(?=:)/gm, "$1: ").replace(/##(?=\w*\[)/g, "# #");

/** The lines of a text, whatever ends them. */
export const linesOf = (text: string): string[] => text.split(new RegExp(LINE_END, "g"));

/** Text of several lines, as it may be shown. Every line end is a line feed. */
export const plainText = (text: string): string => withoutCommands(withoutUnseen(linesOf(text).join("\n")));

/** Text of others inside a line of ours. */
export function oneLine(text: string): string {
  const lines = linesOf(text);
  const flat =
    lines.length === 1
      ? text
      : lines
          .map((line) => line.trim())
          .filter((line) => line !== "")
          .join(" ");
  return withoutCommands(withoutUnseen(flat)).replace(/\t/g, " ");
}

/** Code that has its texts in quotes, with an escape for each character in it that is not seen. Line feeds and tabs stay. */
export const escapeUnseen = (code: string): string =>
  code.replace(UNSEEN, (character: string, unseen?: string) =>
    unseen === undefined || character === "\n" || character === "\t"
      ? character
      : character
          .split("")
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join(""),
  );

/** JSON that a terminal and a CI runner take for text, and that says exactly the data. */
export const jsonText = (data: unknown, indent?: number): string =>
  escapeUnseen(JSON.stringify(data, null, indent) ?? "null").replace(/##(?=\w*\[)/g, "#\\u0023");

/** A word as a shell takes it: in quotes where it holds anything but letters, digits and what paths have. */
export function shellWord(text: string): string {
  const line = oneLine(text);
  return /^[\w./:@%+=,][\w./:@%+=,-]*$/.test(line) ? line : `'${line.replace(/'/g, "'\\''")}'`;
}

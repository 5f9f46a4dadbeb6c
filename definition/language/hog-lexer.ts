// Cuts a Hog expression into tokens, on demand: template strings hold expressions, so the parser says where reading goes on.
import { readQuoted } from "./hog-strings";

export type Token =
  | { type: "name"; text: string; quoted: boolean; start: number; end: number }
  | { type: "string"; value: string; start: number; end: number }
  | { type: "number"; text: string; start: number; end: number }
  /** The start of a template string: the parser reads on after its quote. */
  | { type: "template"; start: number; end: number }
  | { type: "operator"; text: string; start: number; end: number }
  | { type: "end"; start: number; end: number };

/** What is wrong with an expression, where, and what to do about it. */
export class HogSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly fix?: string,
    /** False where PostHog may well know what is not known here. */
    readonly certain = true,
  ) {
    super(message);
  }
}

const BLANK = /(?:[ \t\r\n\f\v\u00a0]+|--[^\n\r]*|\/\/[^\n\r]*|\/\*[^]*?\*\/)+/y;
const NAME = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|(?:\d+(?:\.(?!\s*[A-Za-z_$"`])\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const DIGITS = /\d+/y;
// Longest first.
const OPERATOR = /<=>|=~\*|!~\*|\?\?|\?\.|\|\||->|=>|:=|::|==|!=|<>|<=|>=|=~|!~|~\*|[-+*/%<>=~?:.,;#()[\]{}]/y;

/** What people write from other languages, and what Hog has instead. */
const FOREIGN: Readonly<Record<string, string>> = {
  "&": "write `and`",
  "|": "Hog has functions instead of filters: `upper(person.properties.name)`",
  "!": "write `not` before a condition, `!=` for different values",
  "“": "use straight quotes: '…'",
  "”": "use straight quotes: '…'",
  "‘": "use straight quotes: '…'",
  "’": "use straight quotes: '…'",
};

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

export function readToken(text: string, from: number, afterDot = false): Token {
  const start = from + (match(BLANK, text, from)?.length ?? 0);
  const character = text[start];
  if (character === undefined) return { type: "end", start, end: start };
  if (character === "f" && text[start + 1] === "'") return { type: "template", start, end: start + 2 };
  const name = match(NAME, text, start);
  if (name !== undefined) return { type: "name", text: name, quoted: false, start, end: start + name.length };
  if (character === "'" || character === '"' || character === "`") {
    const quoted = readQuoted(text, start);
    if ("unclosed" in quoted)
      throw new HogSyntaxError(`the quote ${character} is never closed`, start, `close it with ${character}`);
    if ("badEscape" in quoted) {
      throw new HogSyntaxError(
        `\\${text[quoted.badEscape + 1]} is not an escape in a Hog string`,
        quoted.badEscape,
        "write \\\\ for a backslash, and a brace without one",
      );
    }
    return character === "'"
      ? { type: "string", value: quoted.value, start, end: quoted.end }
      : { type: "name", text: quoted.value, quoted: true, start, end: quoted.end };
  }
  const number = match(afterDot ? DIGITS : NUMBER, text, start);
  if (number !== undefined) return { type: "number", text: number, start, end: start + number.length };
  const operator = match(OPERATOR, text, start);
  if (operator !== undefined) return { type: "operator", text: operator, start, end: start + operator.length };
  const shown = text.slice(start, start + (text.codePointAt(start)! > 0xffff ? 2 : 1));
  throw new HogSyntaxError(
    /[“”‘’]/.test(shown) ? "curly quotes in an expression" : `"${shown}" has no meaning in a Hog expression`,
    start,
    Object.hasOwn(FOREIGN, shown) ? FOREIGN[shown] : undefined,
  );
}

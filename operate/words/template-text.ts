// Texts with Liquid or Hog in them as a reader takes them: `Welcome, [first_name or "there"]!`. Brackets hold what is filled in for each person.
import { parseHogTemplate } from "../../definition/language";
import { readAs, type InputLanguage } from "../../definition/graph/inputs";
import { tagsIn } from "../../definition/language/liquid-tags";
import { hogWords } from "./hog-words";

/** A piece of a text: as it is written, and for what is filled in also in words, which may be none. */
interface Piece {
  raw: string;
  words?: string;
}

/**
 * A text of a template in words. Text around the tags stays as it is; so does a text that cannot be read.
 *
 * @param other What the text is compared with: what differs between the two is then never hidden by words that are the same.
 * @example
 * ```ts
 * templateWords('Welcome, {{ person.properties.first_name | default: "there" }}!', "liquid"); // Welcome, [first_name or "there"]!
 * ```
 */
export function templateWords(text: string, language: InputLanguage, other?: string): string {
  if (language === "none" || !text.includes("{")) return text;
  const pieces = piecesOf(text, language);
  const [mine, theirs] = [spelled(pieces), spelled(other === undefined ? pieces : piecesOf(other, language))];
  return pieces
    .map(({ raw, words }) => {
      if (words === undefined) return raw;
      return theirs.has(words) && theirs.get(words) !== mine.get(words) ? exactly(raw) : bracketed(words);
    })
    .join("");
}

/** How each of the words is written in a text: a name without its owner may be several people's. */
function spelled(pieces: readonly Piece[]): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { raw, words } of pieces)
    if (words !== undefined) found.set(words, (found.get(words) ?? new Set()).add(exactly(raw)));
  return new Map([...found].map(([words, raws]) => [words, [...raws].sort().join("\n")]));
}

/** What a tag says, letter by letter. */
const exactly = (raw: string): string => bracketed(raw.replace(/^\{[{%]?-?\s*|\s*-?[}%]?\}$/g, ""));

const piecesOf = (text: string, language: InputLanguage): Piece[] =>
  readAs(language, text) === "liquid" ? liquidPieces(text) : hogPieces(text);

function hogPieces(text: string): Piece[] {
  const { parts } = parseHogTemplate(text);
  return parts === undefined
    ? [{ raw: text }]
    : parts.map((part) =>
        typeof part === "string" ? { raw: part } : { raw: `{${hogWords(part, true)}}`, words: hogWords(part) },
      );
}

/** Nobody reads what is inside of the first, and what is inside of the second is no tag. */
const WHOLE: ReadonlySet<string> = new Set(["comment", "raw"]);

function liquidPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let inside: string | undefined;
  for (const { start, end } of tagsIn(text)) {
    const raw = text.slice(start, end);
    const inner = raw.slice(2, -2).replace(/^-|-$/g, "").trim();
    const name = raw[1] === "%" ? (/^\w+|^#/.exec(inner)?.[0] ?? "") : "";
    if (inside !== undefined && name !== `end${inside}`) continue;
    if (inside !== "comment") pieces.push({ raw: text.slice(at, start) });
    at = end;
    inside = inside === undefined && WHOLE.has(name) ? name : undefined;
    pieces.push({ raw, words: raw[1] === "{" ? outputWords(inner) : tagWords(name, inner.slice(name.length).trim()) });
  }
  return [...pieces, { raw: text.slice(at) }];
}

/** In one line, so that nobody takes a part of it for text. */
const bracketed = (words: string): string => (words === "" ? "" : `[${words.replace(/\s+/g, " ")}]`);

/** Pieces of a tag: quoted texts whole. */
const PIECES = /"[^"]*"|'[^']*'|[^"']+/g;

/** A tag's words, cut at a character that is not inside quotes. */
function split(text: string, at: string): string[] {
  const parts = [""];
  for (const piece of text.match(PIECES) ?? []) {
    const [first = "", ...more] = /^["']/.test(piece) ? [piece] : piece.split(at);
    parts[parts.length - 1] += first;
    parts.push(...more);
  }
  return parts.map((part) => part.trim());
}

/** `first_name or "there"`. */
function outputWords(inner: string): string {
  const [value = "", ...filters] = split(inner, "|");
  return filters.reduce((words, filter) => {
    const [name = "", ...rest] = filter.split(":");
    const given = rest.join(":").trim();
    if (name === "default") return given === '""' || given === "''" ? words : `${words} or ${operandWords(given)}`;
    if (name.startsWith("date")) return `${words} as a date`;
    if (UNSEEN.has(name)) return words;
    return `${words}, ${name.replace(/_/g, " ")}${given === "" ? "" : ` ${operandWords(given)}`}`;
  }, operandWords(value));
}

/** Filters that only make a text safe. */
const UNSEEN: ReadonlySet<string> = new Set(["escape", "escape_once", "raw", "strip", "json"]);

function tagWords(name: string, rest: string): string {
  switch (name) {
    case "if":
    case "unless":
    case "case":
    case "when":
      return `${name} ${operandWords(rest)}`;
    case "elsif":
      return `or if ${operandWords(rest)}`;
    case "else":
      return "otherwise";
    case "for":
    case "tablerow":
      return `for each ${operandWords(rest)}`;
    case "echo":
      return outputWords(rest);
    case "assign":
    case "increment":
    case "decrement":
    case "comment":
    case "endcomment":
    case "raw":
    case "endraw":
    case "#":
    case "":
      return "";
    default:
      return name.startsWith("end") ? "end" : `${name} ${operandWords(rest)}`.trim();
  }
}

const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/\s*==\s*/g, " is "],
  [/\s*(?:!=|<>)\s*/g, " is not "],
];
/** What everybody's properties begin with: it says nothing to a reader. */
const OWNER =
  /\b(?:(?:person|event|groups\.\w+)\.properties|variables)\.(?=[\w$])|\b(?:person|event)\.properties(?=\[)/g;
const KEY = /\[\s*(?:"([^"]*)"|'([^']*)')\s*\]/g;

/** Values and comparisons with names as a reader knows them; quoted texts stay as they are. */
function operandWords(text: string): string {
  const named = text.replace(KEY, (_, double?: string, single?: string) => `.${double ?? single ?? ""}`);
  return (named.match(PIECES) ?? [])
    .map((piece) => {
      if (/^["']/.test(piece)) return `"${piece.slice(1, -1)}"`;
      return OPERATORS.reduce((words, [pattern, instead]) => words.replace(pattern, instead), piece.replace(OWNER, ""));
    })
    .join("")
    .trim();
}

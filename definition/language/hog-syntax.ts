// Tables of Hog's grammar: how tightly operators bind, and the words that belong to SQL or to programs.
import { table } from "../schema/table";
import type { CompareOperator } from "./hog-ast";

/** From loose to tight. */
export enum Binding {
  Ternary = 1,
  Or,
  And,
  Not,
  Between,
  Nullish,
  Compare,
  Add,
  Multiply,
}

export const COMPARE_SYMBOLS = table<CompareOperator>({
  "=": "==",
  "==": "==",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "=~": "=~",
  "~": "=~",
  "!~": "!~",
  "=~*": "=~*",
  "~*": "=~*",
  "!~*": "!~*",
});

/** Comparisons that are words, in lower case. */
export const COMPARE_WORDS = table<CompareOperator>({ like: "like", ilike: "ilike", in: "in" });

export const CONSTANT_WORDS = table<number | boolean | null>({
  null: null,
  true: true,
  false: false,
  nan: NaN,
  inf: Infinity,
  infinity: Infinity,
});

/** Words of Hog programs that no expression may hold as a name. */
export const PROGRAM_WORDS: ReadonlySet<string> = new Set([
  "let",
  "fn",
  "fun",
  "while",
  "throw",
  "try",
  "catch",
  "finally",
]);

/** Words that no key after a dot may be, unless quoted. */
export const KEYLESS_WORDS: ReadonlySet<string> = new Set(["null", "nan", "inf", "infinity"]);

/** Words and symbols of HogQL that this parser does not read: a text that fails and holds one of them may be valid. */
export const UNREAD_WORDS: ReadonlySet<string> = new Set([
  "as",
  "case",
  "cast",
  "cohort",
  "columns",
  "date",
  "distinct",
  "extract",
  "filter",
  "from",
  "interval",
  "order",
  "over",
  "select",
  "substring",
  "timestamp",
  "trim",
  "try_cast",
  "with",
  "array",
]);
export const UNREAD_SYMBOLS: ReadonlySet<string> = new Set(["::", ":=", "<=>", "#", "=>"]);

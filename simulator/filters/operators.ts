// Every operator of a property filter, as data (run time §5.4). `x` is the property's value, `v` the filter's.
import { regexMatch } from "../hog/regex";
import type { Note } from "../notes";
import { dateOf, fixedDate, isRelativeDate } from "./dates";
import { looselyEqual, numberOf, textOf } from "./text";

/** What an operator may need in addition to the two values. */
export interface OperatorContext {
  savedAt: number;
  projectZone: string;
  /** Whether `savedAt` was given, or is only assumed. */
  savedAtGiven: boolean;
  notSimulated(note: Note): void;
}

type Test = (x: unknown, v: unknown, context: OperatorContext) => boolean;

interface Operator {
  /** The test against one value. */
  one: Test;
  /** Against several. Default: any of them, or for a negative operator all of them. */
  several?: (x: unknown, values: readonly unknown[], context: OperatorContext) => boolean;
  negative?: boolean;
  /** Needs no value, so it is complete without one. */
  valueless?: boolean;
}

const missing = (x: unknown): boolean => x === null || x === undefined;
const not =
  (test: Test): Test =>
  (x, v, context) =>
    !test(x, v, context);

/** Membership with strict types and case; `5` is not in `["5", "6"]`. */
const among = (x: unknown, values: readonly unknown[]): boolean => !missing(x) && values.some((v) => v === x);

const text = (value: unknown, context: OperatorContext): string => {
  const found = textOf(value);
  if (found === undefined) context.notSimulated({ kind: "text_of_structure" });
  return found ?? "";
};

/**
 * Whether the pattern is found in the text: `%` means any text, `_` one character. From the left, each piece at its first place: a regular
 * expression would go back for every `%`, and take hours for many.
 */
function isLike(subject: string, pattern: string): boolean {
  let at = 0;
  for (const piece of pattern.split("%")) {
    const found = placeOf(piece, subject, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

function placeOf(piece: string, subject: string, from: number): number {
  if (!piece.includes("_")) return subject.indexOf(piece, from);
  const fits = (start: number): boolean => {
    for (let i = 0; i < piece.length; i += 1) if (piece[i] !== "_" && piece[i] !== subject[start + i]) return false;
    return true;
  };
  for (let start = from; start + piece.length <= subject.length; start += 1) if (fits(start)) return start;
  return -1;
}

const icontains: Test = (x, v, context) => isLike(text(x, context).toLowerCase(), text(v, context).toLowerCase());
const plainContains = (x: unknown, values: readonly unknown[], context: OperatorContext): boolean =>
  !missing(x) && values.some((v) => text(x, context).toLowerCase().includes(text(v, context).toLowerCase()));

const regex: Test = (x, v, context) => {
  const [subject, pattern] = [text(x, context), text(v, context)];
  return subject !== "" && pattern !== "" && regexMatch(pattern, subject);
};

/** Numeric when either side is a number (missing is 0); two texts lexicographically; a text that is no number against a number never. Against a boolean, a text is one, too. */
function ordered(x: unknown, v: unknown, test: (order: number) => boolean): boolean {
  if (typeof x === "string" && typeof v === "string") return test(x < v ? -1 : x > v ? 1 : 0);
  const [a, b] = [
    numberOf(typeof v === "boolean" && typeof x === "string" ? x === "true" : x),
    numberOf(typeof x === "boolean" && typeof v === "string" ? v === "true" : v),
  ];
  return a !== undefined && b !== undefined && test(a - b);
}
const gt: Test = (x, v) => ordered(x, v, (order) => order > 0);
const gte: Test = (x, v) => ordered(x, v, (order) => order >= 0);
const lt: Test = (x, v) => ordered(x, v, (order) => order < 0);
const lte: Test = (x, v) => ordered(x, v, (order) => order <= 0);

function bounds(values: readonly unknown[]): [number, number] | undefined {
  const [low, high] = values.map((v) => (missing(v) || v === "" ? undefined : numberOf(v)));
  return low === undefined || high === undefined ? undefined : [low, high];
}
const between = (x: unknown, values: readonly unknown[]): boolean => {
  const range = bounds(values);
  return range !== undefined && gte(x, range[0], NOTHING) && lte(x, range[1], NOTHING);
};
const notBetween = (x: unknown, values: readonly unknown[]): boolean => {
  const range = bounds(values);
  return range !== undefined && (lt(x, range[0], NOTHING) || gt(x, range[1], NOTHING));
};
const NOTHING: OperatorContext = { savedAt: 0, projectZone: "UTC", savedAtGiven: true, notSimulated: () => undefined };

/** Looks like a relative date, of a kind that the reference does not describe. */
const OTHER_RELATIVE = /^[-+]?\d+[a-z]+$|^[-+]\d+[a-z]/i;

const dated =
  (test: (x: number, v: number) => boolean): Test =>
  (x, v, context) => {
    if (isRelativeDate(v) && !context.savedAtGiven) context.notSimulated({ kind: "saved_at", date: v });
    if (typeof v === "string" && !isRelativeDate(v) && OTHER_RELATIVE.test(v))
      context.notSimulated({ kind: "relative_date", date: v });
    const limit = isRelativeDate(v) ? fixedDate(String(v), context.savedAt, context.projectZone) : dateOf(v);
    const date = dateOf(x);
    return date !== undefined && limit !== undefined && test(date, limit);
  };

function versionOf(value: unknown): number[] | undefined {
  const match =
    typeof value === "string" || typeof value === "number"
      ? /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(String(value).trim())
      : null;
  return match ? [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)] : undefined;
}
const semver =
  (test: (order: number) => boolean): Test =>
  (x, v, context) => {
    const [a, b] = [versionOf(x), versionOf(v)];
    if (a === undefined || b === undefined) {
      context.notSimulated({ kind: "version_form" });
      return false;
    }
    const at = a.findIndex((part, i) => part !== b[i]);
    return test(at < 0 ? 0 : a[at]! - b[at]!);
  };

const exact: Operator = { one: looselyEqual, several: among };
const isNot: Operator = { one: not(looselyEqual), several: (x, values) => !among(x, values), negative: true };
const isIn: Operator = { one: (x, v) => among(x, [v]), several: among };
const notIn: Operator = { one: (x, v) => !among(x, [v]), several: (x, values) => !among(x, values), negative: true };

/** By name, and what each does with a list. Without an operator it is `exact`. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  exact,
  is_not: isNot,
  in: isIn,
  not_in: notIn,
  icontains: { one: icontains, several: plainContains },
  icontains_multi: { one: (x, v, context) => plainContains(x, [v], context), several: plainContains },
  not_icontains: {
    one: not(icontains),
    several: (x, values, context) => !plainContains(x, values, context),
    negative: true,
  },
  not_icontains_multi: {
    one: (x, v, context) => !plainContains(x, [v], context),
    several: (x, values, context) => !plainContains(x, values, context),
    negative: true,
  },
  regex: { one: regex },
  not_regex: { one: not(regex), negative: true },
  gt: { one: gt },
  gte: { one: gte },
  lt: { one: lt },
  lte: { one: lte },
  min: { one: gte },
  max: { one: lte },
  between: { one: () => false, several: between },
  not_between: { one: () => false, several: notBetween },
  is_set: { one: (x) => !missing(x), valueless: true },
  is_not_set: { one: (x) => missing(x), valueless: true },
  is_date_exact: { one: dated((x, v) => x === v) },
  is_date_before: { one: dated((x, v) => x < v) },
  is_date_after: { one: dated((x, v) => x > v) },
  semver_eq: { one: semver((order) => order === 0) },
  semver_neq: { one: semver((order) => order !== 0), negative: true },
  semver_gt: { one: semver((order) => order > 0) },
  semver_gte: { one: semver((order) => order >= 0) },
  semver_lt: { one: semver((order) => order < 0) },
  semver_lte: { one: semver((order) => order <= 0) },
};

export interface Comparison {
  operator: string;
  /** The property's value. */
  found: unknown;
  /** The filter's. */
  value: unknown;
}

/** The result of an operator: undefined for one that is not in the table. */
export function applyOperator(
  { operator: name, found: x, value }: Comparison,
  context: OperatorContext,
): boolean | undefined {
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator) return undefined;
  if (operator.valueless || !Array.isArray(value)) return operator.one(x, value ?? null, context);
  const values = value as unknown[];
  // A list of one is the value itself; a range stays a list.
  if (values.length === 1 && name !== "between" && name !== "not_between") {
    if ((name === "in" || name === "not_in") && typeof values[0] !== typeof x && looselyEqual(x, values[0]))
      context.notSimulated({ kind: "list_of_one", operator: name });
    return operator.one(x, values[0], context);
  }
  if (operator.several) return operator.several(x, values, context);
  return operator.negative
    ? values.every((v) => operator.one(x, v, context))
    : values.some((v) => operator.one(x, v, context));
}

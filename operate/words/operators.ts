// What each operator of a property filter asks, in plain English (run time §5.4).
import { table } from "../../definition/schema/table";
import { LATER, listWords, valueWords } from "./values";
import { isUnknown } from "../../definition/canonical/values";

/** Says the test of a property: `what` is the property in words, `value` the value that it is compared with. */
type Phrase = (what: string, value: unknown) => string;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const any = (value: unknown): string =>
  isUnknown(value)
    ? `(${LATER})`
    : listWords(
        list(value).map((item) => valueWords(item)),
        "or",
      );
const none = (value: unknown): string =>
  listWords(
    list(value).map((item) => valueWords(item)),
    "nor",
  );
const bounds = (value: unknown): string =>
  listWords(
    list(value).map((item) => valueWords(item)),
    "and",
  );

const AGO = table({ h: "hour", d: "day", w: "week", m: "month", q: "quarter", y: "year", M: "minute" });

/** A date, or a relative one such as `-7d`. PostHog fixes relative ones when the flow is saved (run time §5.4). */
function date(value: unknown): string {
  const first = list(value)[0];
  const match = typeof first === "string" ? /^-(\d+)([hdwmqyM])$/.exec(first) : null;
  if (!match) return valueWords(first);
  const unit = AGO[match[2]!]!;
  return `${match[1]} ${unit}${match[1] === "1" ? "" : "s"} before this change is saved`;
}

const is: Phrase = (what, value) => `${what} is ${any(value)}`;
const isNot: Phrase = (what, value) =>
  list(value).length > 1 ? `${what} is neither ${none(value)}` : `${what} is not ${any(value)}`;
const contains: Phrase = (what, value) => `${what} contains ${any(value)}`;
const containsNot: Phrase = (what, value) =>
  `${what} contains ${list(value).length > 1 ? `neither ${none(value)}` : `no ${any(value)}`}`;
const atLeast: Phrase = (what, value) => `${what} is at least ${any(value)}`;
const atMost: Phrase = (what, value) => `${what} is at most ${any(value)}`;

/** One row per operator. An operator that is not here is named as it is. */
export const OPERATORS: Readonly<Record<string, Phrase>> = table<Phrase>({
  exact: is,
  is_not: isNot,
  in: (what, value) => `${what} is one of ${any(value)}`,
  not_in: (what, value) => `${what} is none of ${any(value)}`,
  icontains: contains,
  icontains_multi: contains,
  not_icontains: containsNot,
  not_icontains_multi: containsNot,
  regex: (what, value) => `${what} matches the pattern ${any(value)}`,
  not_regex: (what, value) => `${what} does not match the pattern ${any(value)}`,
  gt: (what, value) => `${what} is more than ${any(value)}`,
  gte: atLeast,
  min: atLeast,
  lt: (what, value) => `${what} is less than ${any(value)}`,
  lte: atMost,
  max: atMost,
  between: (what, value) => `${what} is between ${bounds(value)}`,
  not_between: (what, value) => `${what} is not between ${bounds(value)}`,
  is_set: (what) => `${what} is known`,
  is_not_set: (what) => `${what} is not known`,
  is_date_exact: (what, value) => `${what} is ${date(value)}`,
  is_date_before: (what, value) => `${what} is before ${date(value)}`,
  is_date_after: (what, value) => `${what} is after ${date(value)}`,
  semver_eq: (what, value) => `${what} is version ${any(value)}`,
  semver_neq: (what, value) => `${what} is not version ${any(value)}`,
  semver_gt: (what, value) => `${what} is a later version than ${any(value)}`,
  semver_gte: (what, value) => `${what} is version ${any(value)} or later`,
  semver_lt: (what, value) => `${what} is an earlier version than ${any(value)}`,
  semver_lte: (what, value) => `${what} is version ${any(value)} or earlier`,
  semver_tilde: (what, value) => `${what} is a patch release of version ${any(value)}`,
  semver_caret: (what, value) => `${what} is a release compatible with version ${any(value)}`,
  semver_wildcard: (what, value) => `${what} is a version like ${any(value)}`,
  flag_evaluates_to: (what, value) => `the feature flag ${what} gives ${any(value)}`,
});

/** The test in words. Without an operator it is `exact`. */
export function operatorWords(operator: unknown, what: string, value: unknown): string {
  const name = typeof operator === "string" ? operator : "exact";
  const phrase = OPERATORS[name];
  if (phrase) return phrase(what, value);
  return value === undefined
    ? `${what}: ${name.replace(/_/g, " ")}`
    : `${what}: ${name.replace(/_/g, " ")} ${any(value)}`;
}

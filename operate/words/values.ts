// Values as people write them: texts in quotes, lists with "or", durations and settings in words. Never JSON.
import { SECRET } from "../../definition/canonical/secrets";
import { isDict, isUnknown } from "../../definition/canonical/values";
import { table } from "../../definition/schema/table";
import { linesOf, oneLine } from "../../definition/plain-text";

/** What stands for a value that a preview cannot know yet. */
export const LATER = "known after the update";

/**
 * One value in words: `"pro"`, `5`, `yes`, `"a", "b"`.
 *
 * @example
 * ```ts
 * valueWords(["pro", "team"]); // "pro" or "team"
 * ```
 */
export function valueWords(value: unknown, join = "or"): string {
  if (value === undefined || value === null) return "nothing";
  if (isUnknown(value)) return `(${LATER})`;
  if (value === SECRET) return SECRET;
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value))
    return listWords(
      value.map((item) => valueWords(item, "and")),
      join,
    );
  if (isDict(value))
    return listWords(
      Object.entries(value).map(([key, item]) => `${key}: ${valueWords(item, "and")}`),
      "and",
    );
  return String(value);
}

/** `a`, `a or b`, `a, b or c`. */
export function listWords(items: readonly string[], join: string): string {
  if (items.length <= 1) return items[0] ?? "nothing";
  return `${items.slice(0, -1).join(", ")} ${join} ${items[items.length - 1]}`;
}

/** `a, b and c`; of more than `most`, the first ones: `a, b and 4 more`. */
export const fewWords = (items: readonly string[], most: number): string =>
  items.length <= most ? listWords(items, "and") : firstWords(items, most);

/** `a, b, c`; of more than `most`, the first ones: `a, b and 4 more`. */
export const firstWords = (items: readonly string[], most: number): string =>
  items.length <= most ? items.join(", ") : `${items.slice(0, most).join(", ")} and ${items.length - most} more`;

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;

const UNITS = table({ s: "second", m: "minute", h: "hour", d: "day" });

/**
 * A duration of the API in words; text of another form stays as it is.
 *
 * @example
 * ```ts
 * durationWords("3d"); // 3 days
 * ```
 */
export function durationWords(value: unknown): string {
  if (typeof value !== "string") return valueWords(value);
  const match = /^([+-]?)([0-9.]+)([smhd])$/.exec(value);
  if (!match) return isUnknown(value) ? `(${LATER})` : value;
  const [, sign = "", number = "", unit = ""] = match;
  return `${sign === "-" ? "minus " : ""}${number} ${UNITS[unit]!}${Number(number) === 1 ? "" : "s"}`;
}

/** The signed distance of a `delayUntil.offset`: `3 days before`. */
export function offsetWords(value: unknown): string {
  if (typeof value !== "string" || isUnknown(value)) return valueWords(value);
  return `${durationWords(value.replace(/^[+-]/, ""))} ${value.startsWith("-") ? "before" : "after"}`;
}

/**
 * Any value as lines of text, for a diff that people read: `key: value`, lists with dashes.
 *
 * @example
 * ```ts
 * valueLines({ event: "x", tags: ["a"] }); // ["event: x", "tags:", "  - a"]
 * ```
 */
export function valueLines(value: unknown): string[] {
  if (isUnknown(value)) return [`(${LATER})`];
  if (typeof value === "string") return linesOf(value);
  if (Array.isArray(value)) return value.flatMap((item) => indented("- ", valueLines(item)));
  if (isDict(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      const lines = valueLines(item);
      const name = oneLine(key);
      return lines.length === 1 && !isContainer(item)
        ? [`${name}: ${lines[0]}`]
        : [`${name}:`, ...lines.map((line) => `  ${line}`)];
    });
  }
  return value === undefined || value === null ? [] : [String(value)];
}

const isContainer = (value: unknown): boolean => Array.isArray(value) || isDict(value);
const indented = (first: string, lines: readonly string[]): string[] =>
  lines.map((line, i) => `${i === 0 ? first : " ".repeat(first.length)}${line}`);

/** `delayDuration` -> `delay duration`. */
export const keyWords = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/_/g, " ")
    .toLowerCase();

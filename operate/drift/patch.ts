// A patch to arguments as code: only the members that differ, with what they were beside them.
import { own, same, type Dict } from "../../definition/canonical/values";
import { keyCode } from "../code-text";
import { Body, StoredSecret, isPlain, print } from "../pull/expression";
import { valueWords } from "../words/values";
import { SECRET } from "../../definition/canonical/secrets";
import { oneLine } from "../../definition/plain-text";

const LONGEST_NOTE = 60;

/** One line a member that differs; maps on both sides are walked into. */
export function patchLines(before: Dict, after: Dict, indent: number): string[] {
  const pad = " ".repeat(indent);
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((key): string[] => {
    const [was, is] = [own(before, key), own(after, key)];
    if (isSame(was, is)) return [];
    const name = keyCode(key);
    if (is === undefined) return [`${pad}// remove: ${name}${note(was) === "" ? "" : ` (it is ${note(was)})`}`];
    if (isPlain(was) && isPlain(is)) return [`${pad}${name}: {`, ...patchLines(was, is, indent + 2), `${pad}},`];
    if ((typeof is === "string" && is.includes(SECRET)) || is instanceof StoredSecret)
      return [`${pad}// ${name}: a secret; PostHog does not show its value`];
    // A body is compared below, line by line, because the program mostly reads it from a file.
    if (is instanceof Body) return [`${pad}// ${name}: ${was === undefined ? "a text" : "another text"}, see below`];
    return [`${pad}${name}: ${print(is, indent, indent + name.length + 2)},${wasNote(was)}`];
  });
}

export const isSame = (was: unknown, is: unknown): boolean =>
  was instanceof Body && is instanceof Body
    ? was.text === is.text
    : same(was, is) || (was !== undefined && is !== undefined && print(was, 0, 0) === print(is, 0, 0));

/** The comment behind new code: what it was, where that fits. */
export const wasNote = (was: unknown): string =>
  was === undefined ? " // new" : note(was) === "" ? "" : ` // was ${note(was)}`;

/** The value on one line, where it is short. */
function note(value: unknown): string {
  if (value instanceof Body) return "";
  const isValue = typeof value !== "object" || value === null;
  if (!isValue && (Array.isArray(value) || isPlain(value)) && !holdsCode(value)) return "";
  const words = oneLine(isValue ? valueWords(value) : print(value, 0, 0)).replace(/\s+/g, " ");
  return words.length <= LONGEST_NOTE ? words : "";
}

/** Lists and maps of plain values are shown by what they hold now. */
function holdsCode(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsCode);
  if (isPlain(value)) return Object.values(value).some(holdsCode);
  return typeof value === "object" && value !== null;
}

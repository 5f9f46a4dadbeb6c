// Every text of a structure together with the name that it is written under, which distinguishes a credential from other texts.
import type { Path } from "../canonical/paths";
import { isDict, isUnknown, put, type Dict } from "../canonical/values";
import { credentialsIn, type Credential, type Writing } from "../schema/credentials";

export interface WrittenText {
  path: Path;
  text: string;
  writing: Writing;
  credentials: Credential[];
}

/** Members that hold the value of what is around them. */
const OF_WHAT_IS_AROUND: ReadonlySet<string> = new Set(["value", "default"]);
/** What a condition names is a property of somebody, and no credential. */
const CONDITIONS: ReadonlySet<string> = new Set(["filters", "condition", "conditions", "events", "properties"]);
const HEADERS = /headers?$/i;

/** Where the walk is. */
interface Around {
  name?: string | undefined;
  isHeader: boolean;
  isCondition: boolean;
  isInput: boolean;
}

/** The last word of a key that may be a path, as in what the server added. */
function nameIn(key: string, around: Around): string | undefined {
  if (OF_WHAT_IS_AROUND.has(key)) return around.name;
  return /[.[]/.test(key)
    ? key
        .split(/[.[\]"]+/)
        .filter((part) => part !== "" && !/^\d+$/.test(part) && !OF_WHAT_IS_AROUND.has(part))
        .at(-1)
    : key;
}

/**
 * Calls for every text, with the way there, which is the same list each time. Of a list of `{ name, value }`, the value has the name beside it.
 * In plain loops: whole definitions go through here, at every check.
 */
function eachText(
  root: unknown,
  visit: (text: string, writing: Writing, way: readonly (string | number)[]) => void,
): void {
  const way: (string | number)[] = [];
  const walk = (value: unknown, around: Around): void => {
    if (typeof value === "string") visit(value, around.isCondition ? {} : around, way);
    else if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i += 1) {
        way.push(i);
        walk(value[i], around);
        way.pop();
      }
    } else if (isDict(value)) {
      const beside =
        typeof value["value"] === "string" && value["operator"] === undefined
          ? [value["name"], value["key"], value["header"]].find((name) => typeof name === "string")
          : undefined;
      for (const key of Object.keys(value)) {
        const item = value[key];
        way.push(key);
        const isInput = around.isInput || key === "inputs";
        walk(item, {
          name: key === "value" && beside !== undefined ? beside : nameIn(key, around),
          isHeader: around.isHeader || HEADERS.test(key),
          isInput,
          // The values of inputs are data, whatever their members are called.
          isCondition: !isInput && (around.isCondition || CONDITIONS.has(key)),
        });
        way.pop();
      }
    }
  };
  walk(root, { isHeader: false, isCondition: false, isInput: false });
}

/** The same data with another text for each. */
export function mapTexts<T>(
  root: T,
  change: (text: string, writing: Writing, way: readonly (string | number)[]) => string,
): T {
  const texts: string[] = [];
  eachText(root, (text, writing, way) => texts.push(isUnknown(text) ? text : change(text, writing, way)));
  let next = 0;
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return texts[next++]!;
    if (Array.isArray(value)) return value.map(walk);
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const key of Object.keys(value)) put(out, key, walk(value[key]));
    return out;
  };
  return walk(root) as T;
}

/** Every text that holds a credential. */
export function credentialTexts(root: unknown): WrittenText[] {
  const found: WrittenText[] = [];
  eachText(root, (text, writing, way) => {
    const credentials = isUnknown(text) ? [] : credentialsIn(text, writing);
    if (credentials.length > 0) found.push({ path: [...way], text, writing, credentials });
  });
  return found;
}

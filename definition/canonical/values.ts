// The few kinds of values that the canonical form distinguishes, and Pulumi's stand-ins for unknown and secret ones (PDP §4).
// A folder-level rule: nothing here or beside it imports Pulumi. What walks whole definitions is written in plain loops: a provider process lives for
// seconds, and Node spends more time on optimising callbacks than it wins by them.

export type Dict = Record<string, unknown>;

/** What Pulumi's SDK sends for a value that is not known yet, whatever its type; everything here has this one for it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What it sends for one of each type. */
export const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
export const isUnknown = (value: unknown): value is typeof UNKNOWN => value === UNKNOWN;

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** The value, marked so that the engine encrypts and masks it. */
export const asSecret = (value: unknown): Dict => ({ [SIGNATURE_KEY]: SECRET_SIGNATURE, value });
export const isMarked = (value: unknown): boolean => isDict(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;

export function isDict(value: unknown): value is Dict {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The texts of a list; none for what is no list. */
export const listedTexts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

export function containsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  if (Array.isArray(value)) {
    for (const item of value) if (containsUnknown(item)) return true;
  } else if (isDict(value)) {
    for (const key of Object.keys(value)) if (containsUnknown(value[key])) return true;
  }
  return false;
}

/** Sets an own member, whatever its name: plain assignment to `__proto__` would change the object instead. */
export function put(target: Dict, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

export const own = (value: unknown, key: string): unknown =>
  isDict(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** Equal as JSON: the order of members does not matter, `undefined` members are absent ones. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return Number.isNaN(a) && Number.isNaN(b);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i += 1) if (!same(a[i], b[i])) return false;
    return true;
  }
  if (!isDict(a) || !isDict(b)) return false;
  let count = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === undefined) continue;
    if (!Object.hasOwn(b, key) || !same(a[key], b[key])) return false;
    count += 1;
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) count -= 1;
  return count === 0;
}

export const definedKeys = (value: Dict): string[] => Object.keys(value).filter((key) => value[key] !== undefined);

export function copy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(copy(item));
    return items as T;
  }
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const key of Object.keys(value)) if (value[key] !== undefined) put(out, key, copy(value[key]));
  return out as T;
}

/** JSON with members in one order, for hashing. */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(",")}]`;
  if (!isDict(value)) return JSON.stringify(value) ?? "null";
  return `{${definedKeys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${stableText(value[key])}`)
    .join(",")}}`;
}

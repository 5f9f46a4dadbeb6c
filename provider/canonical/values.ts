// The few kinds of values that the canonical form tells apart, and Pulumi's stand-ins for unknown and secret ones (PDP §4).
// A folder-level rule: nothing here or beside it imports Pulumi.

export type Dict = Record<string, unknown>;

/** What Pulumi sends for a value that is not known yet, whatever its type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const isUnknown = (value: unknown): boolean => value === UNKNOWN;

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

export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isDict(value)) return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** Sets an own member, whatever its name: plain assignment to `__proto__` would change the object instead. */
export function put(target: Dict, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

export const own = (value: unknown, key: string): unknown => (isDict(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/** Equal as JSON: the order of members does not matter, `undefined` members are absent ones. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (isDict(a) && isDict(b)) {
    const keys = definedKeys(a);
    return keys.length === definedKeys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  }
  return Number.isNaN(a) && Number.isNaN(b);
}

export const definedKeys = (value: Dict): string[] => Object.keys(value).filter((key) => value[key] !== undefined);

export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const key of definedKeys(value)) put(out, key, copy(value[key]));
  return out as T;
}

/** JSON with members in one order, for hashing. */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(",")}]`;
  if (!isDict(value)) return JSON.stringify(value) ?? "null";
  return `{${definedKeys(value).sort().map((key) => `${JSON.stringify(key)}:${stableText(value[key])}`).join(",")}}`;
}

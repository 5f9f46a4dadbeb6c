// What Pulumi puts in the place of values: secrets carry a mark, and are opened on the way in, where a caller asks for it with a note of where they were; what is not
// known yet becomes one text. On the way out, the lifecycle has marked what is secret.
import { formatPath } from "../definition/canonical/paths";
import { isDict, isMarked, isUnknown, put, UNKNOWN, UNKNOWNS, type Dict } from "../definition/canonical/values";

/** One text for all that is not known yet. */
export const knownText = (text: string): string =>
  text.length === UNKNOWN.length && UNKNOWNS.has(text) ? UNKNOWN : text;

/** A secret that is not opened yet: a leaf for everything that walks definitions. */
export class Sealed {
  constructor(readonly value: unknown) {}
}

/** What becomes of each leaf of a secret. */
export type Seal = (leaf: unknown) => unknown;
export const opening: Seal = (leaf) => leaf;
export const sealing: Seal = (leaf) => new Sealed(leaf);

/** The members of a map or, where they are a secret's mark, what is in it. */
export function opened(members: Dict, seal: Seal): unknown {
  return isMarked(members) ? within(members["value"], seal) : members;
}

function within(value: unknown, seal: Seal): unknown {
  if (value instanceof Sealed || value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => within(item, seal));
  if (!isDict(value)) return seal(value);
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, within(item, seal));
  return out;
}

/** The tree without seals, and the paths where they were. */
export function unsealed(sealed: Dict): { properties: Dict; paths: string[] } {
  const paths: string[] = [];
  // One path that changes on the way: most values are no secret, and nobody asks where they are.
  const path: (string | number)[] = [];
  const at = (part: string | number, value: unknown): unknown => {
    path.push(part);
    const plain = walk(value);
    path.pop();
    return plain;
  };
  const walk = (value: unknown): unknown => {
    if (value instanceof Sealed) {
      paths.push(formatPath(path));
      return value.value;
    }
    if (Array.isArray(value)) return value.map((item, i) => at(i, item));
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const key of Object.keys(value)) put(out, key, at(key, value[key]));
    return out;
  };
  return { properties: walk(sealed) as Dict, paths };
}

/** Whether a value is there and known. */
export const isKnown = (value: unknown): boolean => value !== undefined && value !== null && !isUnknown(value);

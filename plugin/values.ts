// What Pulumi puts in the place of values: secrets carry a mark, and are opened on the way in, where a caller asks for it with a note of where they were; what is not
// known yet becomes one text. On the way out, the lifecycle has marked what is secret.
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, isMarked, isUnknown, put, UNKNOWN, type Dict } from "../definition/canonical/values";

/** What Pulumi sends for a value of each type that is not known yet. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

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
  const walk = (value: unknown, path: Path): unknown => {
    if (value instanceof Sealed) {
      paths.push(formatPath(path));
      return value.value;
    }
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const [key, item] of Object.entries(value)) put(out, key, walk(item, [...path, key]));
    return out;
  };
  return { properties: walk(sealed, []) as Dict, paths };
}

/** Whether a value is there and known. */
export const isKnown = (value: unknown): boolean => value !== undefined && value !== null && !isUnknown(value);

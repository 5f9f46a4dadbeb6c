// Secret values on their way through the provider, which sees no marks (design L13): where they are, what PostHog shows in their place, and
// marking them again wherever they reappear.
import { getAt, parsePath, type Path } from "./paths";
import { asSecret, copy, isDict, isMarked, isUnknown, listedTexts, own, put, same, type Dict } from "./values";

/** What Pulumi prints for a secret, and what is in its place in everything that this package prints and simulates. */
export const SECRET = "[secret]";

/** What PostHog's editor sends in place of a secret that it keeps (API §2.3.3). */
export const SECRET_PLACEHOLDER = "********";

/** Whether this is what PostHog answers in place of a stored secret (API §2.3.3). */
export const isKeptSecret = (item: unknown): boolean =>
  isDict(item) && item["secret"] === true && (item["value"] === undefined || item["value"] === SECRET_PLACEHOLDER);

/** Every template input of a definition, by step and name. */
export function* inputItems(definition: Dict): Generator<{ id: string; key: string; item: unknown; inputs: Dict }> {
  const actions = definition["actions"];
  if (!isDict(actions)) return;
  for (const [id, step] of Object.entries(actions)) {
    const inputs = own(own(step, "config"), "inputs");
    if (!isDict(inputs)) continue;
    for (const [key, item] of Object.entries(inputs)) yield { id, key, item, inputs };
  }
}

/** The live definition with our own value wherever PostHog says only that it keeps one. A secret that we never gave stays as it is. */
export function withKnownSecrets(live: Dict, ours: Dict): Dict {
  if (!hasKeptSecret(live)) return live;
  const out = copy(live);
  for (const { id, key, item, inputs } of inputItems(out)) {
    if (!isKeptSecret(item)) continue;
    const known = own(own(own(own(ours["actions"], id), "config"), "inputs"), key);
    if (isDict(known) && (known["value"] !== undefined || isKeptSecret(known))) put(inputs, key, copy(known));
    else put(inputs, key, { secret: true });
  }
  return out;
}

function hasKeptSecret(definition: Dict): boolean {
  for (const { item } of inputItems(definition)) if (isKeptSecret(item)) return true;
  return false;
}

/** Secrets that live hides and for which ours has a value that `known` has not: nobody can see whether that value has arrived. */
export function newSecrets(live: Dict, ours: Dict, known: Dict): Path[] {
  const valueIn = (definition: Dict, id: string, key: string): unknown =>
    own(own(own(own(own(definition["actions"], id), "config"), "inputs"), key), "value");
  return [...inputItems(live)].flatMap(({ id, key, item }) => {
    const value = valueIn(ours, id, key);
    return isKeptSecret(item) && value !== undefined && !same(value, valueIn(known, id, key))
      ? [["actions", id, "config", "inputs", key]]
      : [];
  });
}

export const hidesNewSecret = (live: Dict, ours: Dict, known: Dict): boolean =>
  newSecrets(live, ours, known).length > 0;

/** Where the secret values of a resource are: the SDK sends the paths along, because the provider sees no marks. */
export const secretPathsOf = ({ secretPaths }: { readonly secretPaths?: unknown }): string[] =>
  listedTexts(secretPaths);

/** The plain values behind a list of secret paths. Short ones would be found everywhere by chance; they are marked by path alone. */
export function secretValues(properties: Dict, paths: readonly string[]): Set<unknown> {
  const values = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (isDict(value)) Object.values(value).forEach(collect);
    else if (
      !isUnknown(value) &&
      ((typeof value === "string" && value.length >= MIN_SEARCHED) ||
        (typeof value === "number" && String(value).length >= MIN_SEARCHED))
    )
      values.add(value);
  };
  for (const path of paths) {
    const parts = parsePath(path);
    if (parts) collect(getAt(properties, parts));
  }
  return values;
}
const MIN_SEARCHED = 4;

/** Whether a text or number is, or holds, one of the secret values. */
function reveals(value: unknown, secrets: ReadonlySet<unknown>): boolean {
  if (secrets.has(value)) return true;
  if (typeof value === "string") {
    for (const secret of secrets) if (value.includes(String(secret))) return true;
  } else if (typeof value === "number") return secrets.has(String(value));
  return false;
}

/** Secret paths as a tree: the value at a leaf is secret. */
type Marks = Map<string | number, Marks | true>;

function marksOf(paths: readonly string[]): Marks {
  const root: Marks = new Map();
  for (const text of paths) {
    let node = root;
    const path = parsePath(text) ?? [];
    for (const [i, part] of path.entries()) {
      const below = node.get(part);
      if (below === true) break;
      if (i === path.length - 1) node.set(part, true);
      else if (below) node = below;
      else {
        const made: Marks = new Map();
        node.set(part, made);
        node = made;
      }
    }
  }
  return root;
}

/** A copy in which everything at a secret path, and everything that holds a secret value anywhere, is marked for the engine. */
export function protect(
  properties: Dict,
  paths: readonly string[],
  values: ReadonlySet<unknown> = secretValues(properties, paths),
): Dict {
  const walk = (value: unknown, marks: Marks | true | undefined): unknown => {
    if (isMarked(value) || isUnknown(value) || value === undefined) return value;
    // The engine masks a list as a whole as soon as one member is secret (PDP §4), so a mark inside is enough.
    if (marks === true || reveals(value, values)) return asSecret(value);
    // Most flows have no secret at all.
    if (marks === undefined && values.size === 0) return copy(value);
    if (Array.isArray(value)) return value.map((item, i) => walk(item, marks?.get(i)));
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const key of Object.keys(value))
      if (value[key] !== undefined) put(out, key, walk(value[key], marks?.get(key)));
    return out;
  };
  const marks = marksOf(paths);
  const out: Dict = {};
  for (const [key, value] of Object.entries(properties))
    if (value !== undefined)
      put(out, key, key === "__provider" || key === "secretPaths" ? value : walk(value, marks.get(key)));
  return out;
}

/** A text without any of the secret values. */
export function redact(text: string, values: ReadonlySet<unknown>): string {
  let out = text;
  // The longest first: of two values that share a beginning, the shorter one would leave the end of the other.
  for (const value of [...values].sort((a, b) => String(b).length - String(a).length))
    out = out.split(String(value)).join(SECRET);
  return out;
}

// Names and places: renames known keys between the wire and the keyed form, wherever a schema knows them. It looks at containers only and
// hands every leaf on as it is, so that the SDK can use it on values that hold outputs.
import * as z from "../schema/zod";
import { action, configSchema, flow } from "../schema/schemas";
import { camelCase, snakeCase } from "../schema/names";
import { containerSchema, unwrapped } from "../schema/rules";
import type { Path } from "./paths";
import { isDict, put, type Dict } from "./values";

/** A key that no schema knows. */
export interface UnknownKey {
  path: Path;
  key: string;
  /** The names that the place has, in camelCase. */
  known: readonly string[];
  /** PostHog is known to keep further keys here, and its editor writes some. */
  open: boolean;
}

export interface Reports {
  unknownKey?: (report: UnknownKey) => void;
  /** A key that was given in both spellings. */
  doubled?: (path: Path) => void;
}

interface Names {
  /** Our name by either spelling. */
  ours: ReadonlyMap<string, string>;
  /** The wire's name by ours. */
  wire: ReadonlyMap<string, string>;
  known: readonly string[];
}
const cache = new WeakMap<z.ZodObject, Names>();

function namesOf(schema: z.ZodObject): Names {
  const cached = cache.get(schema);
  if (cached) return cached;
  const ours = new Map<string, string>();
  const wire = new Map<string, string>();
  for (const [name, field] of Object.entries(schema.shape)) {
    const onWire = unwrapped(field as z.ZodType).rule.wire ?? snakeCase(name);
    ours.set(name, name);
    ours.set(onWire, name);
    wire.set(name, onWire);
  }
  const names = { ours, wire, known: Object.keys(schema.shape) };
  cache.set(schema, names);
  return names;
}

/** Our name of a key in this object, or undefined. */
export const ourName = (schema: z.ZodObject, key: string): string | undefined => namesOf(schema).ours.get(key);
export const wireName = (schema: z.ZodObject, key: string): string => namesOf(schema).wire.get(key) ?? key;

/** The value with our names, without the keys that the server makes. Unknown keys stay, and are reported. */
export function toOurs(value: unknown, typed: z.ZodType, path: Path, reports: Reports = {}): unknown {
  // Nearly all that is met needs no report, so the way there is copied only for one.
  const way = [...path];
  const named = (item: unknown, key: string | number, schema: z.ZodType): unknown => {
    if (typeof item !== "object" || item === null) return item;
    way.push(key);
    const out = walk(item, schema);
    way.pop();
    return out;
  };
  const walk = (item: object, of: z.ZodType): unknown => {
    const { schema: bare, rule } = unwrapped(of);
    const schema = containerSchema(bare, Array.isArray(item));
    if (Array.isArray(item)) return schema instanceof z.ZodArray ? item.map((member, i) => named(member, i, schema.element as z.ZodType)) : item;
    if (!isDict(item)) return item;
    const out: Dict = {};
    if (schema instanceof z.ZodRecord) {
      for (const key of Object.keys(item)) put(out, key, named(item[key], key, schema.valueType as z.ZodType));
      return out;
    }
    if (!(schema instanceof z.ZodObject)) return item;
    const names = namesOf(schema);
    const inner = unwrapped(schema).rule;
    const derived = rule.derived ?? inner.derived;
    for (const key of Object.keys(item)) {
      const member = item[key];
      // Absent, so no second spelling of anything.
      if (member === undefined || (derived && (derived.includes(key) || derived.includes(snakeCase(key))))) continue;
      const name = names.ours.get(key);
      if (name === undefined) {
        put(out, key, member);
        if (member !== null) reports.unknownKey?.({ path: [...way], key, known: names.known, open: (rule.open ?? inner.open) === true });
      } else if (Object.hasOwn(out, name) && out[name] !== null) {
        if (member !== null) reports.doubled?.([...way, name]);
      } else out[name] = named(member, name, schema.shape[name] as z.ZodType);
    }
    return out;
  };
  return typeof value === "object" && value !== null ? walk(value, typed) : value;
}

/** The value with the wire's names. */
export function toWire(value: unknown, typed: z.ZodType): unknown {
  if (typeof value !== "object" || value === null) return value;
  const schema = containerSchema(unwrapped(typed).schema, Array.isArray(value));
  if (Array.isArray(value)) return schema instanceof z.ZodArray ? value.map((item) => toWire(item, schema.element as z.ZodType)) : value;
  if (!isDict(value)) return value;
  const out: Dict = {};
  if (schema instanceof z.ZodRecord) {
    for (const [key, item] of Object.entries(value)) put(out, key, toWire(item, schema.valueType as z.ZodType));
  } else if (schema instanceof z.ZodObject) {
    for (const [key, item] of Object.entries(value)) put(out, wireName(schema, key), Object.hasOwn(schema.shape, key) ? toWire(item, schema.shape[key] as z.ZodType) : item);
  } else return value;
  return out;
}

/** Keys whose place on the wire is not a member of the same name. */
const PLACED: ReadonlySet<string> = new Set(["actions", "variables", "leftover", "extra", "next", "branches"]);

/** A key under `extra` that has become a known one means the same as the known one (design L15). */
function withKnownExtra(value: unknown, schema: z.ZodObject, path: Path, reports: Reports): unknown {
  if (!isDict(value) || !isDict(value["extra"])) return value;
  const known: Dict = {};
  const extra: Dict = {};
  for (const [key, item] of Object.entries(value["extra"])) {
    const name = ourName(schema, key);
    put(name === undefined || PLACED.has(name) ? extra : known, key, item);
  }
  return Object.keys(known).length === 0 ? value : toOurs({ ...value, extra, ...known }, schema, path, reports);
}

/** A step with our names; its config by the step's and the trigger's type. */
export function actionToOurs(value: unknown, path: Path, reports: Reports = {}): unknown {
  const step = withKnownExtra(toOurs(value, action, path, reports), action, path, reports);
  if (!isDict(step) || !isDict(step["config"])) return step;
  const schema = configSchema(step["type"], step["config"]);
  if (schema) step["config"] = toOurs(step["config"], schema, [...path, "config"], reports);
  return step;
}

/** A flow in keyed form with our names, all the way down. */
export function flowToOurs(value: Dict, reports: Reports = {}): Dict {
  const { actions, ...settings } = value;
  const out = withKnownExtra(toOurs(settings, flow, [], reports), flow, [], reports) as Dict;
  if (actions === undefined) return out;
  if (!isDict(actions)) return { ...out, actions };
  const steps: Dict = {};
  for (const [id, step] of Object.entries(actions)) put(steps, id, actionToOurs(step, ["actions", id], reports));
  return { ...out, actions: steps };
}

export { camelCase, snakeCase };

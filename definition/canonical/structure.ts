// Names and places: renames known keys between the wire and the keyed form, wherever a schema knows them. It looks at containers only and
// hands every leaf on as it is, so that the SDK can use it on values that hold outputs.
import type * as z from "../schema/zod";
import { action, configSchema, flow } from "../schema/schemas";
import { snakeCase } from "../schema/names";
import { formOf } from "../schema/rules";
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
    const onWire = formOf(field as z.ZodType).rule.wire ?? snakeCase(name);
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
    const { rule, member, values, object, fields, inner } = formOf(of);
    if (Array.isArray(item)) {
      if (!member) return item;
      const items: unknown[] = [];
      for (let i = 0; i < item.length; i += 1) items.push(named(item[i], i, member));
      return items;
    }
    if (!isDict(item)) return item;
    const out: Dict = {};
    if (values) {
      for (const key of Object.keys(item)) put(out, key, named(item[key], key, values));
      return out;
    }
    if (!object || !fields) return item;
    const names = namesOf(object);
    const derived = rule.derived ?? inner.derived;
    for (const key of Object.keys(item)) {
      const value = item[key];
      // Absent, so no second spelling of anything.
      if (value === undefined || (derived && (derived.includes(key) || derived.includes(snakeCase(key))))) continue;
      const name = names.ours.get(key);
      if (name === undefined) {
        put(out, key, value);
        if (value !== null)
          reports.unknownKey?.({ path: [...way], key, known: names.known, open: (rule.open ?? inner.open) === true });
      } else if (Object.hasOwn(out, name) && out[name] !== null) {
        if (value !== null) reports.doubled?.([...way, name]);
      } else out[name] = named(value, name, fields[name]!);
    }
    return out;
  };
  return typeof value === "object" && value !== null ? walk(value, typed) : value;
}

/** The value with the wire's names. */
export function toWire(value: unknown, typed: z.ZodType): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { member, values, object, fields } = formOf(typed);
  if (Array.isArray(value)) return member ? value.map((item) => toWire(item, member)) : value;
  if (!isDict(value)) return value;
  const out: Dict = {};
  if (values) {
    for (const key of Object.keys(value)) put(out, key, toWire(value[key], values));
  } else if (object && fields) {
    for (const key of Object.keys(value))
      put(out, wireName(object, key), Object.hasOwn(fields, key) ? toWire(value[key], fields[key]!) : value[key]);
  } else return value;
  return out;
}

/** Keys that are not members of the same name on the wire. */
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

// Walks the schemas: every field and every object of a home, with its path in keyed form, its path on the wire, and programs that have it or lack it.
import { z } from "zod";
import type { Path } from "../../definition/canonical/paths";
import { copy, isDict, same, type Dict } from "../../definition/canonical/values";
import { snakeCase } from "../../definition/schema/names";
import { unwrapped, type Rule } from "../../definition/schema/rules";
import { programOf, type Home } from "./homes";
import { samples, templateInputs } from "./samples";

/** One turn on the way from a home to a field. */
type Link = { key: string } | { item: true } | { option: number };

/** A place on the wire: members, places in lists, and items of lists by a member of theirs. */
export type WirePath = readonly (string | number | { by: string; is: string })[];

export interface Spot {
  home: Home;
  links: readonly Link[];
  /** As text under the home, such as config.filters.events[].id. */
  text: string;
  path: Path;
  wire: WirePath;
  schema: z.ZodType;
  /** Inside something that is kept word for word. */
  verbatim: boolean;
}

export interface Field extends Spot {
  rule: Rule;
  optional: boolean;
  /** Values, the one of the program first. */
  values: readonly unknown[];
  /** Decides what else an object has: with it, the rest of the object may change, too. */
  discriminator: boolean;
}

export interface Walked {
  fields: Field[];
  objects: Spot[];
}

export function walk(home: Home): Walked {
  const walked: Walked = { fields: [], objects: [] };
  const path: Path = home.step === undefined ? [] : ["actions", home.step];
  const wire: WirePath = home.step === undefined ? [] : ["actions", { by: "id", is: home.step }];
  into({ home, links: [], text: "", path, wire, schema: home.schema, verbatim: false }, walked);
  return walked;
}

function into(spot: Spot, walked: Walked): void {
  const { schema, rule } = unwrapped(spot.schema);
  const verbatim = spot.verbatim || rule.verbatim === true;
  if (schema instanceof z.ZodUnion) {
    for (const [option, inner] of (schema.options as z.ZodType[]).entries())
      into({ ...spot, links: [...spot.links, { option }], schema: inner, verbatim }, walked);
  } else if (schema instanceof z.ZodArray) {
    into(
      {
        ...spot,
        links: [...spot.links, { item: true }],
        text: `${spot.text}[]`,
        path: [...spot.path, 0],
        wire: [...spot.wire, 0],
        schema: schema.element as z.ZodType,
        verbatim,
      },
      walked,
    );
  } else if (schema instanceof z.ZodRecord) {
    for (const key of keysOf(spot))
      member({ ...spot, verbatim }, key, keyOnWire(spot, key), schema.valueType as z.ZodType, walked);
  } else if (schema instanceof z.ZodObject) {
    walked.objects.push({ ...spot, verbatim });
    for (const [key, field] of Object.entries(schema.shape)) {
      member({ ...spot, verbatim }, key, unwrapped(field).rule.wire ?? snakeCase(key), field, walked);
    }
  }
}

function member(spot: Spot, key: string, onWire: WirePath[number], schema: z.ZodType, walked: Walked): void {
  const text = spot.text === "" ? key : `${spot.text}.${key}`;
  const inner: Spot = {
    ...spot,
    links: [...spot.links, { key }],
    text,
    path: [...spot.path, key],
    wire: [...spot.wire, onWire],
    schema,
  };
  const { rule } = unwrapped(schema);
  const isType = key === "type" && (text === "type" || text === "config.type");
  // A secret's flag is no field of its own: secrets have their own edits.
  if (/\.inputs\.\w+\.secret$/.test(text)) return;
  const all = samples(spot.home, schema, text);
  // What equals the default is not in the program at all.
  const values = isType ? discriminated(spot.home, text, all) : all.filter((value) => !same(value, rule.default));
  walked.fields.push({
    ...inner,
    rule,
    optional: schema.safeParse(undefined).success && !isType,
    values,
    discriminator: isType,
  });
  into(inner, walked);
}

const TRIGGER_TYPES = ["event", "webhook", "schedule", "data-warehouse-table"];
function discriminated(home: Home, text: string, all: readonly unknown[]): unknown[] {
  const now = text === "type" ? home.type : (home.bare["config"] as Dict)["type"];
  return [now, ...(text === "type" ? all : TRIGGER_TYPES).filter((type) => type !== now)];
}

/** Keys of maps of data: the template's inputs, or one of our own choice. */
const keysOf = (spot: Spot): string[] =>
  spot.text === "config.inputs" ? templateInputs(spot.home).map(({ key }) => key) : ["plan"];
/** Variables are a list on the wire. */
const keyOnWire = (spot: Spot, key: string): WirePath[number] =>
  spot.text === "variables" ? { by: "key", is: key } : key;

/** Leaves the field out of the program. */
export const ABSENT = Symbol("absent");

/** A program of the home with this value at the spot. What stands beside it is the least that PostHog asks for. */
export function programWith(spot: Spot, value: unknown): Dict {
  const { home } = spot;
  const bare = copy(home.variants.find((variant) => variant.for.test(spot.text))?.bare ?? home.bare);
  return programOf(home, placed(home, home.schema, spot.links, bare, "", value) as Dict);
}

/** The least program that has this spot at all. */
export function programAt(spot: Spot): Dict {
  const { home } = spot;
  const bare = copy(home.variants.find((variant) => variant.for.test(spot.text))?.bare ?? home.bare);
  return programOf(home, placed(home, home.schema, spot.links, bare, "", undefined) as Dict);
}

/** `undefined` keeps what is there or takes the least. */
function placed(
  home: Home,
  typed: z.ZodType,
  links: readonly Link[],
  current: unknown,
  text: string,
  value: unknown,
): unknown {
  const { schema } = unwrapped(typed);
  const [link, ...rest] = links;
  if (link === undefined) return value === undefined ? (current ?? least(home, typed, text)) : value;
  if ("option" in link) {
    const option = (schema as z.ZodUnion).options[link.option] as z.ZodType;
    return placed(home, option, rest, option.safeParse(current).success ? current : undefined, text, value);
  }
  if ("item" in link) {
    const items = Array.isArray(current) ? current : [];
    return [
      placed(home, (schema as z.ZodArray).element as z.ZodType, rest, items[0], `${text}[]`, value),
      ...items.slice(1),
    ];
  }
  const object = isDict(current)
    ? { ...current }
    : schema instanceof z.ZodObject
      ? required(home, schema, typed, text)
      : {};
  const inner =
    schema instanceof z.ZodObject
      ? (schema.shape[link.key] as z.ZodType)
      : ((schema as z.ZodRecord).valueType as z.ZodType);
  // A filter has room for warehouse tables only when it reads a warehouse.
  if (link.key === "dataWarehouse") object["source"] = "data-warehouse-table";
  if (rest.length === 0 && value === ABSENT) {
    delete object[link.key];
    return object;
  }
  object[link.key] = placed(home, inner, rest, object[link.key], text === "" ? link.key : `${text}.${link.key}`, value);
  return object;
}

function required(home: Home, schema: z.ZodObject, typed: z.ZodType, text: string): Dict {
  // An input without a value is none.
  if (/\.inputs\.\w+$/.test(text)) return { ...(least(home, typed, text) as Dict) };
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>).filter(
    ([, field]) => !field.safeParse(undefined).success,
  );
  return Object.fromEntries(
    fields.map(([key, field]) => [key, least(home, field, text === "" ? key : `${text}.${key}`)]),
  );
}

const least = (home: Home, typed: z.ZodType, text: string): unknown => samples(home, typed, text)[0];

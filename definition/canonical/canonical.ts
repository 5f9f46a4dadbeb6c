// The canonical form (design L1): one function turns any definition in keyed form, the user's or the server's, into its shortest equivalent.
// It is idempotent, tolerates unknown values anywhere, and never looks inside data.
import type * as z from "../schema/zod";
import { action, configSchema, flow } from "../schema/schemas";
import { formOf } from "../schema/rules";
import { stepKindOf } from "../schema/step-kinds";
import { equivalentSettings, equivalentStep } from "./equivalents";
import { flowToOurs, type Reports } from "./structure";
import { copy, isDict, isUnknown, own, put, same, type Dict } from "./values";
import { absorbed, sortedLeftover } from "./wiring";

/** Every key of a definition; everything else in a resource's inputs is lifecycle. */
export const DEFINITION_KEYS: readonly string[] = Object.keys(flow.shape);

/** The definition's part of a larger map. */
export function definitionOf(properties: Dict): Dict {
  const out: Dict = {};
  for (const key of DEFINITION_KEYS) if (properties[key] !== undefined) out[key] = properties[key];
  return out;
}

export function canonical(definition: Dict, reports: Reports = {}): Dict {
  const named = flowToOurs(definition, reports);
  const { actions, ...settings } = named;
  const steps: Dict = {};
  if (isDict(actions)) {
    for (const [id, step] of Object.entries(actions))
      put(steps, id, isDict(step) ? shortStep(equivalentStep(withoutNulls(step))) : step);
  }
  const out = shortened(equivalentSettings(withoutNulls(settings), triggerTypeOf(steps)), flow) as Dict;
  const wired = { ...out, ...(isDict(actions) ? { actions: steps } : actions === undefined ? {} : { actions }) };
  return withSettledLeftover(wired);
}

/** The canonical form of a definition that mostly equals `like`, which is in this form: then there is nothing to make. */
export const canonicalLike = (definition: Dict, like: Dict | undefined): Dict =>
  like && same(definition, like) ? like : canonical(definition);

/** Leftover edges that the steps have room for belong into them; the others have one order. */
function withSettledLeftover(definition: Dict): Dict {
  const leftover = definition["leftover"];
  if (!isDict(leftover) || !Array.isArray(leftover["edges"]) || !isDict(definition["actions"])) return definition;
  const { edges: _, ...rest } = leftover;
  const { actions, edges } = absorbed(definition["actions"], leftover["edges"]);
  const settled = { ...rest, ...(edges.length > 0 ? { edges: sortedLeftover(edges) } : {}) };
  const { leftover: __, ...others } = definition;
  return { ...others, actions, ...(Object.keys(settled).length > 0 ? { leftover: settled } : {}) };
}

/** Members that are null are absent (PDP §4); not inside data, and not where null means something. */
function withoutNulls(value: Dict): Dict {
  const out: Dict = {};
  for (const key of Object.keys(value)) if (value[key] !== null && value[key] !== undefined) put(out, key, value[key]);
  return out;
}

function shortStep(step: Dict): Dict {
  const { config, ...rest } = step;
  const out = shortened(rest, action) as Dict;
  if (config === undefined || config === null) return out;
  const schema = configSchema(step["type"], config);
  const short = schema ? shortened(config, schema) : copy(config);
  if (stepKindOf(step["type"])?.isConfigOptional && isDict(short) && Object.keys(short).length === 0) return out;
  return { ...out, config: short };
}

/** Drops what equals its default, from the inside out, and trims where the server does. */
function shortened(value: unknown, typed: z.ZodType): unknown {
  const { rule, member, values, fields } = formOf(typed);
  if (isUnknown(value)) return value;
  if (typeof value === "string") return rule.trim ? value.trim() : value;
  if (typeof value !== "object" || value === null) return value;
  if (rule.verbatim) return copy(value);
  if (Array.isArray(value)) {
    if (!member) return copy(value);
    const items: unknown[] = [];
    for (const item of value) items.push(shortened(item, member));
    return items;
  }
  if (!isDict(value)) return value;
  const out: Dict = {};
  if (values) {
    for (const key of Object.keys(value))
      if (value[key] !== null && value[key] !== undefined) put(out, key, shortened(value[key], values));
    return out;
  }
  if (!fields) return copy(value);
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    if (!Object.hasOwn(fields, key)) {
      put(out, key, copy(item));
      continue;
    }
    const field = fields[key]!;
    if (item === null && !keepsNull(field)) continue;
    const short = shortened(item, field);
    const fallback = formOf(field).rule.default;
    if (fallback === undefined || !same(short, fallback)) out[key] = short;
  }
  return out;
}

/** Null is a separate value where the key is required and takes it: an event filter with `id: null` means any event. */
const keepsNull = (field: z.ZodType): boolean => !field.safeParse(undefined).success && field.safeParse(null).success;

/** The type of the flow's trigger, where it has one and it is known. */
export function triggerTypeOf(actions: unknown): string | undefined {
  const type = own(own(triggerOf(actions)?.step, "config"), "type");
  return typeof type === "string" && !isUnknown(type) ? type : undefined;
}

export function triggerOf(actions: unknown): { id: string; step: Dict } | undefined {
  if (!isDict(actions)) return undefined;
  for (const [id, step] of Object.entries(actions)) if (isDict(step) && step["type"] === "trigger") return { id, step };
  return undefined;
}

// Whether a live value is one that the types of a program take. PostHog stores far more, and a newer one has kinds that this version does not know.
import type * as z from "../../definition/schema/zod";
import { canonical } from "../../definition/canonical/canonical";
import { formatPath } from "../../definition/canonical/paths";
import { isDict, put, type Dict } from "../../definition/canonical/values";

/** The first path at which a value is of another kind than the schema's, or none of its closed set; undefined where none is. What else a schema demands, no type says. */
export function misfit(schema: z.ZodType, value: unknown): string | undefined {
  const { error } = schema.safeParse(value);
  return error?.issues
    .find(({ code }) => code === "invalid_type" || code === "invalid_value" || code === "invalid_union")
    ?.path.map(String)
    .join(".");
}

/** The path of the first key in a keyed definition that no type has. */
export function unknownKeyIn(definition: Dict): string | undefined {
  let found: string | undefined;
  canonical(withoutNulls(definition) as Dict, {
    unknownKey: ({ path, key }) => (found ??= formatPath([...path, key])),
  });
  return found;
}

/** The same shape without nulls, which the canonical form passes over. */
function withoutNulls(value: unknown): unknown {
  if (value === null) return 0;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, withoutNulls(item));
  return out;
}

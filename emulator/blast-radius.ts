/** The size of an audience. There are no people here: every audience of a project has the size that a test gave it, by default none. */
import { at, invalid } from "./errors";
import { boolean, choice, dictionary, integer, nested, required } from "./fields";
import { canonical, isObject, type JsonObject } from "./json";
import type { Tokens } from "./tokens";

const AUDIENCE_LIMIT = 5000;
export const DEDUPE_KEYS = ["email"];

export function userBlastRadius(
  tokens: Tokens,
  body: unknown,
  { affected, total } = { affected: 0, total: 0 },
): JsonObject {
  const request = nested(body);
  if (!("filters" in request)) throw required("filters");
  const filters = at("filters", () => dictionary(request.filters));
  if (request.group_type_index !== undefined && request.group_type_index !== null)
    at("group_type_index", () => integer(request.group_type_index));
  const dedupe =
    request.dedupe_key === undefined || request.dedupe_key === null
      ? null
      : at("dedupe_key", () => choice(request.dedupe_key, DEDUPE_KEYS));
  if ("sends_email" in request) at("sends_email", () => boolean(request.sends_email));
  const properties: unknown[] = Array.isArray(filters.properties) ? filters.properties : [];
  if (properties.some((p) => isObject(p) && p.type === "flag"))
    throw invalid("Feature flags can't be used as a batch audience condition.");
  return {
    affected,
    total,
    limit: AUDIENCE_LIMIT,
    dedupe_key: dedupe,
    confirm_token: tokens.issue({ audience: canonical(filters) }),
  };
}

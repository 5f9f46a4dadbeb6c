/** `/api/schema/`: the OpenAPI document, as YAML or JSON, for everybody. */
import { stringify } from "yaml";
import { badRequest, notFound } from "../errors";
import { TITLE, VERSION } from "../openapi/document";
import type { Answer } from "./route";

export const SCHEMA_PATH = "/api/schema/";

/** In the order in which the server prefers them. */
const RENDERED: readonly { type: string; format: "yaml" | "json" }[] = [
  { type: "application/vnd.oai.openapi", format: "yaml" },
  { type: "application/yaml", format: "yaml" },
  { type: "application/vnd.oai.openapi+json", format: "json" },
  { type: "application/json", format: "json" },
];

export interface Wanted {
  /** The query's `format`. */
  format: string | null;
  /** The header of that name. */
  accept: string | undefined;
}

export function schemaPage(document: unknown, { format, accept = "*/*" }: Wanted): Answer {
  const offered = RENDERED.filter((one) => format === null || one.format === format);
  if (offered.length === 0) throw notFound();
  const rendered = acceptable(accept)
    .map((range) => offered.find(({ type }) => matches(range, type)))
    .find((one) => one !== undefined);
  if (!rendered) throw badRequest("not_acceptable", "Could not satisfy the request Accept header.", 406);
  return {
    status: 200,
    text: rendered.format === "yaml" ? stringify(document, { aliasDuplicateObjects: false }) : JSON.stringify(document),
    headers: {
      "Content-Type": `${rendered.type}; charset=utf-8`,
      "Content-Disposition": `inline; filename="${TITLE} (${VERSION}).${rendered.format}"`,
      Vary: "Accept",
    },
  };
}

/** Media ranges without their parameters, the most specific first; the server does not look at `q`. */
const acceptable = (accept: string): string[] =>
  accept
    .split(",")
    .map((range) => range.split(";")[0]!.trim().toLowerCase())
    .sort((a, b) => specificity(b) - specificity(a));

const specificity = (range: string): number => (range === "*/*" ? 0 : range.endsWith("/*") ? 1 : 2);

const matches = (range: string, type: string): boolean =>
  range === "*/*" || range === type || (range.endsWith("/*") && type.startsWith(range.slice(0, -1)));

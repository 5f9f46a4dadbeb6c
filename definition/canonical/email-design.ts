// Recognises the `design` that PostHog makes from an e-mail's `html` (API §2.3, row 14): one block that holds the html and nothing else.
// Anything that somebody composed in the editor is kept.
import { isDict, own } from "./values";

const SCHEMA_VERSION = 16;

export function isGeneratedDesign(design: unknown, html: unknown): boolean {
  if (!isDict(design) || typeof html !== "string" || html === "" || design["schemaVersion"] !== SCHEMA_VERSION)
    return false;
  const row = only(own(design["body"], "rows"));
  const column = only(own(row, "columns"));
  const content = only(own(column, "contents"));
  return own(content, "type") === "html" && own(own(content, "values"), "html") === html;
}

const only = (list: unknown): unknown => (Array.isArray(list) && list.length === 1 ? list[0] : undefined);

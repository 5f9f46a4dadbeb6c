/** The value of an email input: what must be in it, its senders, and the design that is wrapped around plain HTML. */
import { FieldError } from "../errors";
import { clone, equal, isFalsy, isObject, type JsonObject } from "../json";
import type { MessageTemplate } from "./context";

const MAX_SENDERS = 10;
const BODY_KEYS = ["subject", "text", "html", "design"] as const;

const PARTS: readonly { name: string; missing(value: JsonObject): boolean }[] = [
  { name: "'from'", missing: (v) => isFalsy(v.from) },
  { name: "'to'", missing: (v) => isFalsy(v.to) },
  { name: "'subject'", missing: (v) => isFalsy(v.subject) },
  { name: "either 'text' or 'html'", missing: (v) => isFalsy(v.text) && isFalsy(v.html) },
];

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const isTemplated = (text: string) => /\{/.test(text);

export function checkEmail(value: JsonObject, stored: unknown): JsonObject {
  if (isFalsy(value)) return value;
  const missing = PARTS.filter((part) => part.missing(value)).map((part) => part.name);
  if (missing.length > 0)
    throw new FieldError([], `Missing value${missing.length > 1 ? "s" : ""} for ${missing.join(", ")}.`);
  if (isObject(value.from)) checkSender(value.from, isObject(stored) ? stored.from : undefined);
  return withDesign(value);
}

function checkSender(from: JsonObject, stored: unknown): void {
  const ids = from.integrationIds;
  if (ids !== undefined && ids !== null) {
    if (!Array.isArray(ids) || !ids.every(Number.isInteger))
      throw new FieldError([], "from.integrationIds must be a list of integration ids.");
    if (ids.length > MAX_SENDERS) throw new FieldError([], `At most ${MAX_SENDERS} email senders are allowed.`);
  }
  const { email } = from;
  if (email === undefined || email === null) return;
  if (typeof email !== "string") throw new FieldError([], "from.email must be a string.");
  const known = isObject(stored) && equal(stored.email, email);
  // The sender's domain is a setting of its integration, which this server does not have; only the form is checked.
  if (email !== "" && !known && !isTemplated(email) && !ADDRESS.test(email))
    throw new FieldError([], `'${email}' is not a valid email address.`);
}

/** The editor's document around an HTML body; all of its ids are fixed, so the same HTML gives the same document. */
function withDesign(value: JsonObject): JsonObject {
  if (isFalsy(value.html) || !isFalsy(value.design)) return value;
  const attributes = (kind: string) => ({ _meta: { htmlID: `u_${kind}_1`, htmlClassNames: `u_${kind}` } });
  const block = { id: "content_html_1", type: "html", values: { html: value.html, ...attributes("content_html") } };
  const column = { id: "column_1", contents: [block], values: attributes("column") };
  const row = { id: "row_1", cells: [1], columns: [column], values: attributes("row") };
  const body = { id: "html-wrap-body", rows: [row], headers: [], footers: [], values: attributes("body") };
  return { ...value, design: { counters: { u_row: 1, u_column: 1, u_content_html: 1 }, body, schemaVersion: 16 } };
}

export const hasBody = (value: unknown): boolean => isObject(value) && BODY_KEYS.some((key) => !isFalsy(value[key]));

/** An email input whose body comes from a saved template. */
export function fromMessageTemplate(input: unknown, template: MessageTemplate): JsonObject {
  const item = isObject(input) ? input : {};
  const value: JsonObject = { ...(isObject(item.value) ? item.value : {}) };
  for (const key of BODY_KEYS) if (!isFalsy(template[key])) value[key] = clone(template[key]);
  return { ...item, value, templating: item.templating ?? "liquid" };
}

// Words of PostHog's templates as TypeScript: names, keys, texts and comments. What the server sends is data, and must never end a comment or a text.
import { jsonText, linesOf, oneLine } from "../definition/plain-text";

/** "mail-chimp v2" as "MailChimpV2". */
export function identifier(words: string): string {
  const parts = words.split(/[^A-Za-z0-9]+/).filter((part) => part !== "");
  const joined = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  return joined === "" || /^\d/.test(joined) ? `Template${joined}` : joined;
}

export const stringLiteral = (text: string): string => jsonText(text);

export const propertyName = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : stringLiteral(key));

/** A docstring of the paragraphs that are not empty; no lines at all when there are none. */
export function docComment(paragraphs: readonly string[], indent: string): string[] {
  const lines = paragraphs
    .flatMap((paragraph) => linesOf(paragraph))
    .map((line) => oneLine(line).trim().replace(/\*\//g, "*\\/"))
    .filter((line) => line !== "");
  if (lines.length === 0) return [];
  if (lines.length === 1) return [`${indent}/** ${lines[0]} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

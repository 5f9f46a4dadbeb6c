// Values as TypeScript source.
import { isDict } from "../definition/canonical/values";
import { lay, type Layout } from "./code-layout";
import { escapeUnseen, jsonText, plainText } from "../definition/plain-text";
import { hasStandIn, standInCode } from "./stand-ins";

/** TypeScript that stands as it is where a value is expected. */
export class Code {
  constructor(readonly text: string) {}
}

/** What every parser takes as a name: which letters beyond ASCII are names depends on the version of Unicode that a parser knows. */
const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A property's key as it is written: quoted where it must be. */
export const keyCode = (key: string): string =>
  NAME.test(key) && key !== "__proto__" ? key : key === "__proto__" ? '["__proto__"]' : quoted(key);

/**
 * The value as source text, with its lines broken as prettier breaks them.
 *
 * @param indent Spaces that its further lines begin with.
 * @param used Characters of the line that stand before it.
 * @example
 * ```ts
 * valueCode({ delayDuration: "3d" }); // { delayDuration: "3d" }
 * ```
 */
export const valueCode = (value: unknown, indent = 0, used = indent): string => lay(layoutOf(value), indent, used);

/** The parts of a value. `special` lays out what is no plain value, and answers undefined for what is. */
export function layoutOf(value: unknown, special: (value: unknown) => Layout | undefined = () => undefined): Layout {
  const found = special(value);
  if (found !== undefined) return found;
  if (value instanceof Code) return { kind: "text", text: value.text };
  if (typeof value === "string") return textLayout(value);
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => layoutOf(item, special)) };
  if (isDict(value))
    return {
      kind: "map",
      members: definedEntries(value).map(([key, item]) => [keyCode(key), layoutOf(item, special)] as const),
    };
  return { kind: "text", text: JSON.stringify(value) ?? "undefined", isNumber: typeof value === "number" };
}

/** Members without the undefined ones. */
export const definedEntries = (value: Record<string, unknown>): [string, unknown][] =>
  Object.entries(value).filter(([, item]) => item !== undefined);

/** A text of several lines as a template, so that its lines stay lines; every other one in quotes. */
function textLayout(text: string): Layout {
  if (hasStandIn(text)) return { kind: "text", text: standInCode(text, templateCode) };
  if (!/\n./.test(text) || plainText(text) !== text) return { kind: "text", text: quoted(text), isQuoted: true };
  return { kind: "text", text: templateCode(text) };
}

/** A template literal; what it holds that is not seen, or that a log of CI would carry out, is escaped. */
export const templateCode = (text: string): string =>
  `\`${escapeUnseen(text.replace(/[\\`]/g, "\\$&").replace(/\$\{/g, "\\${"))
    .replace(/\r/g, "\\r")
    .replace(/##(?=\w*\[)/g, "#\\u0023")
    .replace(/^([^\S\n]*):(?=:)/gm, "$1\\u003a")}\``;

/** In double quotes, or in single ones where that saves backslashes. What nobody sees, and what ends a line, has an escape. */
function quoted(text: string): string {
  const code = jsonText(text);
  const count = (quote: string): number => text.split(quote).length - 1;
  return count('"') > count("'") ? `'${code.slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'` : code;
}

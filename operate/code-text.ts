// Values as TypeScript source, formatted as the examples are: short things on one line, long ones one member a line, texts of several lines as templates.
import { isDict } from "../provider/canonical/values";

/** Longest line of generated code. */
export const CODE_WIDTH = 140;

/** TypeScript that stands as it is where a value is expected. */
export class Code {
  constructor(readonly text: string) {}
}

const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A property's key as it is written: quoted where it must be. */
export const keyCode = (key: string): string => (NAME.test(key) && key !== "__proto__" ? key : key === "__proto__" ? '["__proto__"]' : JSON.stringify(key));

/**
 * The value as source text.
 *
 * @param indent Spaces that its further lines begin with.
 * @param used Characters of the line that stand before it.
 * @example
 * ```ts
 * valueCode({ delayDuration: "3d" }); // { delayDuration: "3d" }
 * ```
 */
export function valueCode(value: unknown, indent = 0, used = indent): string {
  if (value instanceof Code) return value.text;
  if (typeof value === "string") return textCode(value);
  if (value === undefined) return "undefined";
  if (!Array.isArray(value) && !isDict(value)) return JSON.stringify(value) ?? "undefined";
  const line = oneLine(value);
  if (!line.includes("\n") && used + line.length + 1 <= CODE_WIDTH) return line;
  const pad = " ".repeat(indent + 2);
  const members = Array.isArray(value)
    ? value.map((item) => `${pad}${valueCode(item, indent + 2)},`)
    : entries(value).map(([key, item]) => `${pad}${keyCode(key)}: ${valueCode(item, indent + 2, indent + 2 + keyCode(key).length + 2)},`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${members.join("\n")}\n${" ".repeat(indent)}${close}`;
}

const entries = (value: Record<string, unknown>): [string, unknown][] => Object.entries(value).filter(([, item]) => item !== undefined);

function oneLine(value: unknown): string {
  if (value instanceof Code || typeof value === "string") return valueCode(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (!isDict(value)) return valueCode(value);
  const members = entries(value).map(([key, item]) => `${keyCode(key)}: ${oneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** A text of several lines as a template, so that its lines stay lines; every other one in quotes. */
function textCode(text: string): string {
  if (!/\n./.test(text) || /\r|[\u0000-\u0008\u000b-\u001f\u2028\u2029]/.test(text)) return JSON.stringify(text).replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
  return `\`${text.replace(/[\\`]/g, "\\$&").replace(/\$\{/g, "\\${")}\``;
}

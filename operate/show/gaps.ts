// What a message could not be filled with, in the words of its reader: the name of the property, not the template.
import type { Unfilled } from "../../simulator/result/sent";
import type { Gap } from "../../show/data";

/** What people call the parts of a message. An input of another name is called by it. */
const PARTS: Readonly<Record<string, string>> = { message: "text", body: "text", title: "subject" };

/** Where an expression begins to be a default. */
const DEFAULT = /\|\s*default\s*:[^]*$|\?\?[^]*$/;
const BRACES = /^\{\{?-?\s*|\s*-?\}?\}$/g;
/** A name and what is done with it: `person.properties.first_name | capitalize`. */
const NAME = /^[A-Za-z_$][\w$]*(?:\.[\w$]+|\[["'][^"'\]]+["']\])*(?=\s*(?:\||$))/;

/** `first_name`; what is more than a name stays as it is written. */
export function expressionWords(expression: string): string {
  const bare = expression.replace(BRACES, "");
  const name = NAME.exec(bare.replace(DEFAULT, "").trim())?.[0];
  return name === undefined
    ? bare.trim()
    : name
        .split(/\.|\[/)
        .at(-1)!
        .replace(/^["']|["']\]$/g, "");
}

export const gapsOf = (unfilled: readonly Unfilled[] = [], parts: Readonly<Record<string, string>> = PARTS): Gap[] =>
  unfilled.map(({ part, expression, shows }) => ({
    where: Object.hasOwn(parts, part) ? parts[part]! : part,
    expression: expressionWords(expression),
    shows,
  }));

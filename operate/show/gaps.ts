// What a message could not be filled with, in the words of its reader: the name of the property, not the template.
import type { Gap } from "../../show/data";
import type { Unfilled } from "../../simulator/result/sent";
import { present } from "./present";
import { templateWords } from "../words/template-text";

/** What people call the inputs of messages. Another input is called by its name. */
const PARTS: Readonly<Record<string, string>> = { message: "text", body: "text", title: "subject" };

/** Where a default begins. What it is, is shown by itself. */
const DEFAULT = /\s*(?:\|\s*default\s*:[^]*?|\?\?[^]*?)(?=-?\}?\}$)/;

/** `first_name`; what is more than a name is said in words. */
export function expressionWords(expression: string): string {
  const words = templateWords(expression.replace(DEFAULT, " "), expression.startsWith("{{") ? "liquid" : "hog");
  return words.replace(/^\[([^]*)\]$/, "$1");
}

export const gapsOf = (unfilled: readonly Unfilled[] = [], parts: Readonly<Record<string, string>> = PARTS): Gap[] =>
  unfilled.map(({ part, expression, shows, at }) => ({
    where: Object.hasOwn(parts, part) ? parts[part]! : part,
    expression: expressionWords(expression),
    shows,
    ...present({ at }),
  }));

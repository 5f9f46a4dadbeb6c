// The inputs of a destination's template: a value of any shape, and the language of the texts in it.
import * as pulumi from "@pulumi/pulumi";
import { put, type Dict } from "../../definition/canonical/values";
import { isFile } from "./files";
import type { Writer } from "./location";
import { isReference } from "./references";
import { isStored } from "./stored";
import { renderText, templateOf, type Language } from "./texts";

/** One input in keyed form. All of its texts are in one language, because PostHog stores one language for each input (API §2.3.1). */
export function destinationInput(value: unknown, at: Writer, only?: Language): Dict {
  const languages = new Set<Language>();
  const write = (item: unknown, here: Writer): unknown => {
    if (isReference(item) || isFile(item) || templateOf(item) !== undefined || typeof item === "string") {
      // A reference takes the language of the texts beside it.
      const { value: text, templating } = renderText(
        item,
        here,
        only ?? (isReference(item) ? languageIn(value) : undefined),
      );
      if (templating !== undefined) languages.add(templating);
      return text;
    }
    if (pulumi.Output.isInstance(item) || item instanceof Promise || isStored(item)) return item;
    if (Array.isArray(item)) return item.map((member, i) => write(member, here.at(i)));
    if (typeof item !== "object" || item === null || Object.getPrototypeOf(item) !== Object.prototype) return item;
    const out: Dict = {};
    for (const [key, member] of Object.entries(item))
      if (member !== undefined) put(out, key, write(member, here.at(key)));
    return out;
  };
  const written = write(value, at.at("value"));
  if (languages.size > 1)
    at.report("has Hog and Liquid texts, but an input has one language", {
      rule: "text-language",
      why: "PostHog stores one language for each input",
      fix: "Write all of its texts with the same tag",
    });
  const [language] = languages;
  // Hog is what PostHog takes where nothing is said.
  return { value: written, ...(only === undefined && language === "liquid" ? { templating: language } : {}) };
}

/** The first language that a template in the value is written in. */
function languageIn(value: unknown): Language | undefined {
  const template = templateOf(value);
  if (template !== undefined) return template.language;
  if (
    pulumi.Output.isInstance(value) ||
    typeof value !== "object" ||
    value === null ||
    isReference(value) ||
    isFile(value)
  )
    return undefined;
  for (const member of Object.values(value)) {
    const found = languageIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

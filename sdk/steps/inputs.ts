// Inputs of a template, under the template's own names: texts set the language where the template does not, data is passed on unchanged.
import * as pulumi from "@pulumi/pulumi";
import { put, type Dict } from "../../definition/canonical/values";
import { TEMPLATE_INPUTS, type InputKind } from "../../definition/schema/template-inputs";
import { SECRET_INPUTS } from "../../definition/schema/templates";
import { checkedLeaf, destinationInput, isStored, isTextValue, type PlainText } from "../values";
import type { At } from "./at";

/** Whether PostHog compiles texts of this input, which it does not in choices and ids (API §2.3.1). */
const isCompiled = (template: string, name: string): boolean => {
  const inputs = TEMPLATE_INPUTS[template]?.inputs;
  return inputs === undefined || !Object.hasOwn(inputs, name) || !PLAIN_KINDS.has(inputs[name]!.kind);
};
const PLAIN_KINDS: ReadonlySet<InputKind> = new Set<InputKind>([
  "a choice",
  "an integration id",
  "a list of integration ids",
]);

/** The `inputs` of a config. What is undefined is left out. Secrets of this template are outputs. */
export function inputsOf(given: Readonly<Record<string, unknown>>, at: At, template = ""): Dict {
  const out: Dict = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const here = at.at("inputs", name);
    // Which inputs of other templates are secrets, PostHog knows.
    if (isStored(value) && (TEMPLATE_INPUTS[template] === undefined || SECRET_INPUTS[template]?.includes(name))) {
      put(out, name, { secret: true });
      continue;
    }
    if (SECRET_INPUTS[template]?.includes(name) && !pulumi.Output.isInstance(value) && !(value instanceof Promise)) {
      here.report("is a secret, but is written in the program", {
        rule: "secret-in-source",
        why: "Everybody who can read the repository can read it",
        fix: 'Read it from the stack\'s configuration, such as config.requireSecret("key")',
      });
    }
    put(out, name, isCompiled(template, name) ? destinationInput(value, here) : { value: checkedLeaf(value, here) });
  }
  return out;
}

/** Inputs that the template reads as Liquid. What is undefined is left out. */
export function liquidInputs(given: Readonly<Record<string, unknown>>, at: At): Dict {
  const out: Dict = {};
  for (const [name, value] of Object.entries(given))
    if (value !== undefined)
      out[name] = { templating: "liquid", ...destinationInput(value, at.at("inputs", name), "liquid") };
  return out;
}

/** An input that PostHog compiles no Hog in: a plain text, or Liquid that says so. */
export function plainInput(name: string, value: PlainText, at: At): Dict {
  if (value === undefined) return {};
  const input = destinationInput(value, at.at("inputs", name), "liquid");
  return {
    [name]:
      isTextValue(value) && !pulumi.Output.isInstance(value) && !(value instanceof Promise)
        ? { ...input, templating: "liquid" }
        : input,
  };
}

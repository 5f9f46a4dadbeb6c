// Inputs of a template, under the template's own names: texts set the language, data goes along as it is.
import * as pulumi from "@pulumi/pulumi";
import { put, type Dict } from "../../provider/canonical/values";
import { SECRET_INPUTS } from "../../provider/schema/templates";
import { destinationInput } from "../values";
import type { At } from "./at";

/** The `inputs` of a config. What is undefined is left out. Secrets of this template are outputs. */
export function inputsOf(given: Readonly<Record<string, unknown>>, at: At, template = ""): Dict {
  const out: Dict = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const here = at.at("inputs", name);
    if (SECRET_INPUTS[template]?.includes(name) && !pulumi.Output.isInstance(value) && !(value instanceof Promise)) {
      here.problem("is a secret and stands in the program", { rule: "secret-in-source", fix: 'Read it from the stack\'s configuration, such as config.requireSecret("key")' });
    }
    put(out, name, destinationInput(value, here));
  }
  return out;
}

// Inputs of a template, under the template's own names: texts set the language, data goes along as it is.
import { put, type Dict } from "../../provider/canonical/values";
import { destinationInput } from "../values";
import type { At } from "./at";

/** The `inputs` of a config. What is undefined is left out. */
export function inputsOf(given: Readonly<Record<string, unknown>>, at: At): Dict {
  const out: Dict = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined) put(out, name, destinationInput(value, at.at("inputs", name)));
  return out;
}

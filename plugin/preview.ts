// What dependents may know in a preview of the outputs that an `up` is about to make.
import { UNKNOWN, type Dict } from "../definition/canonical/values";
import type { OutputRow } from "../definition/flags";

/** @param olds The outputs so far; none of a resource that is new. */
export function previewedOutputs(table: Readonly<Record<string, OutputRow>>, inputs: Dict, olds: Dict = {}): Dict {
  const outputs = { ...inputs };
  for (const [key, { isProperty, stays }] of Object.entries(table))
    if (isProperty) outputs[key] = (stays ? olds[key] : undefined) ?? UNKNOWN;
  // What a program states is what is live afterwards.
  if ("liveStatus" in table && typeof inputs["status"] === "string") outputs["liveStatus"] = inputs["status"];
  return outputs;
}

// What of a Hog template text has nothing to show: names that lead to nothing, and defaults behind `??`. Calls of functions are not looked into.
import { own } from "../../definition/canonical/values";
import { parseHogTemplate } from "../../definition/language";
import type { Unfilled } from "../result/sent";

/** In the order of the text. */
export function unfilledIn(
  text: string,
  globals: Readonly<Record<string, unknown>>,
): Pick<Unfilled, "expression" | "shows">[] {
  return (parseHogTemplate(text).parts ?? []).flatMap((part) => {
    if (typeof part === "string") return [];
    const [node, otherwise] = part.kind === "call" && part.name === "ifNull" ? part.args : [part];
    if (node?.kind !== "field") return [];
    const value = node.chain.reduce(own, globals as unknown) ?? undefined;
    if (value !== undefined && value !== "") return [];
    const name = node.chain.join(".");
    if (otherwise === undefined) return [{ expression: `{${name}}`, shows: "" }];
    const [written, shown] =
      otherwise.kind === "constant" ? [JSON.stringify(otherwise.value), String(otherwise.value ?? "")] : ["…", "…"];
    // An empty text is not replaced.
    return [{ expression: `{${name} ?? ${written}}`, shows: value === "" ? "" : shown }];
  });
}

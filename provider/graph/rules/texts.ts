// Rules about any text of a definition.
import type { Path } from "../../canonical/paths";
import { isDict, type Dict } from "../../canonical/values";
import { rulesOf } from "../rule";
import { email, flowOf } from "./examples";

const OUTPUT_AS_TEXT = "Calling [toString] on an [Output<T>] is not supported";

/** Every text, with its path; of keys, too, where they are data. */
function* textsIn(value: unknown, path: Path): Generator<{ text: string; path: Path }> {
  if (typeof value === "string") yield { text: value, path };
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* textsIn(item, [...path, i]);
  else if (isDict(value)) for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...path, key]);
}

export const textRules = rulesOf({
  "output-as-text": {
    severity: "error",
    refusedBy: "meaning",
    text: "No output is turned into text by a plain template literal.",
    why: "A plain `${…}` cannot wait for a value",
    cites: "authoring §3",
    fails: flowOf({ mail: email({ subject: `Hello ${OUTPUT_AS_TEXT}.` }) }),
    passes: flowOf({ mail: email({ subject: "Hello" }) }),
    *find({ definition }: { definition: Dict }) {
      for (const { text, path } of textsIn(definition, [])) if (text.includes(OUTPUT_AS_TEXT)) yield { path, what: "holds an output that was turned into text", fix: "Use pulumi.interpolate`…` instead of `…`" };
    },
  },
  "nul-character": {
    severity: "error",
    refusedBy: "meaning",
    text: "No text holds a NUL character.",
    why: "PostHog refuses it in titles and ids, and its database cannot store it anywhere",
    cites: "API §2.2, §9 (7)",
    fails: flowOf({ mail: email({ subject: "a\u0000b" }) }),
    passes: flowOf({ mail: email({ subject: "ab" }) }),
    *find({ definition, actions }) {
      for (const { text, path } of textsIn(definition, [])) if (text.includes("\u0000")) yield { path, what: "holds a NUL character" };
      for (const id of Object.keys(actions)) if (id.includes("\u0000")) yield { path: ["actions", id], what: "a step id holds a NUL character" };
    },
  },
});

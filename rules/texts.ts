// Rules about any text of a definition.
import type { Path } from "../definition/canonical/paths";
import { FILE_AS_TEXT, HOLE_AS_TEXT, OUTPUT_AS_TEXT, REFERENCE_AS_TEXT } from "../definition/schema/as-text";
import { rulesOf } from "./rule";
import { oncePerFlow } from "../definition/graph/view";
import { email, flowOf } from "./examples";

const SUSPECTS = [OUTPUT_AS_TEXT, REFERENCE_AS_TEXT, FILE_AS_TEXT, HOLE_AS_TEXT, "\u0000"];

/** Every text that holds one of these. Most flows have none, so the way there is copied only then. */
function suspects(value: unknown): { text: string; path: Path }[] {
  const found: { text: string; path: Path }[] = [];
  const way: (string | number)[] = [];
  const walk = (item: unknown): void => {
    if (typeof item === "string") {
      if (SUSPECTS.some((suspect) => item.includes(suspect))) found.push({ text: item, path: [...way] });
    } else if (typeof item === "object" && item !== null) {
      for (const key of Object.keys(item)) {
        way.push(Array.isArray(item) ? Number(key) : key);
        walk((item as Record<string, unknown>)[key]);
        way.pop();
      }
    }
  };
  walk(value);
  return found;
}

const suspectTexts = oncePerFlow((flow) => suspects(flow.definition));

export const textRules = rulesOf({
  "output-as-text": {
    severity: "error",
    refusedBy: "meaning",
    text: "No output is in a plain template literal.",
    why: "A plain `${…}` cannot wait for its value",
    cites: "authoring §3",
    fails: flowOf({ mail: email({ subject: `Hello ${OUTPUT_AS_TEXT}.` }) }),
    passes: flowOf({ mail: email({ subject: "Hello" }) }),
    *find(flow) {
      for (const { text, path } of suspectTexts(flow))
        if (text.includes(OUTPUT_AS_TEXT))
          yield {
            path,
            what: "holds an output that was turned into text",
            fix: "Use pulumi.interpolate`…` instead of `…`",
          };
    },
  },
  "reference-as-text": {
    severity: "error",
    refusedBy: "meaning",
    text: "No reference, template or file is in a plain template literal, pulumi.interpolate or JSON.stringify.",
    why: "Only liquid`…` and hog`…` know what it refers to",
    cites: "authoring §3",
    fails: flowOf({ mail: email({ subject: `Hello ${REFERENCE_AS_TEXT}` }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.properties.name }}" }) }),
    *find(flow) {
      for (const { text, path } of suspectTexts(flow)) {
        if (text.includes(REFERENCE_AS_TEXT))
          yield {
            path,
            what: "holds a reference that was turned into text",
            fix: "Use liquid`…` or hog`…`, which also take outputs, instead of `…` or pulumi.interpolate`…`; give data as an object instead of its JSON",
          };
        if (text.includes(FILE_AS_TEXT))
          yield {
            path,
            what: "holds a file that was turned into text",
            fix: "Give file(…) on its own, or read it with fs.readFileSync",
          };
      }
    },
  },
  "hole-value": {
    severity: "error",
    refusedBy: "meaning",
    text: "Every hole of a liquid`…` or hog`…` text holds a text, a number or a reference.",
    why: "The message would say undefined, null or [object Object]",
    cites: "authoring §3",
    fails: flowOf({ mail: email({ subject: `Hello ${HOLE_AS_TEXT}` }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.properties.name }}" }) }),
    *find(flow) {
      for (const { text, path } of suspectTexts(flow))
        if (text.includes(HOLE_AS_TEXT))
          yield {
            path,
            what: "has a hole with an output that is not a text",
            fix: 'Give it a value, such as value.apply((text) => text ?? "")',
          };
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
    *find(flow) {
      for (const { text, path } of suspectTexts(flow))
        if (text.includes("\u0000")) yield { path, what: "holds a NUL character" };
      for (const id of Object.keys(flow.actions))
        if (id.includes("\u0000")) yield { path: ["actions", id], what: "a step id holds a NUL character" };
    },
  },
});

// Texts of a step's inputs in words, each read in the language that PostHog renders it in.
import { languageOf } from "../../definition/graph/inputs";
import { isDict, isUnknown, own } from "../../definition/canonical/values";
import { TEMPLATE_INPUTS } from "../../definition/schema/template-inputs";
import { MESSAGE_TEMPLATES } from "../../definition/schema/templates";
import { templateWords } from "./template-text";

/**
 * A value of an input with all its texts in words.
 *
 * @param key Name of the input.
 * @param other What the value is compared with; see `templateWords`.
 */
export function inputInWords(
  step: unknown,
  key: string,
  { value, other }: { value: unknown; other?: unknown },
): unknown {
  const config = own(step, "config");
  const template = TEMPLATE_INPUTS[MESSAGE_TEMPLATES[String(own(step, "type"))] ?? String(own(config, "templateId"))];
  const row = template && Object.hasOwn(template.inputs, key) ? template.inputs[key] : undefined;
  const language = languageOf({ item: own(own(config, "inputs"), key), row, template });
  const inWords = (mine: unknown, theirs: unknown): unknown => {
    if (typeof mine === "string" && !isUnknown(mine))
      return templateWords(mine, language, typeof theirs === "string" ? theirs : undefined);
    if (Array.isArray(mine)) return mine.map((item, i) => inWords(item, own(theirs, String(i))));
    return isDict(mine)
      ? Object.fromEntries(Object.entries(mine).map(([name, item]) => [name, inWords(item, own(theirs, name))]))
      : mine;
  };
  return inWords(value, other);
}

// The template inputs of all steps, each with what is known about it.
import type { Path } from "../canonical/paths";
import { isDict, isUnknown, type Dict } from "../canonical/values";
import { TEMPLATE_INPUTS, type InputKind, type InputRow, type TemplateRow } from "../schema/template-inputs";
import { stepKindOf } from "../schema/step-kinds";
import { MESSAGE_TEMPLATES, TRIGGER_TEMPLATES } from "../schema/templates";
import { oncePerFlow, textOf } from "./view";

export interface StepInputs {
  id: string;
  step: Dict;
  type: string;
  /** Path of the inputs. */
  at: Path;
  /** By name; undefined while they are not known. */
  inputs: Dict | undefined;
  /** Id of the template, where it is known. */
  templateId: string | undefined;
  template: TemplateRow | undefined;
}

/** Steps and triggers that are made from a template. */
export const templatedSteps = oncePerFlow<StepInputs>(function* ({ steps }) {
  for (const [id, step] of steps) {
    const config = step["config"];
    const type = textOf(step["type"]);
    if (!isDict(config) || type === undefined) continue;
    const trigger = type === "trigger" ? TRIGGER_TEMPLATES[String(config["type"])] : undefined;
    if ((stepKindOf(type)?.template ?? "none") === "none" && trigger === undefined) continue;
    const templateId = isUnknown(config["templateId"])
      ? undefined
      : (textOf(config["templateId"]) ?? MESSAGE_TEMPLATES[type] ?? trigger);
    const inputs = config["inputs"] ?? {};
    yield {
      id,
      step,
      type,
      at: ["actions", id, "config", "inputs"],
      inputs: isDict(inputs) ? inputs : undefined,
      templateId,
      template: TEMPLATE_INPUTS[String(MESSAGE_TEMPLATES[type] ?? templateId)],
    };
  }
});

export interface InputItem extends StepInputs {
  key: string;
  item: unknown;
  /** What the template says about this input, where it is known. */
  row: InputRow | undefined;
}

/** Kinds of input that PostHog never compiles as Hog: what is written goes out, unless the item says `templating: "liquid"` (API §2.3.1). */
const NEVER_COMPILED: ReadonlySet<InputKind> = new Set([
  "a choice",
  "a number",
  "an integration id",
  "a list of integration ids",
  "a field of an integration",
]);

/**
 * The language that an input's texts are rendered in; `unsure` where a template or an unknown value decides: such a text may be wrong only in the other
 * language. `none` where they go out as they are written.
 */
export type InputLanguage = "hog" | "liquid" | "unsure" | "none";

export function languageOf({ item, row, template }: Pick<InputItem, "item" | "row" | "template">): InputLanguage {
  const stated = isDict(item) ? item["templating"] : undefined;
  if (row?.language === "liquid" || stated === "liquid") return "liquid";
  if (isUnknown(stated)) return "unsure";
  if (row && NEVER_COMPILED.has(row.kind)) return "none";
  return (row?.language === "unsure" && stated !== "hog") || (!template && stated === undefined) ? "unsure" : "hog";
}

/** The language that a text is read in where it might be either. */
export const readAs = (language: InputLanguage, text: string): "hog" | "liquid" =>
  language === "liquid" || (language === "unsure" && /\{\{|\{%/.test(text)) ? "liquid" : "hog";

export const inputItems = oncePerFlow<InputItem>(function* (flow) {
  for (const step of templatedSteps(flow))
    for (const [key, item] of Object.entries(step.inputs ?? {}))
      yield {
        ...step,
        key,
        item,
        row: step.template && Object.hasOwn(step.template.inputs, key) ? step.template.inputs[key] : undefined,
      };
});

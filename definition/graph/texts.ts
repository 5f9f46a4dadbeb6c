// Every text of a definition that is written in a language, with what it may refer to where it is (run time §5.2, §6.3).
import { formatPath, type Path } from "../canonical/paths";
import { isDict, isUnknown } from "../canonical/values";
import { parseHogExpression, parseHogTemplate, parseLiquid, type LanguageFinding, type Reference } from "../language";
import { stepKindOf } from "../schema/step-kinds";
import { inputItems, languageOf, readAs, type InputItem } from "./inputs";
import { propertiesIn } from "./properties";
import { listOf, oncePerFlow, textOf, type FlowView } from "./view";

/** Where a text is, which decides what it may read. */
type TextKind = "input" | "email" | "trigger" | "filter" | "delay" | "masking";

export interface ReadText {
  path: Path;
  /** The step that it belongs to; none for the flow's own settings. */
  id: string | undefined;
  kind: TextKind;
  /** `unsure` where a template decides and its version is not known: such a text may be wrong only in the other language. */
  language: "hog" | "liquid" | "unsure";
  /** The language that it was read in, where it might be either. */
  languageRead?: "hog" | "liquid";
  references: readonly Reference[];
  findings: readonly LanguageFinding[];
  /** Whether it is one, of which no part may be shown. */
  isSecret?: boolean;
  /** The input that it is part of. */
  input?: InputItem;
}

/** All of them. */
export const textsOf = oncePerFlow<ReadText>((flow) => [...inputTexts(flow), ...expressions(flow)]);

function* inputTexts(flow: FlowView): Generator<ReadText> {
  const secrets = new Set(listOf(flow.inputs["secretPaths"]));
  for (const input of inputItems(flow)) {
    const { id, key, item, row, type, at } = input;
    const language = languageOf(input);
    if (!isDict(item) || item["value"] === undefined || language === "none") continue;
    const kind = type === "trigger" ? "trigger" : stepKindOf(type)?.channel === "email" ? "email" : "input";
    for (const { text, path } of leaves(item["value"], [...at, key, "value"], row?.kind === "an e-mail")) {
      if (!text.includes("{")) continue;
      const languageRead = readAs(language, text);
      const parsed = languageRead === "liquid" ? parseLiquid(text) : parseHogTemplate(text);
      // Of a secret, no word may be told.
      const isSecret = row?.secret === true || secrets.has(formatPath(path));
      yield {
        path,
        id,
        kind,
        language,
        references: isSecret ? [] : parsed.references,
        findings: parsed.findings,
        input,
        isSecret,
        languageRead,
      };
    }
  }
}

/** Texts of a value that are rendered. Keys of maps are not, and neither is the design of an e-mail. */
function* leaves(value: unknown, path: Path, isEmail: boolean): Generator<{ text: string; path: Path }> {
  if (typeof value === "string") {
    if (!isUnknown(value)) yield { text: value, path };
  } else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* leaves(item, [...path, i], false);
  else if (isDict(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (isEmail && key === "design") continue;
      yield* leaves(item, [...path, key], false);
    }
  }
}

function* expressions(flow: FlowView): Generator<ReadText> {
  const masking = flow.definition["triggerMasking"];
  const hash = isDict(masking) ? textOf(masking["hash"]) : undefined;
  if (hash !== undefined)
    yield {
      path: ["triggerMasking", "hash"],
      id: undefined,
      kind: "masking",
      language: "hog",
      ...parseHogTemplate(hash),
    };
  for (const { id, config, at } of flow.ofType("delay")) {
    const until = config["delayUntil"];
    const expression = isDict(until) ? textOf(until["expression"]) : undefined;
    if (expression !== undefined && expression.trim() !== "")
      yield {
        path: [...at, "delayUntil", "expression"],
        id,
        kind: "delay",
        language: "hog",
        ...parseHogExpression(expression),
      };
  }
  for (const { path, property, id } of propertiesIn(flow)) {
    const key = property["type"] === "hogql" ? textOf(property["key"]) : undefined;
    if (key === undefined) continue;
    // HogQL is SQL; what this reader cannot read of it says nothing.
    const { references, findings } = parseHogExpression(key);
    if (findings.length === 0)
      yield { path: [...path, "key"], id, kind: "filter", language: "hog", references, findings: [] };
  }
}

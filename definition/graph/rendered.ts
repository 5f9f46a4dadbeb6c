// What can be known of an input before it is rendered: plain values as they are, and of texts with holes what they begin with (run time §6).
import { isDict, isUnknown } from "../canonical/values";
import { parseHogTemplate, type HogNode } from "../language";
import { HOLDS, type Taken } from "../schema/worker-contract";
import { readAs, type InputLanguage } from "./inputs";

/** A value that may turn out to be anything: not known yet, or one Hog expression, which keeps its type. */
const ANYTHING: unique symbol = Symbol("anything");

/** A text with holes. */
class SomeText {
  /** @param start What it begins with, up to the first hole. */
  constructor(readonly start: string) {}
}

/** What a written value will be. */
export function rendered(value: unknown, language: InputLanguage): unknown {
  if (isUnknown(value)) return ANYTHING;
  if (typeof value === "string") return renderedText(value, language);
  if (Array.isArray(value)) return value.map((item) => rendered(item, language));
  if (isDict(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rendered(item, language)]));
  return value;
}

function renderedText(text: string, language: InputLanguage): unknown {
  if (language === "none" || !text.includes("{")) return text;
  if (readAs(language, text) === "liquid") {
    const hole = text.search(/\{\{|\{%/);
    return hole < 0 ? text : new SomeText(text.slice(0, hole));
  }
  const { parts } = parseHogTemplate(text);
  if (!parts) return ANYTHING;
  const [first = "", ...rest] = parts;
  if (rest.length > 0) return new SomeText(typeof first === "string" ? first : "");
  return typeof first === "string" ? first : ofExpression(first);
}

/** Functions that always yield a number, whatever they get. */
const YIELD_NUMBERS: ReadonlySet<string> = new Set([
  "JSONLength",
  "dateDiff",
  "floor",
  "indexOf",
  "length",
  "position",
  "positionCaseInsensitive",
  "randomFloat",
  "round",
  "toMonth",
  "toUnixTimestamp",
  "toUnixTimestampMilli",
  "toYYYYMM",
  "toYear",
]);
const YIELD_TRUTHS: ReadonlySet<string> = new Set([
  "empty",
  "equals",
  "greater",
  "greaterOrEquals",
  "isNotNull",
  "isNull",
  "isValidJSON",
  "less",
  "lessOrEquals",
  "like",
  "match",
  "notEmpty",
  "notEquals",
  "startsWith",
]);

/** One expression and nothing else: a constant, a list or a map; of a number or a truth value, one that a field takes more readily than others. */
function ofExpression(node: HogNode): unknown {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "dict":
      return Object.fromEntries(
        node.items.map(([key, item], i) => [key.kind === "constant" ? String(key.value) : `${i}`, ofExpression(item)]),
      );
    case "array":
    case "tuple":
      return node.items.map(ofExpression);
    case "arithmetic":
      return 1;
    case "compare":
    case "not":
      return true;
    case "call":
      return YIELD_NUMBERS.has(node.name) ? 1 : YIELD_TRUTHS.has(node.name) ? true : ANYTHING;
    default:
      return ANYTHING;
  }
}

/** Whether such a value can be what a field takes. */
export function mayHold(takes: Taken, value: unknown): boolean {
  if (value === ANYTHING) return true;
  if (value instanceof SomeText) return textMayHold(takes, value);
  if (takes === "a map of texts" && isDict(value)) return Object.values(value).every((item) => mayHold("a text", item));
  // What is not known may be a channel that is there already.
  if (Array.isArray(value) && takes !== "a list that is not empty")
    return HOLDS[takes](value.filter((item) => item !== ANYTHING));
  return HOLDS[takes](value);
}

const mayBeginWeb = (start: string): boolean =>
  ["http://", "https://"].some((scheme) => scheme.startsWith(start.trimStart().toLowerCase()));

function textMayHold(takes: Taken, { start }: SomeText): boolean {
  switch (takes) {
    case "a text":
    case "a text that is not empty":
    case "anything but 0 and false":
      return true;
    case "a web address":
      return /^\s*https?:/i.test(start) || mayBeginWeb(start);
    case "a whole address, or an empty text":
      return /^\s*[a-z][a-z\d+.-]*:/i.test(start) || mayBeginWeb(start);
    case "a method in capital letters":
      return /^[A-Z]*$/.test(start);
    default:
      return HOLDS[takes](start);
  }
}

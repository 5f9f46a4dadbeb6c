/** Inputs of template-backed steps: checked against the template's schema and rebuilt from it. */
import { BYTECODE_CONTRACT, CompileError, compileValue, templateExpressions } from "../compiler";
import { at, FieldError, ServerCrash } from "../errors";
import { choice, isNull, nested, REQUIRED } from "../fields";
import { clone, isFalsy, isObject, pythonType, type JsonObject } from "../json";
import { PLACEHOLDER } from "../secrets";
import type { InputSchema, InputType } from "../templates";
import { checkEmail } from "./email";

interface TypeRule {
  accepts(value: unknown): boolean;
  refusal: string;
  /** Whether values of the type are compiled. */
  compiled: boolean;
}

const anything = () => true;
const isText = (value: unknown) => typeof value === "string";
const isId = (value: unknown) => Number.isInteger(value) || value === true;

const TYPES: Record<InputType, TypeRule> = {
  string: { accepts: isText, refusal: "Value must be a string.", compiled: true },
  boolean: {
    accepts: (v) => typeof v === "boolean" || isText(v),
    refusal: "Value must be a boolean or a template string.",
    compiled: true,
  },
  number: { accepts: (v) => typeof v === "number", refusal: "Value must be a number.", compiled: false },
  choice: { accepts: anything, refusal: "", compiled: false },
  dictionary: { accepts: isObject, refusal: "Value must be a dictionary.", compiled: true },
  json: { accepts: anything, refusal: "", compiled: true },
  integration: { accepts: isId, refusal: "Value must be an Integration ID.", compiled: false },
  integration_field: { accepts: anything, refusal: "", compiled: false },
  integration_multi: {
    accepts: (v) => Array.isArray(v) && v.every(isId),
    refusal: "Value must be a list of Integration IDs.",
    compiled: false,
  },
  native_email: { accepts: isObject, refusal: "Value must be an email object.", compiled: true },
};

/** Of types that only PostHog's editor knows. */
const OTHER: TypeRule = { accepts: anything, refusal: "", compiled: false };

const typeRule = (type: string): TypeRule => (type in TYPES ? TYPES[type as InputType] : OTHER);

/** Whether values of a type are templates. */
export const isCompiled = (type: string): boolean => typeRule(type).compiled;

const LOST_SECRET = "No value is saved for this secret input. Enter the value again.";
const PLACEHOLDER_SENT = "This secret input was not updated correctly. Enter the value again.";
const LIQUID_BOOLEAN = "Liquid templating is not supported for boolean fields. Use a boolean or a Hog template.";

export interface InputsOptions {
  schema: readonly InputSchema[];
  /** Stored secrets of the step. */
  secrets: JsonObject | undefined;
  /** Stored inputs of the step. */
  stored: JsonObject | undefined;
  generation: number;
}

export interface ValidatedInputs {
  inputs: JsonObject;
  secrets: JsonObject;
}

export function inputsField(value: unknown, options: InputsOptions): ValidatedInputs {
  if (value === null) throw isNull();
  if (!isObject(value))
    throw new FieldError([], `Expected a dictionary of items but got type "${pythonType(value)}".`, "not_a_dict");
  const items = new Map<string, JsonObject>();
  for (const schema of options.schema) {
    const item = at(schema.key, () => inputItem(schema, value[schema.key], options));
    if (item) items.set(schema.key, item);
  }
  const inputs: JsonObject = {};
  const secrets: JsonObject = {};
  sorted(items).forEach(([key, item], order) => {
    const { secret } = options.schema.find((schema) => schema.key === key)!;
    if (secret) secrets[key] = item;
    else inputs[key] = { ...item, order };
  });
  return { inputs, secrets };
}

function inputItem(schema: InputSchema, sent: unknown, options: InputsOptions): JsonObject | undefined {
  const { generation } = options;
  if (typeof sent === "string" && schema.templating)
    throw new ServerCrash("an input with its own templating came as text");
  let item: JsonObject | undefined = sent === undefined || sent === null ? undefined : nested(sent);
  if (item && Object.keys(item).length === 0) item = undefined;
  if (schema.secret) {
    const keeps = !item || (item.secret === true && (item.value === undefined || item.value === PLACEHOLDER));
    const saved = options.secrets?.[schema.key] as JsonObject | undefined;
    if (keeps && saved) return saved;
    if (keeps && item) throw new FieldError([], LOST_SECRET);
    if (item?.value === PLACEHOLDER) throw new FieldError([], PLACEHOLDER_SENT);
  }
  if (!item && schema.required && schema.default !== undefined) item = { value: clone(schema.default) };
  if (!item) {
    if (schema.required) throw new FieldError([], REQUIRED);
    return undefined;
  }
  if (item.value === null) throw isNull().under("value");
  const given = item.templating;
  if (given !== undefined && given !== null) at("templating", () => choice(given, ["hog", "liquid"]));
  if (schema.required && (item.value === undefined || item.value === "")) throw new FieldError([], REQUIRED);
  if (item.value === undefined) return undefined;

  const templating = schema.templating === "liquid" ? "liquid" : schema.templating === true ? "hog" : given;
  const value = checkedValue(schema, { value: item.value, templating }, options);
  const stored: JsonObject = { value, ...(templating === undefined ? {} : { templating }) };
  if (!typeRule(schema.type).compiled || templating === "liquid" || schema.templating === false || isFalsy(value))
    return stored;
  return { ...stored, bytecode: compiledInput(schema, value, generation), bytecode_contract: BYTECODE_CONTRACT };
}

function checkedValue(schema: InputSchema, { value, templating }: JsonObject, { stored }: InputsOptions): unknown {
  const rule = typeRule(schema.type);
  if (value !== "" && !rule.accepts(value)) throw new FieldError([], rule.refusal);
  if (schema.type === "boolean" && templating === "liquid" && typeof value === "string")
    throw new FieldError([], LIQUID_BOOLEAN);
  if (schema.type === "native_email" && isObject(value)) return checkEmail(value, stored?.[schema.key]?.value);
  return value;
}

function compiledInput(schema: InputSchema, value: unknown, generation: number): unknown {
  try {
    if (schema.type === "native_email" && isObject(value)) {
      const { design: _design, ...texts } = value;
      return compileValue(texts, generation);
    }
    return compileValue(value, generation);
  } catch (error) {
    if (error instanceof CompileError) throw new FieldError([], `Invalid template: ${error.message}`);
    throw error;
  }
}

/** One that is not closed goes to the end, so that the text is read once. */
const LIQUID = /\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)/gs;
const REFERENCE = /\binputs\.([A-Za-z_]\w*)/g;

/** Other inputs that the texts of a value read. */
function references(value: unknown, templating: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((v) => references(v, templating));
  if (isObject(value)) return Object.values(value).flatMap((v) => references(v, templating));
  if (typeof value !== "string") return [];
  const code = templating === "liquid" ? (value.match(LIQUID) ?? []) : hogExpressions(value);
  return code.flatMap((text) => [...text.matchAll(REFERENCE)].map((match) => match[1]!));
}

function hogExpressions(text: string): string[] {
  try {
    return templateExpressions(text);
  } catch {
    return [];
  }
}

/** Inputs after those they refer to; ties keep the order of the schema. */
function sorted(items: Map<string, JsonObject>): [string, JsonObject][] {
  const waiting = new Map(
    [...items].map(([key, item]) => [
      key,
      new Set(references(item.value, item.templating).filter((k) => items.has(k))),
    ]),
  );
  const result: [string, JsonObject][] = [];
  while (waiting.size > 0) {
    const next = [...waiting].find(([, needs]) => [...needs].every((key) => !waiting.has(key)));
    if (!next) throw new FieldError([], "Circular dependency detected in input_deps.");
    waiting.delete(next[0]);
    result.push([next[0], items.get(next[0])!]);
  }
  return result;
}

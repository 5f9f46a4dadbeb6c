/** The field types of the API's serializers: what they accept, what they turn it into, and the texts of their refusals. */
import { FieldError, NON_FIELD } from "./errors";
import { isObject, pythonType, type JsonObject } from "./json";

export const REQUIRED = "This field is required.";

export const required = (key: string) => new FieldError([key], REQUIRED, "required");
export const isNull = () => new FieldError([], "This field may not be null.", "null");

export interface TextRules {
  blank?: boolean;
  max?: number;
}

/** Text is trimmed, numbers become text, and anything else is refused. */
export function text(value: unknown, { blank = false, max }: TextRules = {}): string {
  if (value === null) throw isNull();
  if (typeof value !== "string" && typeof value !== "number") throw new FieldError([], "Not a valid string.");
  const trimmed = String(value).trim();
  if (trimmed === "" && !blank) throw new FieldError([], "This field may not be blank.", "blank");
  if (trimmed.includes("\0"))
    throw new FieldError([], "Null characters are not allowed.", "null_characters_not_allowed");
  if (max !== undefined && [...trimmed].length > max)
    throw new FieldError([], `Ensure this field has no more than ${max} characters.`, "max_length");
  return trimmed;
}

export interface IntegerRules {
  min?: number;
  max?: number;
}

export function integer(value: unknown, { min, max }: IntegerRules = {}): number {
  if (value === null) throw isNull();
  const number =
    typeof value === "number"
      ? value
      : typeof value === "string" && /^\s*-?\d+(\.0*)?\s*$/.test(value)
        ? Number(value)
        : NaN;
  if (!Number.isInteger(number)) throw new FieldError([], "A valid integer is required.");
  if (min !== undefined && number < min)
    throw new FieldError([], `Ensure this value is greater than or equal to ${min}.`, "min_value");
  if (max !== undefined && number > max)
    throw new FieldError([], `Ensure this value is less than or equal to ${max}.`, "max_value");
  return number;
}

export function choice(value: unknown, choices: readonly string[]): string {
  if (value === null) throw isNull();
  if (typeof value !== "string" || !choices.includes(value)) {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    throw new FieldError([], `"${shown}" is not a valid choice.`, "invalid_choice");
  }
  return value;
}

const TRUE: readonly unknown[] = [true, "true", "True", "t", "yes", "on", "1", 1];
const FALSE: readonly unknown[] = [false, "false", "False", "f", "no", "off", "0", 0];

export function boolean(value: unknown): boolean {
  if (value === null) throw isNull();
  if (TRUE.includes(value)) return true;
  if (FALSE.includes(value)) return false;
  throw new FieldError([], "Must be a valid boolean.");
}

export function list(value: unknown): unknown[] {
  if (value === null) throw isNull();
  if (!Array.isArray(value))
    throw new FieldError([], `Expected a list of items but got type "${pythonType(value)}".`, "not_a_list");
  return value;
}

/** A nested serializer: not an object is an error of the object as a whole. */
export function nested(value: unknown): JsonObject {
  if (value === null) throw isNull();
  if (!isObject(value))
    throw new FieldError([NON_FIELD], `Invalid data. Expected a dictionary, but got ${pythonType(value)}.`);
  return value;
}

/** A free object. */
export function dictionary(value: unknown): JsonObject {
  if (value === null) throw isNull();
  if (!isObject(value))
    throw new FieldError([], `Expected a dictionary of items but got type "${pythonType(value)}".`, "not_a_dict");
  return value;
}

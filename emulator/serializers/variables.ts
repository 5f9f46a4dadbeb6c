/** A flow's variables: flat objects of texts. */
import { FieldError, NON_FIELD } from "../errors";
import { isNull, text } from "../fields";
import { isObject, pythonType, type JsonObject } from "../json";

const VARIABLES_MAX_BYTES = 5120;

export function variablesField(value: unknown): JsonObject[] {
  if (value === null) throw isNull();
  if (!Array.isArray(value))
    throw new FieldError([NON_FIELD], `Expected a list of items but got type "${pythonType(value)}".`, "not_a_list");
  const failures = value.map(itemFailure);
  if (failures.some((failure) => failure)) throw itemError(failures[0]);
  const variables = value.map((item: JsonObject) =>
    Object.fromEntries(Object.entries(item).map(([key, v]) => [key.trim(), text(v, { blank: true })])),
  );
  const keys = variables.map((item) => item.key);
  if (new Set(keys).size !== keys.length) throw new FieldError([NON_FIELD], "Variable keys must be unique");
  const size = variables.reduce((sum, item) => sum + pythonJsonLength(item), 0);
  if (size > VARIABLES_MAX_BYTES)
    throw new FieldError([NON_FIELD], "Total size of variables definition must be less than 5KB");
  return variables;
}

interface Failure {
  key: string;
  code: string;
  detail: string;
}

function itemFailure(item: unknown): Failure | undefined {
  if (!isObject(item))
    return {
      key: NON_FIELD,
      code: "not_a_dict",
      detail: `Expected a dictionary of items but got type "${pythonType(item)}".`,
    };
  for (const [key, value] of Object.entries(item)) {
    try {
      text(value, { blank: true });
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      // The upstream handler prints the codes before it renames them.
      return { key, code: error.code === "invalid_input" ? "invalid" : error.code, detail: error.detail };
    }
  }
  return undefined;
}

/** The server prints Python objects here, and always those of the first item, which is `{}` when that one is fine. */
function itemError(first: Failure | undefined): FieldError {
  if (!first) return new FieldError([], "{}", "{}");
  return new FieldError(
    [],
    `{'${first.key}': [ErrorDetail(string='${first.detail}', code='${first.code}')]}`,
    `{'${first.key}': ['${first.code}']}`,
  );
}

/** The length of Python's json.dumps: `, ` and `: ` between, and six characters for every one that is not ASCII. */
export function pythonJsonLength(item: JsonObject): number {
  const quoted = (text: string) =>
    [...JSON.stringify(text)].reduce((sum, char) => sum + (char.charCodeAt(0) < 128 ? 1 : 6 * char.length), 0);
  const entries = Object.entries(item);
  return (
    2 +
    entries.reduce((sum, [key, value]) => sum + quoted(key) + 2 + quoted(String(value)), 0) +
    2 * Math.max(0, entries.length - 1)
  );
}

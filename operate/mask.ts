// Takes secrets out of whatever is shown: what the program marked, what PostHog stores encrypted, and what looks like a credential, since a destination's
// inputs are data of any template (design L13, API §2.3.3).
import { parsePath, startsWith, type Path } from "../definition/canonical/paths";
import { isDict, isMarked, own, put, type Dict } from "../definition/canonical/values";
import { mapTexts } from "../definition/graph/credential-texts";
import { isCredentialName, withoutCredentials, type Writing } from "../definition/schema/credentials";
import { stepTemplate } from "../definition/canonical/step-template";
import { SECRET_INPUTS } from "../definition/schema/templates";
import { SECRET } from "../definition/canonical/secrets";

/** Whether this is the text under which a template's input is stored encrypted. */
const isStoredSecret = (template: unknown, name: string): boolean =>
  typeof template === "string" && SECRET_INPUTS[template]?.includes(name) === true;

/**
 * The text with `[secret]` for every credential in it.
 *
 * @example
 * ```ts
 * maskText("GET https://api.example.com/?api_key=abc123def"); // GET https://api.example.com/?api_key=[secret]
 * ```
 */
export const maskText = (text: string, writing: Writing = {}): string =>
  withoutCredentials(text, () => SECRET, writing);

/** Any data with `[secret]` in place of every credential. */
export const maskData = <T>(data: T): T => mapTexts(data, (text, writing) => maskText(text, writing));

/** A value under the name of a credential that may be one, although it does not look like it. What a template stands for is nobody's secret. */
const mayBeKey = (value: unknown): boolean =>
  typeof value === "string"
    ? value !== "" && !/[{}]/.test(value)
    : value !== undefined && value !== null && typeof value !== "boolean";

/**
 * A copy with `[secret]` in place of every secret. The place and the presence of a value stay visible, the value does not.
 *
 * @param properties Inputs or outputs of a flow or a schedule, in keyed form.
 * @param secretPaths Paths of values that the program gave as secrets. Default: those that the properties name themselves.
 * @example
 * ```ts
 * const actions = { call: { type: "function", config: { templateId: "template-webhook", inputs: { signing_secret: { value: "s3cr3t" } } } } };
 * masked({ actions }); // … inputs: { signing_secret: { value: "[secret]" } }
 * ```
 */
export function masked(properties: Dict, secretPaths: readonly string[] = ownPaths(properties)): Dict {
  const paths = secretPaths.map((text) => parsePath(text)).filter((path): path is Path => path !== undefined);
  const actions = properties["actions"];
  const walk = (value: unknown, path: Path): unknown => {
    if (isMarked(value) || paths.some((secret) => secret.length === path.length && startsWith(path, secret)))
      return value === undefined ? value : SECRET;
    if (isInputValue(path) && isStoredSecret(stepTemplate(own(actions, String(path[1]))), String(path[4])))
      return SECRET;
    if (isInputValue(path) && isCredentialName(String(path[4])) && mayBeKey(value)) return SECRET;
    if (
      path.length > 6 &&
      path[3] === "inputs" &&
      typeof value === "string" &&
      isCredentialName(String(path[path.length - 1])) &&
      maskText(value, { name: String(path[path.length - 1]) }) === value &&
      mayBeKey(value)
    )
      return SECRET;
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const [key, item] of Object.entries(value)) put(out, key, walk(item, [...path, key]));
    return out;
  };
  return maskData(walk(properties, []) as Dict);
}

const ownPaths = (properties: Dict): string[] =>
  Array.isArray(properties["secretPaths"])
    ? properties["secretPaths"].filter((path): path is string => typeof path === "string")
    : [];

/** actions.<id>.config.inputs.<name>.value */
const isInputValue = (path: Path): boolean =>
  path.length === 6 && path[0] === "actions" && path[2] === "config" && path[3] === "inputs" && path[5] === "value";

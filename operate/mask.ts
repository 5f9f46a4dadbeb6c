// Takes secrets out of a definition before anything of it is shown: what the program marked, what PostHog stores encrypted, and what by its name
// holds a key, since a destination's inputs are data of any template (design L13, API §2.3.3).
import { parsePath, startsWith, type Path } from "../provider/canonical/paths";
import { isDict, isMarked, own, put, type Dict } from "../provider/canonical/values";
import { SECRET_INPUTS, TRIGGER_TEMPLATES } from "../provider/schema/templates";
import { SECRET } from "./words/values";

/** Names of inputs and headers that hold keys. */
const KEY_LIKE = /secret|token|passw|api[_-]?key|auth|credential|cookie|signature/i;

/** Whether this is the text under which a template's input is stored encrypted, or by its name holds a key. */
function isSecretInput(template: unknown, name: string): boolean {
  return (typeof template === "string" && SECRET_INPUTS[template]?.includes(name) === true) || KEY_LIKE.test(name);
}

/**
 * A copy in which `[secret]` stands for every secret. The place and the presence of a value stay visible, the value does not.
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
    if (isMarked(value) || paths.some((secret) => secret.length === path.length && startsWith(path, secret))) return value === undefined ? value : SECRET;
    if (isInputValue(path) && isSecretInput(templateOf(actions, String(path[1])), String(path[4]))) return SECRET;
    if (path.length > 6 && path[3] === "inputs" && typeof value === "string" && KEY_LIKE.test(String(path[path.length - 1]))) return SECRET;
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const [key, item] of Object.entries(value)) put(out, key, walk(item, [...path, key]));
    return out;
  };
  return walk(properties, []) as Dict;
}

const ownPaths = (properties: Dict): string[] => (Array.isArray(properties["secretPaths"]) ? properties["secretPaths"].filter((path): path is string => typeof path === "string") : []);

/** actions.<id>.config.inputs.<name>.value */
const isInputValue = (path: Path): boolean => path.length === 6 && path[0] === "actions" && path[2] === "config" && path[3] === "inputs" && path[5] === "value";

function templateOf(actions: unknown, id: string): unknown {
  const config = own(own(actions, id), "config");
  const given = own(config, "templateId");
  const trigger = own(config, "type");
  return given ?? (typeof trigger === "string" ? TRIGGER_TEMPLATES[trigger] : undefined);
}

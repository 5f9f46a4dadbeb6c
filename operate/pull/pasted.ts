// The program text of a flow that this version has no types for: the JSON that PostHog returns, without what is PostHog's own.
import type { LiveFlow } from "./live-flow";
import { SERVER_KEYS } from "../../definition/canonical/decode";
import { unmarked } from "../../definition/canonical/marker";
import { isKeptSecret } from "../../definition/canonical/secrets";
import { isDict, own, put, same, type Dict } from "../../definition/canonical/values";
import { Code, valueCode } from "../code-text";
import { adopting, constantName, programHead, PROTECTED } from "../program-text";
import type { Credentials } from "./credentials";

/** What PostHog's compiler makes by itself (API §2.3). */
const COMPILED: ReadonlySet<string> = new Set([
  "bytecode",
  "bytecode_contract",
  "bytecode_error",
  "transpiled",
  "order",
]);

export function pastedProgram(flow: LiveFlow, name: string, credentials: Credentials): string {
  const definition = withoutEmpty(
    Object.fromEntries(
      Object.entries(flow).filter(([key, value]) => !SERVER_KEYS.has(key) && !(key === "status" && value === "draft")),
    ),
  );
  definition["actions"] = flow.actions.map((action) => withoutEmpty(action as unknown as Dict));
  if (typeof definition["description"] === "string") definition["description"] = unmarked(definition["description"]);
  const secrets = secretsOf(flow);
  const args: Dict = {
    ...adopting(flow.id),
    definition: credentials.out(withoutCompiled(definition, [])),
    ...(Object.keys(secrets).length > 0 ? { secrets } : {}),
  };
  return [
    ...programHead({ hasStored: Object.keys(secrets).length > 0, hasConfig: credentials.taken.length > 0 }),
    `export const ${constantName(name)} = new HogFlow(\n  ${JSON.stringify(name)},\n  ${valueCode(args, 2, 100)},\n  ${valueCode(PROTECTED)},\n);`,
    "",
  ].join("\n");
}

/** Members that say nothing: PostHog fills them in again. */
const withoutEmpty = (value: Dict): Dict =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([key, item]) =>
        item !== null && !(key === "description" && item === "") && !(key === "variables" && same(item, [])),
    ),
  );

/** Members that the compiler of PostHog made. Entries of a filter's list keep their `order`, which is the author's. */
function withoutCompiled(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutCompiled(item, [...path, "[]"]));
  if (!isDict(value)) return value;
  const list = path.at(-1) === "[]" ? path.at(-2) : undefined;
  const inList = list === "events" || list === "actions" || list === "filters";
  const out: Dict = {};
  // The values of inputs are data.
  const isData = path.at(-1) === "value";
  for (const [key, item] of Object.entries(value))
    if (isData || !COMPILED.has(key) || (key === "order" && inList))
      put(out, key, isData ? item : withoutCompiled(item, [...path, key]));
  return out;
}

function secretsOf(flow: LiveFlow): Dict {
  const secrets: Dict = {};
  for (const { id, config } of flow.actions) {
    const inputs = own(config, "inputs");
    if (!isDict(inputs)) continue;
    const kept = Object.keys(inputs).filter((key) => isKeptSecret(inputs[key]));
    if (kept.length > 0) put(secrets, id, Object.fromEntries(kept.map((key) => [key, new Code("stored()")])));
  }
  return secrets;
}

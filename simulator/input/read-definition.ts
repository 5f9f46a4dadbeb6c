// Reads a definition: the keyed form, or the JSON that PostHog returns. What a program writes is read in testing/, which knows the SDK.
import { keyed } from "../../definition/canonical/decode";
import { tooDeepText } from "../../definition/canonical/depth";
import { flowToOurs } from "../../definition/canonical/structure";
import { copy, isDict, type Dict } from "../../definition/canonical/values";
import { MAX_READ_NESTING } from "../../definition/schema/limits";
import type { FlowDefinition } from "../../definition/schema/types";
import type { ReadFlow } from "./flow";
import type { ReadScenario, Scenario } from "./scenario";

/** @throws Error where it is no object, or nested too deep to be read. */
export function checkReadable(source: unknown): asserts source is Dict {
  if (!isDict(source))
    throw new Error(
      `A flow is an object: the arguments of a HogFlow, a keyed definition, or the JSON of PostHog; got ${source === null ? "null" : typeof source}`,
    );
  const tooDeep = tooDeepText(source, MAX_READ_NESTING);
  if (tooDeep !== undefined) throw new Error(`The flow cannot be simulated: ${tooDeep}`);
}

/** @throws Error where it cannot be read. */
export function readDefinition(source: object): ReadFlow {
  checkReadable(source);
  if (!Array.isArray(source["actions"])) return readKeyed(flowToOurs(copy(source)), source);
  const { id } = source;
  return { ...toRead(keyed(source), source), id: typeof id === "string" ? id : undefined };
}

/** `source` has what belongs to no definition. */
export const readKeyed = (definition: Dict, source: Dict = {}): ReadFlow =>
  toRead(withTextDefaults(definition), source);

function toRead(given: Dict, { action_redirects: redirects }: Dict): ReadFlow {
  const definition = given as unknown as FlowDefinition;
  if (!isDict(definition.actions)) throw new Error("The flow has no steps: give `steps`, `actions` or `definition`");
  return {
    definition,
    name: definition.name ?? "flow",
    id: undefined,
    redirects: isDict(redirects) ? (redirects as Record<string, string>) : {},
  };
}

/** The scenario with the flows of its edits read. */
export const withReadEdits = ({ edits, ...scenario }: Scenario, read: (flow: object) => ReadFlow): ReadScenario => ({
  ...scenario,
  ...(edits && {
    edits: edits.map(({ flow, ...edit }) => ({ ...edit, ...(flow === undefined ? {} : { flow: read(flow) }) })),
  }),
});

/** The server keeps defaults of variables as text (API §3.8). The JSON of PostHog shows what it keeps. */
function withTextDefaults(definition: Dict): Dict {
  const variables = definition["variables"];
  if (!isDict(variables)) return definition;
  const texts = Object.entries(variables).map(([key, item]) => [
    key,
    isDict(item) && typeof item["default"] === "number" ? { ...item, default: String(item["default"]) } : item,
  ]);
  return { ...definition, variables: Object.fromEntries(texts) as Dict };
}

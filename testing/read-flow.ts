// Reads what a test gives: any way to write a flow becomes its keyed definition with known values, and a scenario has its flows read.
import { keyed } from "../definition/canonical/decode";
import { tooDeepText } from "../definition/canonical/depth";
import { formatPath, getAt, setAt, type Path } from "../definition/canonical/paths";
import { flowToOurs } from "../definition/canonical/structure";
import { copy, isDict, type Dict } from "../definition/canonical/values";
import { isRuleName, ruleOf } from "../rules";
import { MAX_READ_NESTING } from "../definition/schema/limits";
import { SECRET_INPUTS, TRIGGER_TEMPLATES } from "../definition/schema/templates";
import type { FlowDefinition } from "../definition/schema/types";
import type { HogFlowArgs } from "../sdk/args";
import { convert } from "../sdk/convert";
import type { ReadFlow } from "../simulator/input/flow";
import type { ReadScenario, Scenario } from "../simulator/input/scenario";

/** What can be simulated: the arguments of a HogFlow, a keyed definition, or the JSON that PostHog returns. */
export type FlowSource = HogFlowArgs | FlowDefinition | object;

/**
 * Reads a flow.
 *
 * @throws Error that lists everything that is wrong with it, and outputs whose values are not given.
 */
export function readFlow(source: FlowSource, outputs: Readonly<Record<string, unknown>> = {}): ReadFlow {
  if (!isDict(source))
    throw new Error(
      `A flow is an object: the arguments of a HogFlow, a keyed definition, or the JSON of PostHog; got ${source === null ? "null" : typeof source}`,
    );
  const tooDeep = tooDeepText(source, MAX_READ_NESTING);
  if (tooDeep !== undefined) throw new Error(`The flow cannot be simulated: ${tooDeep}`);
  const pasted = Array.isArray(source["actions"]);
  const definition = (pasted
    ? keyed(source)
    : hasOutputs(source) || !isDict(source["actions"])
      ? converted(source, outputs)
      : withTextDefaults(flowToOurs(copy(source)))) as unknown as FlowDefinition;
  if (!isDict(definition.actions)) throw new Error("The flow has no steps: give `steps`, `actions` or `definition`");
  const redirects = source["action_redirects"];
  return {
    definition,
    name: definition.name ?? "flow",
    id: pasted && typeof source["id"] === "string" ? source["id"] : undefined,
    redirects: isDict(redirects) ? (redirects as Record<string, string>) : {},
  };
}

/** Reads the flows of a scenario's edits. */
export const readScenario = ({ edits, ...scenario }: Scenario): ReadScenario => ({
  ...scenario,
  ...(edits && {
    edits: edits.map(({ flow, ...edit }) => ({
      ...edit,
      ...(flow === undefined ? {} : { flow: readFlow(flow, scenario.outputs) }),
    })),
  }),
});

function converted(args: Dict, outputs: Readonly<Record<string, unknown>>): Dict {
  const {
    definition,
    outputs: leaves,
    findings: found,
  } = convert(args, typeof args["name"] === "string" ? args["name"] : "flow");
  const problems = found.filter(({ rule }) => !isRuleName(rule) || ruleOf(rule).severity === "error");
  if (problems.length > 0)
    throw new Error(
      `The flow cannot be simulated:\n${problems.map(({ path, what, fix }) => `- ${formatPath(path)}: ${what}${fix ? `. ${fix}` : ""}`).join("\n")}`,
    );
  const missing: string[] = [];
  for (const { path } of leaves) {
    const text = formatPath(path);
    const plain = getAt(args, path);
    if (Object.hasOwn(outputs, text)) setAt(definition, path, outputs[text]);
    else if (plain !== undefined && !isOutput(plain)) setAt(definition, path, plain);
    else if (isSecretInput(definition, path)) setAt(definition, path, "[secret]");
    else missing.push(text);
  }
  if (missing.length > 0)
    throw new Error(
      `The flow has outputs, whose values only Pulumi knows: ${missing.join(", ")}. Give them by path, simulate(flow, { outputs: { ${JSON.stringify(missing[0])}: … } }), or take the flow from its program with \`flowsOf\``,
    );
  return withTextDefaults(definition);
}

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

const isOutput = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as Dict)["__pulumiOutput"] === true;

function hasOutputs(value: unknown): boolean {
  if (isOutput(value) || value instanceof Promise) return true;
  if (Array.isArray(value)) return value.some(hasOutputs);
  return isDict(value) && Object.values(value).some(hasOutputs);
}

/** actions.<id>.config.inputs.<key>.value of an input that PostHog keeps secret: nothing in a run depends on it. */
function isSecretInput(definition: Dict, path: Path): boolean {
  if (path.length !== 6 || path[0] !== "actions" || path[3] !== "inputs") return false;
  const config = getAt(definition, path.slice(0, 3));
  if (!isDict(config)) return false;
  const template = config["templateId"] ?? TRIGGER_TEMPLATES[String(config["type"])];
  return (SECRET_INPUTS[String(template)] ?? []).includes(String(path[4]));
}

// Reads what a test gives: any way to write a flow becomes its keyed definition with known values, and a scenario has its flows read.
import { formatPath, getAt, setAt, type Path } from "../definition/canonical/paths";
import { isDict, type Dict } from "../definition/canonical/values";
import { SECRET_INPUTS, TRIGGER_TEMPLATES } from "../definition/schema/templates";
import type { FlowDefinition } from "../definition/schema/types";
import { isRuleName, ruleOf } from "../rules";
import type { HogFlowArgs } from "../sdk/index";
import { convert } from "../sdk/internal";
import type { ReadFlow } from "../simulator/input/flow";
import { checkReadable, readDefinition, readKeyed, withReadEdits } from "../simulator/input/read-definition";
import type { ReadScenario, Scenario } from "../simulator/input/scenario";

/** What can be simulated: the arguments of a HogFlow, a keyed definition, or the JSON that PostHog returns. */
export type FlowSource = HogFlowArgs | FlowDefinition | object;

/**
 * Reads a flow.
 *
 * @throws Error that lists everything that is wrong with it, and outputs without a given value.
 */
export function readFlow(source: FlowSource, outputs: Readonly<Record<string, unknown>> = {}): ReadFlow {
  checkReadable(source);
  const isDefinition = Array.isArray(source["actions"]) || (isDict(source["actions"]) && !hasOutputs(source));
  return isDefinition ? readDefinition(source) : readKeyed(converted(source, outputs));
}

/** Reads the flows of a scenario's edits. */
export const readScenario = (scenario: Scenario): ReadScenario =>
  withReadEdits(scenario, (flow) => readFlow(flow, scenario.outputs));

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
      `The flow has outputs, and only Pulumi knows their values: ${missing.join(", ")}. Give them by path, simulate(flow, { outputs: { ${JSON.stringify(missing[0])}: … } }), or take the flow from its program with \`flowsOf\``,
    );
  return definition;
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

// Simulations for the command: a flow from a file, people from JSON, the path of a run for a drawing.
import { readdirSync } from "node:fs";
import path from "node:path";
import type { Dict } from "../definition/canonical/values";
import { readTextFile } from "../definition/text-file";
import type { Many, Run, Scenario, Simulation } from "../testing";
import { checkScenario } from "../simulator/input/check-scenario";
import { OperateError } from "./errors";
import { flowFromJson, type FoundFlow } from "./flow-source";
import { edgeId } from "./graph/edges";
import type { Marks } from "./graph/draw";

/** Whom to simulate. */
export interface SimulateOptions {
  /** What happens around the flow. */
  scenario?: Scenario;
  /** Simulates this many people, made from the flow's own filters, instead of one. */
  many?: number;
}

/** One simulation, or the counts of many. */
export type Simulated = { flow: FoundFlow } & ({ one: Simulation; many?: undefined } | { one?: undefined; many: Many });

/**
 * Simulates the flow of a JSON text.
 *
 * @param name What to call the text in errors.
 * @throws OperateError when it is not a flow, or nothing says what starts it.
 * @example
 * ```ts
 * const { one } = await simulateJson(readFileSync("flow.json", "utf8"), "flow.json", { scenario: { trigger: "user signed up" } });
 * console.log(one?.timeline());
 * ```
 */
export async function simulateJson(text: string, name: string, options?: SimulateOptions): Promise<Simulated> {
  return simulateFlow(flowFromJson(text, name), name, options);
}

/** Simulates a flow that was found; `name` is what errors call it. */
export async function simulateFlow(
  flow: FoundFlow,
  name: string,
  { scenario = {}, many }: SimulateOptions = {},
): Promise<Simulated> {
  // Only now: it takes the Pulumi SDK along, which other commands do not need.
  const { arbitrary, simulate, simulateMany } = await import("../testing/index.js");
  try {
    if (many !== undefined)
      return {
        flow,
        many: simulateMany(
          flow.definition,
          arbitrary(flow.definition, {
            count: many,
            base: scenario,
            ...(typeof scenario.random === "number" ? { seed: scenario.random } : {}),
          }),
        ),
      };
    return { flow, one: simulate(flow.definition, scenario) };
  } catch (error) {
    throw new OperateError({
      what: `${name} cannot be simulated: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

/**
 * The path of a run, as `drawFlow` marks it.
 *
 * @example
 * ```ts
 * const { flow, one } = await simulateJson(readFileSync("flow.json", "utf8"), "flow.json", { scenario: { trigger: "user signed up" } });
 * if (one) drawFlow(flow.definition, wayOf(one.runs[0]!, "trigger_node"));
 * ```
 */
export function takenPath({ steps }: Pick<Run, "steps">, triggerId: string): Marks {
  const edges = steps.flatMap(({ id, branch, to }) =>
    to === undefined ? [] : [edgeId({ from: id, branch: branch ?? "next" })],
  );
  return {
    takenSteps: new Set([triggerId, ...steps.map(({ id }) => id)]),
    takenEdges: new Set(steps.length === 0 ? [] : [edgeId({ from: triggerId, branch: "next" }), ...edges]),
  };
}

/** People that a project keeps, by name. */
export interface KeptPerson {
  name: string;
  scenario: Scenario;
  /** Names of resources or titles of flows that they are for. Default: every flow that the scenario's trigger fits. */
  flows?: readonly string[];
}

/**
 * Reads the people that a project keeps: each JSON file of the folder is a scenario, its name says who that is, and `flows` which flows it is for.
 *
 * @throws OperateError when a file is not a JSON object, or has members that no scenario has.
 * @example
 * ```ts
 * readPeople("people"); // [{ name: "free plan", scenario: { person: { properties: { plan: "free" } } } }]
 * ```
 */
export function readPeople(folder: string): KeptPerson[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => {
      const name = path.join(folder, file);
      const { flows, ...scenario } = objectFrom(readTextFile(name), name);
      checked(scenario, name);
      return {
        name: file.replace(/\.json$/, "").replace(/[-_]+/g, " "),
        scenario,
        ...(Array.isArray(flows) ? { flows: flows.map(String) } : {}),
      };
    });
}

/**
 * A scenario from JSON.
 *
 * @param name What to call the text in errors.
 * @throws OperateError when it is not a JSON object, or has members that no scenario has.
 * @example
 * ```ts
 * scenarioFrom('{ "person": { "properties": { "plan": "free" } } }', "free.json");
 * ```
 */
export function scenarioFrom(text: string, name: string): Scenario {
  const scenario = objectFrom(text, name);
  checked(scenario, name);
  return scenario;
}

function checked(scenario: Scenario, name: string): void {
  try {
    checkScenario(scenario);
  } catch (error) {
    throw new OperateError({ what: `${name}: ${(error as Error).message}` });
  }
}

function objectFrom(text: string, name: string): Dict {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OperateError({
      what: `${name} is not JSON`,
      why: error instanceof Error ? error.message : String(error),
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new OperateError({
      what: `${name} is no scenario`,
      why: "A scenario is a JSON object",
      fix: 'Write for example { "person": { "properties": { "plan": "free" } }, "trigger": "user signed up" }',
    });
  return value as Dict;
}

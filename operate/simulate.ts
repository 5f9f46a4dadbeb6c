// Simulations for the command: a flow from a file, the path of a run for a drawing.
import type { Many, Run, Scenario, Simulation } from "../testing";
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

// `simulate`: reads the flow and the scenario, and hands both to the simulator.
import { checkScenario } from "../simulator/input/check-scenario";
import type { Scenario } from "../simulator/input/scenario";
import type { Simulation } from "../simulator/result/simulation";
import { simulateModel } from "../simulator/simulate";
import { modelOf } from "../simulator/world/flow-model";
import { readFlow, readScenario, type FlowSource } from "./read-flow";

/**
 * Runs a flow in virtual time, without network: who gets what, when, and why it ends.
 *
 * @param flow Arguments of a HogFlow, a keyed definition, or the JSON that PostHog returns. It counts as active, whatever its status.
 * @param scenario People, signals, time, chance, answers of the outside world.
 * @throws Error when the flow or the scenario cannot be read. What PostHog would refuse at run time is part of the result, not an error.
 * @example
 * const run = simulate(flow, { person: { properties: { plan: "free" } }, trigger: "user signed up", events: [{ event: "project created", at: "+2h" }] });
 * run.messages.map(({ step, after }) => [step, after]);
 * run.end.how; // "exit"
 */
export function simulate(flow: FlowSource, scenario: Scenario = {}): Simulation {
  checkScenario(scenario);
  return simulateModel(modelOf(readFlow(flow, scenario.outputs)), readScenario(scenario));
}

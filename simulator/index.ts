// The front door of the simulator for those who have a definition. Programs and tests come by testing/, which reads arguments of a HogFlow, too.
import { checkScenario } from "./input/check-scenario";
import { readDefinition, withReadEdits } from "./input/read-definition";
import type { Scenario } from "./input/scenario";
import type { Simulation } from "./result/simulation";
import { simulateModel } from "./simulate";
import { modelOf } from "./world/flow-model";

/** Runs a keyed definition, or the JSON that PostHog returns, in virtual time. */
export function simulate(flow: object, scenario: Scenario = {}): Simulation {
  checkScenario(scenario);
  return simulateModel(modelOf(readDefinition(flow)), withReadEdits(scenario, readDefinition));
}

// Many simulations: each function reads the flows and scenarios that it is given, and hands them to the simulator.
import { peopleFor, type ArbitraryOptions } from "../simulator/arbitrary/arbitrary";
import type { Scenario } from "../simulator/input/scenario";
import { differencesFor, type Difference } from "../simulator/many/difference";
import { simulateEach } from "../simulator/many/many";
import type { Many } from "../simulator/many/result";
import { differencesText, linesByText } from "../simulator/report/difference";
import { modelOf } from "../simulator/world/flow-model";
import { readFlow, readScenario, type FlowSource } from "./read-flow";

/**
 * Simulates a flow for many people: counts by step, branch and path, coverage, and examples for each.
 *
 * @param people A list or a generator of scenarios, such as `arbitrary(flow)`. It is read once; values of `outputs` are taken from the first of a list that has some.
 * @throws Error when the flow or a scenario cannot be read.
 * @example
 * const many = simulateMany(flow, [{ person: { properties: { plan: "free" } } }, { person: { properties: { plan: "pro" } } }]);
 * many.steps["upgrade"]?.count; // 1
 */
export function simulateMany(flow: FlowSource, people: Iterable<Scenario>): Many {
  return simulateEach(modelOf(readFlow(flow, firstOutputs(people))), people, readScenario);
}

/** Outputs are given once, in the first scenario of a list. */
function firstOutputs(people: Iterable<Scenario>): Scenario["outputs"] {
  return Array.isArray(people) ? (people as Scenario[]).find(({ outputs }) => outputs)?.outputs : undefined;
}

/**
 * Scenarios from the flow's own filters: values that satisfy each condition and values that do not, the events that its waits wait for, answers that fail,
 * and for branches that none of these takes, people who are led there step by step. The same flow, count and seed always give the same scenarios.
 *
 * @returns `count` scenarios. `simulateMany` names what they do not reach, with the reason; a Hog expression, for example, is never satisfied on purpose.
 * @throws Error when the flow cannot be read.
 * @example
 * const many = simulateMany(flow, arbitrary(flow, { count: 200, base: { testAccounts: [] } }));
 * many.coverage.branches.missed; // branches that nobody took, and why
 */
export function arbitrary(flow: FlowSource, { count = 500, seed = 1, base = {} }: ArbitraryOptions = {}): Scenario[] {
  const model = modelOf(readFlow(flow, base.outputs));
  const { edits } = base;
  const people = peopleFor(model, { count, seed, base: readScenario(base) });
  // Who takes a scenario reads its flows again.
  return edits === undefined ? people : people.map((scenario) => ({ ...scenario, edits }));
}

/**
 * Simulates both versions of a flow for the same people, and describes the difference: which messages and requests are removed, added, moved in time or changed.
 *
 * @param people Scenarios by a name that a reader understands.
 * @throws Error when one of the flows, or a scenario, cannot be read.
 * @returns Sentences, grouping people with the same difference; empty when nothing changes for them.
 * @example
 * behaviourDifference(before, after, { "free plan": { person: { properties: { plan: "free" } } } });
 * // ["free plan: no longer gets *Pro tips*; gets *Upgrade* on day 3"]
 */
export function behaviourDifference(
  before: FlowSource,
  after: FlowSource,
  people: Readonly<Record<string, Scenario>>,
): string[] {
  return linesByText(
    Object.entries(people).map(([name, scenario]) => ({
      name,
      text: differencesText(differencesBetween(before, after, scenario)),
    })),
  );
}

/** What one person notices, as data. */
function differencesBetween(before: FlowSource, after: FlowSource, scenario: Scenario): Difference[] {
  const [old, now] = [before, after].map((flow) => modelOf(readFlow(flow, scenario.outputs)));
  return differencesFor(old!, now!, readScenario(scenario));
}

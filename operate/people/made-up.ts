// People for a project that keeps none: made from the flows' own filters, so that together they come to as many steps and branches as a few people can.
import { triggerOf } from "../../definition/canonical/canonical";
import { isDict, own } from "../../definition/canonical/values";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { peopleFor } from "../../simulator/arbitrary/arbitrary";
import type { Scenario } from "../../simulator/input/scenario";
import type { Simulation } from "../../simulator/result/simulation";
import { simulateModel } from "../../simulator/simulate";
import { listWords, valueWords } from "../words/values";
import { readySide, type FlowSide } from "./flow-side";
import type { KeptPerson } from "./kept";

/** How many are tried for each flow; those that add nothing are left out. */
const TRIED = 40;
/** People that a reader can still follow; a stack with more flows has one for each. */
const FEW = 12;
const MOST_PER_FLOW = 3;

/**
 * Made-up people for these flows, at least one for each that can be simulated and up to three. The same flows always give the same people. Their names say
 * what their properties are: `Made-up person 2 (plan: "free")`.
 *
 * @example
 * ```ts
 * const people = kept.length > 0 ? kept : madeUpPeople(flows);
 * ```
 */
export function madeUpPeople(flows: readonly { name: string; side: FlowSide }[]): KeptPerson[] {
  const most = Math.max(1, Math.min(MOST_PER_FLOW, Math.floor(FEW / Math.max(1, flows.length))));
  return flows
    .flatMap(({ name, side }) => {
      // Whom an event starts may start other flows, too. A request or a row means one flow.
      const isOnlyHere = startOf(side) !== "event";
      return scenariosFor(side, most).map((scenario) => ({ scenario, ...(isOnlyHere ? { flows: [name] } : {}) }));
    })
    .map(({ scenario, ...rest }, i) => {
      const named = withAddress(scenario, i + 1);
      return { name: `Made-up person ${i + 1}${propertyWords(named)}`, scenario: named, ...rest };
    });
}

const startOf = ({ definition }: FlowSide) =>
  triggerKindOf(own(triggerOf(definition["actions"])?.step["config"], "type"))?.startedBy;

function scenariosFor(side: FlowSide, most: number): Scenario[] {
  const { model } = readySide(side);
  // A run without a person needs nobody.
  if (model === undefined || model.trigger.type === "schedule") return [];
  try {
    const tried = peopleFor(model, { count: TRIED, seed: 1, base: BASE }).map((scenario) => ({
      scenario,
      seen: seenIn(simulateModel(model, scenario)),
    }));
    const seen = new Set<string>();
    const chosen: Scenario[] = [];
    while (chosen.length < most) {
      const gain = (candidate: { seen: string[] }): number => candidate.seen.filter((each) => !seen.has(each)).length;
      const best = tried.reduce((one, other) => (gain(other) > gain(one) ? other : one));
      if (gain(best) === 0) break;
      best.seen.forEach((each) => seen.add(each));
      chosen.push(best.scenario);
    }
    return chosen;
  } catch {
    // The calendar says why it cannot be simulated.
    return [];
  }
}

/** Steps and branches that somebody came to. */
const seenIn = ({ runs }: Simulation): string[] => [
  ...new Set(runs.flatMap(({ steps }) => steps.flatMap(({ id, branch }) => [id, `${id} ${branch ?? "next"}`]))),
];

/** An address for everybody, unless the flow asks for another one, or for none. */
const ADDRESS = "person@example.com";
const BASE = { person: { properties: { email: ADDRESS } } };

/** With an address that goes with the name. */
function withAddress(scenario: Scenario, number: number): Scenario {
  const { person } = scenario;
  return person?.properties?.["email"] === ADDRESS
    ? {
        ...scenario,
        person: { ...person, properties: { ...person.properties, email: `person-${number}@example.com` } },
      }
    : scenario;
}

const MOST_PROPERTIES = 3;

function propertyWords({ person }: Scenario): string {
  const properties = Object.entries(person?.properties ?? {})
    .filter(([key, value]) => key !== "email" && !isDict(value))
    .slice(0, MOST_PROPERTIES)
    .map(([key, value]) => `${key}: ${valueWords(value)}`);
  return properties.length === 0 ? "" : ` (${listWords(properties, "and")})`;
}

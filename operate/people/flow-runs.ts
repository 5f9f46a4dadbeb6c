// Sends one person through one side of a flow: their runs with their story, and messages and requests with their contents.
import { triggerOf } from "../../definition/canonical/canonical";
import { isDict, own } from "../../definition/canonical/values";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { readDefinition, withReadEdits } from "../../simulator/input/read-definition";
import type { Scenario } from "../../simulator/input/scenario";
import type { Outcome } from "../../simulator/many/difference";
import type { Simulation } from "../../simulator/result/simulation";
import { simulateModel } from "../../simulator/simulate";
import { DoesNotStart } from "../../simulator/world/trigger";
import type { ReadySide } from "./flow-side";
import type { KeptPerson } from "./kept";

/** What one start made of a person. */
export interface Start extends Outcome {
  /** When day 0 began; ISO in UTC. */
  started: string;
}

/** What happens to a person in a flow. */
export interface FlowRuns {
  /** One for each schedule, else one. What others of the scenario did is left out. */
  starts: Start[];
  /** What was assumed to start it: any event, where the person's file names none; one start, where no schedule starts it. */
  assumed?: "event" | "start";
  /** What is not known about it, in words. */
  doubts: string[];
}

/** How long people are followed; most flows are over by then, and one that goes in circles never is. */
const HORIZON_DAYS = 366;
const HORIZON = `+${HORIZON_DAYS}d`;

/** The end of nothing. */
export const NOT_STARTED: Outcome["end"] = {
  how: "not_started",
  status: "none",
  at: new Date(0).toISOString(),
  after: 0,
  reason: "",
};

/** An event that no flow is about, for people who only have later ones. */
const NO_EVENT = { event: "hogflow: none" };

/**
 * How a person starts a flow.
 *
 * @param hasSchedules Whether the stack has a schedule for it, before or after the change: without any, one start is assumed.
 */
function startsOf(
  { scenario, flows }: KeptPerson,
  { side }: ReadySide,
  hasSchedules: boolean,
): { scenarios: Scenario[]; assumed?: FlowRuns["assumed"] } {
  const { trigger, edits, ...rest } = { until: HORIZON, ...scenario };
  const isNamed = flows !== undefined;
  const base: Scenario = isNamed && edits ? { ...rest, edits } : rest;
  const type = own(triggerOf(side.definition["actions"])?.step["config"], "type");
  const isKind = (key: string): boolean => typeof trigger === "object" && key in trigger;
  switch (triggerKindOf(type)?.startedBy) {
    case "schedule":
      if (type === "schedule" && !isNamed) return { scenarios: [] };
      if (!hasSchedules) return { scenarios: [base], assumed: "start" };
      return {
        scenarios: side.schedules.map(({ variables }) => ({
          ...base,
          variables: { ...(isDict(variables) ? variables : {}), ...base.variables },
        })),
      };
    case "request":
      return isKind("request") || isNamed
        ? { scenarios: [{ ...base, ...(trigger ? { trigger } : {}) }] }
        : { scenarios: [] };
    case "row":
      return isKind("row") || isNamed
        ? { scenarios: [{ ...base, ...(trigger ? { trigger } : {}) }] }
        : { scenarios: [] };
    default:
      if (isKind("request") || isKind("row"))
        return { scenarios: base.events?.length ? [{ ...base, trigger: NO_EVENT }] : [] };
      return trigger === undefined ? { scenarios: [base], assumed: "event" } : { scenarios: [{ ...base, trigger }] };
  }
}

/**
 * All runs of a person in one side of a flow. Never throws: what cannot be simulated is a doubt.
 *
 * @param hasSchedules Whether the stack has a schedule for it: without any, one start is assumed.
 */
export function flowRunsOf(person: KeptPerson, ready: ReadySide, hasSchedules: boolean): FlowRuns {
  const { model } = ready;
  if (model === undefined) return { starts: [], doubts: ready.doubts };
  try {
    const { scenarios, assumed } = startsOf(person, ready, hasSchedules);
    const simulations = scenarios.map((scenario) => simulateModel(model, withReadEdits(scenario, readDefinition)));
    return runsOf(person, ready, { simulations, assumed });
  } catch (error) {
    // People who are for every flow do not start each of them.
    if (error instanceof DoesNotStart && person.flows === undefined) return { starts: [], doubts: [] };
    const reason = error instanceof Error ? error.message : String(error);
    return { starts: [], doubts: [`${person.name} cannot be simulated: ${reason}`] };
  }
}

function runsOf(
  { scenario }: KeptPerson,
  { doubts }: ReadySide,
  { simulations, assumed }: { simulations: readonly Simulation[]; assumed: FlowRuns["assumed"] },
): FlowRuns {
  const others = new Set((scenario.others ?? []).map(({ distinctId }, i) => distinctId ?? `person-${i + 2}`));
  const starts = simulations.map((simulation) => mine(simulation, others));
  const runs = starts.flatMap((start) => start.runs);
  const isCut = scenario.until === undefined && runs.some(({ end }) => end.how === "still_running");
  return {
    starts,
    doubts: [
      ...doubts,
      ...new Set(simulations.flatMap(({ notSimulated }) => notSimulated)),
      ...runs.flatMap(({ end }) => (end.how === "not_simulated" || end.how === "endless" ? [end.reason] : [])),
      ...(isCut ? [`people are followed for ${HORIZON_DAYS} days, and some are still in it then`] : []),
    ],
    ...(assumed && runs.length > 0 ? { assumed } : {}),
  };
}

/** Of a simulation with other people in it, what is about the person. */
function mine({ started, ...simulation }: Simulation, others: ReadonlySet<string>): Start {
  const runs = simulation.runs.filter(({ person }) => person === undefined || !others.has(person));
  const numbers = new Set(runs.map(({ number }) => number));
  const ofThem = <T extends { run: number }>(items: readonly T[]): T[] => items.filter(({ run }) => numbers.has(run));
  return {
    started,
    runs,
    messages: ofThem(simulation.messages),
    requests: ofThem(simulation.requests),
    end: others.size === 0 ? simulation.end : (runs[0]?.end ?? NOT_STARTED),
  };
}

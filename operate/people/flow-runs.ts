// Sends one person through one side of a flow: their runs with their story, and messages and requests with their contents.
import { triggerOf } from "../../definition/canonical/canonical";
import { nextOccurrences } from "../../definition/canonical/recurrence";
import { isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { DAY_MS } from "../../definition/lengths";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { readDefinition, withReadEdits } from "../../simulator/input/read-definition";
import type { Scenario } from "../../simulator/input/scenario";
import type { Outcome } from "../../simulator/many/difference";
import type { Simulation } from "../../simulator/result/simulation";
import { simulateModel } from "../../simulator/simulate";
import type { Observer } from "../../simulator/world/observer";
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

/** Real dates, in place of the simulator's own start and one run of each schedule. */
export interface Dates {
  /** When people start, unless their file says it; Unix milliseconds. */
  from: number;
  /** How many days the runs of schedules are looked at. */
  days: number;
}

/** How people are sent through a flow. */
export interface RunOptions {
  /** Whether the stack has a schedule for it: without any, one start is assumed. */
  hasSchedules: boolean;
  /** Default: the simulator's start, and one run of each schedule at it. */
  dates?: Dates | undefined;
  /** Watches what happens to the person, and to others of the scenario. */
  observer?: Observer;
}

/** Most runs of one schedule: every day of a month. */
const MOST_OCCURRENCES = 31;

/** An event that no flow is about, for people who only have later ones. */
const NO_EVENT = { event: "hogflow: none" };

/** How a person starts a flow. */
function startsOf(
  { scenario, flows }: KeptPerson,
  { side }: ReadySide,
  { hasSchedules, dates }: RunOptions,
): { scenarios: Scenario[]; assumed?: FlowRuns["assumed"] } {
  // Whoever has a clock of their own has one in which the dates of schedules mean nothing.
  const isDated = dates !== undefined && scenario.clock === undefined;
  const { trigger, edits, ...rest } = { until: HORIZON, ...(isDated ? { clock: dates.from } : {}), ...scenario };
  const isNamed = flows !== undefined;
  const base: Scenario = isNamed && edits ? { ...rest, edits } : rest;
  const type = own(triggerOf(side.definition["actions"])?.step["config"], "type");
  const isKind = (key: string): boolean => typeof trigger === "object" && key in trigger;
  switch (triggerKindOf(type)?.startedBy) {
    case "schedule":
      if (type === "schedule" && !isNamed) return { scenarios: [] };
      if (!hasSchedules) return { scenarios: [base], assumed: "start" };
      return {
        scenarios: side.schedules.flatMap((schedule): Scenario[] => {
          const { variables } = schedule;
          const started = {
            ...base,
            variables: { ...(isDict(variables) ? variables : {}), ...base.variables },
          };
          if (!isDated || base.schedule) return [started];
          const recurrence = occurrencesIn(schedule, dates);
          return recurrence === undefined ? [] : [{ ...started, schedule: recurrence }];
        }),
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

/** The occurrences within these days; undefined where there are none. */
function occurrencesIn({ rrule, startsAt, timezone }: Dict, { from, days }: Dates): Scenario["schedule"] {
  if (typeof rrule !== "string" || typeof startsAt !== "string" || [rrule, startsAt, timezone].some(isUnknown))
    throw new Error("when its schedule runs is known only during `pulumi up`");
  const zone = typeof timezone === "string" ? timezone : "UTC";
  const next = nextOccurrences({ rule: rrule, startsAt, zone }, { after: from - 1, count: MOST_OCCURRENCES });
  const occurrences = next.filter((instant) => instant < from + days * DAY_MS).length;
  return occurrences === 0 ? undefined : { rrule, startsAt, timezone: zone, occurrences };
}

/** All runs of a person in one side of a flow. Never throws: what cannot be simulated is a doubt. */
export function flowRunsOf(person: KeptPerson, ready: ReadySide, options: RunOptions): FlowRuns {
  const { model } = ready;
  if (model === undefined) return { starts: [], doubts: ready.doubts };
  try {
    const { scenarios, assumed } = startsOf(person, ready, options);
    const simulations = scenarios.map((scenario) =>
      simulateModel(model, withReadEdits(scenario, readDefinition), options.observer),
    );
    return runsOf(person, ready, { simulations, assumed });
  } catch (error) {
    // People who are for every flow do not start each of them.
    if (error instanceof DoesNotStart && person.flows === undefined) return { starts: [], doubts: [] };
    const reason = error instanceof Error ? error.message : String(error);
    return { starts: [], doubts: [`${person.name} cannot be simulated: ${reason}`] };
  }
}

/** Distinct ids of the others in a scenario. */
export const othersOf = ({ others = [] }: Pick<Scenario, "others">): ReadonlySet<string> =>
  new Set(others.map(({ distinctId }, i) => distinctId ?? `person-${i + 2}`));

function runsOf(
  { scenario }: KeptPerson,
  { doubts }: ReadySide,
  { simulations, assumed }: { simulations: readonly Simulation[]; assumed: FlowRuns["assumed"] },
): FlowRuns {
  const others = othersOf(scenario);
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

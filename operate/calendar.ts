// The calendar of sample people: who gets what, when and from which flow, over all flows of one side, with collisions and the story of every run.
import { isKnownOff } from "../provider/flow/in-flight";
import type { Run } from "../simulator/result/run";
import { collisionsIn, type Collision } from "./people/collisions";
import { sentIn, type Sent } from "./people/deliveries";
import { flowRunsOf, type Dates, type FlowRuns } from "./people/flow-runs";
import { readySide, type FlowSide } from "./people/flow-side";
import { NOBODY, peopleFor, type KeptPerson } from "./people/kept";

/** A flow of the calendar. */
export interface CalendarFlow {
  /** What tells it from all others: its URN, for example. */
  key: string;
  /** Logical name in the program. */
  name: string;
  /** Title in PostHog. */
  title: string;
}

/** Something that a person gets, or that is sent for them. */
export type Delivery = Sent & {
  flow: CalendarFlow;
  /** Whether the day is only assumed: nothing says when the person starts the flow. */
  isAssumed: boolean;
  /** Whether nobody knows if its flow is active. */
  isMaybe: boolean;
};

/** A run of a person, with its story. */
interface CalendarRun {
  flow: CalendarFlow;
  run: Run;
  isAssumed: boolean;
}

/** What one person gets. */
export interface PersonCalendar {
  person: KeptPerson;
  /** The moment at which the person starts, on day 0; ISO in UTC. Absent of somebody who enters no flow. */
  started?: string;
  /** By time, over all flows. */
  deliveries: Delivery[];
  /** Every run, by time, also of flows that send nothing. */
  runs: CalendarRun[];
  /** In the order of their first e-mail. */
  collisions: Collision[];
}

/** Who gets what when. */
export interface Calendar {
  /** In the order of the people that were given; a schedule's runs without a person come last. */
  people: PersonCalendar[];
  /** Flows that are switched off, so that nobody gets anything from them. */
  off: (CalendarFlow & { status: string })[];
  /** Flows that no sample person enters. */
  unentered: CalendarFlow[];
  /** What is not known of a flow, in words, and for whom. */
  doubts: { flow: CalendarFlow; people: string[]; words: string }[];
  /** People whose file names no trigger: they start each flow that waits for an event, on day 0. */
  assumedEvents: string[];
  /** Flows that no schedule starts: one start on day 0 is assumed. */
  assumedStarts: CalendarFlow[];
}

/** What was simulated, by side and name of the person. */
export type KnownRuns = WeakMap<FlowSide, Map<string, FlowRuns>>;

/** Most e-mails that a person may get in seven days. */
export const PER_WEEK = 3;

/**
 * Sends every person through every flow, each flow alone, and puts together what they get. Each delivery has the message or request itself and the run that
 * sends it. A flow that is known to be off, as a draft or archived, sends nothing.
 *
 * @param flows With the side that counts: `after` of a change, for example.
 * @param options `people`: whom. `perWeek`: more e-mails than this in seven days are a collision; default 3. `withOff`: flows that are off count as active.
 *   `dates`: people start at this moment, and schedules run on their dates; default: each person at the simulator's start, and each schedule once, on day 0.
 *   `known`: what was simulated before, of sides that are the same object, with the same people and dates.
 * @example
 * ```ts
 * const flows = [{ key: "welcome", name: "welcome", title: "Onboarding", side: { definition, status: "active", schedules: [] } }];
 * const { people } = calendarOf(flows, { people: readPeople("people") });
 * people[0]?.deliveries.map(({ day, at, flow, title, message }) => [day, at, flow.title, title, message?.subject]);
 * ```
 */
export function calendarOf(
  flows: readonly (CalendarFlow & { side: FlowSide })[],
  {
    people,
    perWeek = PER_WEEK,
    withOff = false,
    dates,
    known = new WeakMap(),
  }: { people: readonly KeptPerson[]; perWeek?: number; withOff?: boolean; dates?: Dates; known?: KnownRuns },
): Calendar {
  const calendar: Calendar = { people: [], off: [], unentered: [], doubts: [], assumedEvents: [], assumedStarts: [] };
  const lanes = new Map<string, PersonCalendar>(people.map((person) => [person.name, laneOf(person)]));
  for (const { side, ...flow } of flows) {
    if (isKnownOff(side.status) && !withOff) {
      calendar.off.push({ ...flow, status: String(side.status) });
      continue;
    }
    const ready = readySide(side);
    let isEntered = false;
    const runs = known.get(side) ?? new Map<string, FlowRuns>();
    known.set(side, runs);
    for (const person of peopleFor(people, flow, [side])) {
      const found =
        runs.get(person.name) ?? flowRunsOf(person, ready, { hasSchedules: side.schedules.length > 0, dates });
      runs.set(person.name, found);
      note(calendar, { flow, person, found });
      if (found.starts.every(({ runs }) => runs.length === 0)) continue;
      isEntered = true;
      const lane = lanes.get(person.name) ?? laneOf(person);
      lanes.set(person.name, lane);
      add(lane, { flow, found, isMaybe: side.status === undefined });
    }
    if (!isEntered) calendar.unentered.push(flow);
  }
  for (const lane of lanes.values()) {
    lane.deliveries.sort((a, b) => a.sinceDayZero - b.sinceDayZero);
    lane.runs.sort((a, b) => (a.run.started < b.run.started ? -1 : a.run.started > b.run.started ? 1 : 0));
    // Runs without a person go to as many as there are.
    if (lane.person.name !== NOBODY) lane.collisions = collisionsIn(lane.deliveries, perWeek);
    calendar.people.push(lane);
  }
  return calendar;
}

const laneOf = (person: KeptPerson): PersonCalendar => ({ person, deliveries: [], runs: [], collisions: [] });

function add(
  lane: PersonCalendar,
  { flow, found, isMaybe }: { flow: CalendarFlow; found: FlowRuns; isMaybe: boolean },
): void {
  const isAssumed = found.assumed !== undefined;
  lane.started ??= found.starts[0]?.started;
  for (const { runs } of found.starts) for (const run of runs) lane.runs.push({ flow, run, isAssumed });
  for (const sent of sentIn(lane.person, found.starts)) lane.deliveries.push({ ...sent, flow, isAssumed, isMaybe });
}

/** What a reader has to know of it. */
function note(
  { doubts, assumedEvents, assumedStarts }: Calendar,
  { flow, person, found }: { flow: CalendarFlow; person: KeptPerson; found: FlowRuns },
): void {
  for (const words of new Set(found.doubts)) {
    const known = doubts.find((doubt) => doubt.flow.key === flow.key && doubt.words === words);
    if (known) known.people.push(person.name);
    else doubts.push({ flow, people: [person.name], words });
  }
  if (found.assumed === "event" && !assumedEvents.includes(person.name)) assumedEvents.push(person.name);
  if (found.assumed === "start" && !assumedStarts.some(({ key }) => key === flow.key)) assumedStarts.push(flow);
}

// What a change means for the sample people of a project: each goes through all flows of the stack, before and after. It reassures only where nothing of it
// is in doubt.
import { isDict, own, put, type Dict } from "../../definition/canonical/values";
import { isKnownOff } from "../../provider/flow/in-flight";
import { differencesOf } from "../../simulator/many/difference";
import { differencesText, linesByText } from "../../simulator/report/difference";
import { isToPeople } from "../people/deliveries";
import { readySide } from "../people/flow-side";
import { NOBODY, peopleFor, type KeptPerson } from "../people/kept";
import { doesWords, titleOf } from "../words/steps";
import { fewWords, firstWords, listWords, valueWords } from "../words/values";
import type { FlowReview, Review } from "./review";
import { ABSENT, dayOf, passageOf, type Delivery, type FlowToPass, type Passage } from "./simulate-people";
import { sends, type StackFlow } from "./stack-flows";
import { timelineWords } from "./timeline-words";

/** What one person gets, under one reading of the statuses that nobody knows. */
interface PersonChange {
  name: string;
  /** In words; empty where nothing differs. */
  text: string;
  before: Delivery[];
  after: Delivery[];
}

/** What is sent to somebody by several flows. */
interface Overlap {
  /** Names of the people. */
  people: string[];
  day: number;
  /** Titles of the flows, in quotes. */
  flows: string[];
  /** How many flows it was before. */
  was: number;
}

/** The same message, to the same person, from several flows or schedules. */
interface Repeat {
  people: string[];
  title: string;
  flows: string[];
  times: number;
}

/** What somebody reads first of a message. */
export interface MessageExample {
  /** Name of the person. */
  person: string;
  /** The subject or title, or the first line of a text message, as it arrives. */
  text: string;
}

/** What a change means for sample people. */
export interface Behaviour {
  /** How many there are. */
  count: number;
  /** Sentences about the flows that change, by URN. */
  flows: Readonly<Record<string, readonly string[]>>;
  /** What a step that fills something in sends to one of them, by URN of a flow that changes and by step. */
  examples: Readonly<Record<string, Readonly<Record<string, MessageExample>>>>;
  /** Who gets what and when, where that differs, in words. */
  people: readonly string[];
  /** What of it nobody can say, in words. Empty: everything was simulated. */
  doubts: readonly string[];
  /** What was taken for granted, in words. */
  assumptions: readonly string[];
  overlaps: readonly Overlap[];
  repeats: readonly Repeat[];
  /** Whether every sample person gets exactly what they got, and nothing is in doubt. */
  isClear: boolean;
}

/** Most simulations of one review: 200 flows with 20 people take some 8,000. */
const MOST_SIMULATIONS = 20_000;

interface Way {
  person: KeptPerson;
  flow: StackFlow;
  before: Passage;
  after: Passage;
}

/**
 * Simulates every sample person through every flow of the stack, before and after.
 *
 * @param given `flows`: all that the preview shows, as `stackFlows` has them. `most`: simulations; default 20,000.
 * @example
 * ```ts
 * const preview = parsePreview(readFileSync("preview.json", "utf8"));
 * const review = reviewOf(preview, { now: Date.now() });
 * const behaviour = behaviourOf(review, { flows: stackFlows(preview, new Map()), people: readPeople("people") });
 * behaviour.people; // ["free plan: 1 e-mail on day 3, was none: Upgrade (new)"]
 * ```
 */
export function behaviourOf(
  review: Review,
  {
    flows,
    people,
    most = MOST_SIMULATIONS,
  }: { flows: readonly StackFlow[]; people: readonly KeptPerson[]; most?: number },
): Behaviour {
  const doubts = new Set<string>();
  const ways = waysOf(flows, people, { doubts, most });
  const reviews = new Map(review.flows.map((flow) => [flow.resource.urn, flow]));
  if (people.length === 0) doubts.add("the folder has no sample people");
  if (review.problems.length > 0) doubts.add("the preview failed, so it does not show every change");
  for (const flow of flows)
    if (flow.isChanged)
      for (const doubt of doubtsOf(flow, reviews.get(flow.urn), ways)) doubts.add(`“${flow.title}”: ${doubt}`);
  const named = namesOfWays(ways);
  const readings = readingsOf(flows, ways);
  const changes = readings.flatMap(({ prefix, people: found }) => {
    const lines = linesByText(found, peopleNames);
    return (lines.length > 0 ? lines : ["nothing changes for your sample people."]).map((line) => prefix + line);
  });
  const [fullest] = readings;
  return {
    count: people.length,
    flows: Object.fromEntries(
      flows.flatMap((flow) =>
        flow.isChanged && reviews.has(flow.urn) ? [[flow.urn, sentences(flow, ways)] as const] : [],
      ),
    ),
    examples: examplesOf(ways),
    people: unchanged(readings) ? [] : changes,
    doubts: [...doubts],
    assumptions: assumptionsOf(flows, ways, { ...named, isWhole: review.isWhole === true }),
    overlaps: overlapsIn(fullest!.people),
    repeats: repeatsIn(fullest!.people),
    isClear: people.length > 0 && doubts.size === 0 && unchanged(readings),
  };
}

const unchanged = (readings: readonly Reading[]): boolean =>
  readings.every(({ people }) => people.every(({ text }) => text === ""));

/** What stays is the same before and after, so it is simulated once. What changes comes first, so that a limit leaves out the rest. */
function waysOf(
  flows: readonly StackFlow[],
  people: readonly KeptPerson[],
  { doubts, most }: { doubts: Set<string>; most: number },
): Way[] {
  const ways: Way[] = [];
  let left = most;
  for (const flow of [...flows].sort((a, b) => Number(b.isChanged) - Number(a.isChanged))) {
    const hasSchedules = [flow.before, flow.after].some((side) => (side?.schedules.length ?? 0) > 0);
    const all = peopleFor(people, flow, [flow.before, flow.after]);
    left -= all.length * (flow.isChanged ? 2 : 1);
    if (left < 0) {
      doubts.add(`“${flow.title}”: not simulated, because the stack is too large`);
      continue;
    }
    const [before, after] = [flow.before, flow.after].map((side) =>
      side === undefined || isKnownOff(side.status) ? undefined : { flow, ready: readySide(side) },
    );
    const pass = (person: KeptPerson, side: FlowToPass | undefined): Passage =>
      side === undefined ? ABSENT : passageOf(person, side, hasSchedules);
    for (const person of all) {
      const was = flow.isChanged ? pass(person, before) : undefined;
      const is = pass(person, after);
      if (is.enters || was?.enters || is.doubts.length > 0 || (was?.doubts.length ?? 0) > 0)
        ways.push({ person, flow, before: was ?? is, after: is });
    }
  }
  return ways;
}

/** Of the first person to whom a step sends something, and only where the step's own text does not say the same. */
function examplesOf(ways: readonly Way[]): Behaviour["examples"] {
  const found: Record<string, Record<string, MessageExample>> = {};
  for (const { person, flow, after } of ways) {
    if (!flow.isChanged) continue;
    const ofFlow = (found[flow.urn] ??= {});
    for (const [step, text] of after.examples)
      if (!Object.hasOwn(ofFlow, step) && doesWords(own(flow.after?.definition["actions"], step)) !== valueWords(text))
        put(ofFlow, step, { person: person.name, text });
  }
  return found;
}

const mayRun = (side: StackFlow["before"]): boolean => side !== undefined && !isKnownOff(side.status);

/** Why nobody may say that the people notice nothing of a flow that changes. */
function doubtsOf(flow: StackFlow, review: FlowReview | undefined, ways: readonly Way[]): string[] {
  const { before, after, unread, hasNewTimes } = flow;
  const doubts: string[] = [];
  const doubt = (words: string): void => void doubts.push(words);
  if (unread !== undefined) doubt(unread);
  if (review?.error !== undefined) doubt(review.error);
  if (!mayRun(before) && !mayRun(after)) return doubts;
  if ([before, after].some((side) => side !== undefined && side.status === undefined))
    doubt("its status is set in PostHog, and nobody knows whether it is active");
  const mine = ways.filter((way) => way.flow === flow);
  for (const each of mine) for (const words of [...each.before.doubts, ...each.after.doubts]) doubt(words);
  if (mine.every(({ before: was, after: is }) => !was.enters && !is.enters)) {
    doubt("none of the sample people enters it");
    return doubts;
  }
  if (hasNewTimes) doubt("its schedule gets other times, and only the first run of a schedule is simulated");
  const missed = touchedSteps(flow, review).filter(
    ({ id, sides }) => !mine.some((way) => sides.some((side) => way[side].visited.has(id))),
  );
  if (missed.length > 0)
    doubt(
      `none of the sample people reaches ${listWords(
        missed.map((step) => `“${step.title}”`),
        "or",
      )}`,
    );
  return doubts;
}

type Side = "before" | "after";

/** The steps of a change that somebody has to come to before anything can be said about it. */
function touchedSteps(
  { before, after }: StackFlow,
  review: FlowReview | undefined,
): { id: string; title: string; sides: Side[] }[] {
  // Where it goes live or stops, everything that it sends is new or gone.
  if (mayRun(before) !== mayRun(after)) {
    const side: Side = mayRun(after) ? "after" : "before";
    const actions = (side === "after" ? after : before)?.definition["actions"];
    return isDict(actions)
      ? Object.keys(actions).flatMap((id) =>
          sends(actions[id]) ? [{ id, title: titleOf(actions, id), sides: [side] }] : [],
        )
      : [];
  }
  const sides: Record<string, Side[]> = { added: ["after"], removed: ["before"], changed: ["before", "after"] };
  const triggers = new Set([triggerId(before?.definition), triggerId(after?.definition)]);
  return (review?.change.steps ?? []).flatMap(({ id, title, kind }) =>
    triggers.has(id) ? [] : [{ id, title, sides: sides[kind]! }],
  );
}

function triggerId(definition: Dict | undefined): string | undefined {
  const actions = definition?.["actions"];
  return isDict(actions) ? Object.keys(actions).find((id) => own(actions[id], "type") === "trigger") : undefined;
}

/** What the sample people who enter a flow notice of its change. */
function sentences(flow: StackFlow, ways: readonly Way[]): string[] {
  const { before, after } = flow;
  if (!mayRun(before) && !mayRun(after)) return [];
  const mine = ways.filter((way) => way.flow === flow);
  const entering = mine.filter(({ before: was, after: is }) => was.enters || is.enters);
  const isMaybe = [before, after].some((side) => side !== undefined && side.status === undefined);
  const prefix = isMaybe ? "If it is active: " : "";
  const noticed = entering.map(({ person, before: was, after: is }) => ({
    name: person.name,
    text: differencesText(differencesOf(was.noticed, is.noticed), (title) => `“${title}”`),
  }));
  const lines = linesByText(noticed, peopleNames);
  const same = noticed.filter(({ text }) => text === "").map(({ name }) => name);
  return [
    ...lines.map((line) => prefix + line),
    ...(same.length > 0 ? [`${prefix}${peopleNames(same)}: the same as before`] : []),
    ...(entering.length === 0 ? ["None of your sample people enters it."] : []),
  ];
}

interface Reading {
  /** Under which condition it holds. */
  prefix: string;
  people: PersonChange[];
}

/** What nobody knows has two readings; where flows that change have a known status, there is one. */
function readingsOf(flows: readonly StackFlow[], ways: readonly Way[]): Reading[] {
  const open = flows.filter(
    ({ isChanged, before, after }) =>
      isChanged && [before, after].some((side) => side !== undefined && side.status === undefined),
  );
  const read = (isActive: boolean): PersonChange[] => {
    const names = new Map<string, PersonChange>();
    for (const { person, flow, before, after } of ways) {
      const change = names.get(person.name) ?? { name: person.name, text: "", before: [], after: [] };
      names.set(person.name, change);
      const counts = (side: StackFlow["before"]): boolean =>
        side?.status !== undefined || isActive || !open.includes(flow);
      if (counts(flow.before)) change.before.push(...before.deliveries);
      if (counts(flow.after)) change.after.push(...after.deliveries);
    }
    for (const change of names.values()) change.text = timelineWords(change.before, change.after);
    return [...names.values()];
  };
  if (open.length === 0) return [{ prefix: "", people: read(true) }];
  const titles = listWords(
    open.map(({ title }) => `“${title}”`),
    "and",
  );
  const are = open.length === 1 ? "is" : "are";
  const both = [read(true), read(false)];
  const texts = (people: readonly PersonChange[]): string => people.map(({ text }) => text).join("\n");
  if (texts(both[0]!) === texts(both[1]!)) return [{ prefix: "", people: both[0]! }];
  return [
    { prefix: `If ${titles} ${are} active now: `, people: both[0]! },
    { prefix: `If ${titles} ${are} not active now: `, people: both[1]! },
  ];
}

const byDay = (deliveries: readonly Delivery[]): Map<number, Delivery[]> => {
  const days = new Map<number, Delivery[]>();
  for (const delivery of deliveries) {
    // What comes only because a start is assumed shows nothing about one day.
    if (delivery.isAssumed || !isToPeople(delivery.kind)) continue;
    days.set(dayOf(delivery), [...(days.get(dayOf(delivery)) ?? []), delivery]);
  }
  return days;
};

const flowsIn = (deliveries: readonly Delivery[] = []): Map<string, string> =>
  new Map(deliveries.map(({ urn, flow, maybe }) => [urn, maybe ? `“${flow}” (if it is active)` : `“${flow}”`]));

/** Days on which more flows than before write to somebody, and more than one. */
function overlapsIn(people: readonly PersonChange[]): Overlap[] {
  const found = new Map<string, Overlap>();
  for (const { name, before, after } of people) {
    const was = byDay(before);
    for (const [day, deliveries] of byDay(after)) {
      const flows = flowsIn(deliveries);
      const count = flowsIn(was.get(day)).size;
      if (flows.size < 2 || flows.size <= count) continue;
      const key = JSON.stringify([day, count, [...flows.keys()].sort()]);
      const overlap = found.get(key) ?? { people: [], day, flows: [...flows.values()], was: count };
      overlap.people.push(name);
      found.set(key, overlap);
    }
  }
  return [...found.values()];
}

/** What somebody gets several times on one day, and did not get so often before. */
function repeatsIn(people: readonly PersonChange[]): Repeat[] {
  const found = new Map<string, Repeat>();
  const grouped = (deliveries: readonly Delivery[]): Map<string, Delivery[]> => {
    const groups = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      if (!isToPeople(delivery.kind)) continue;
      const key = JSON.stringify([dayOf(delivery), delivery.kind, delivery.content]);
      groups.set(key, [...(groups.get(key) ?? []), delivery]);
    }
    return groups;
  };
  for (const { name, before, after } of people) {
    const was = grouped(before);
    for (const [key, deliveries] of grouped(after)) {
      if (deliveries.length < 2 || deliveries.length <= (was.get(key)?.length ?? 0)) continue;
      const flows = flowsIn(deliveries);
      const title = deliveries[0]!.title;
      const id = JSON.stringify([title, deliveries.length, [...flows.keys()].sort()]);
      const repeat = found.get(id) ?? { people: [], title, flows: [...flows.values()], times: deliveries.length };
      if (!repeat.people.includes(name)) repeat.people.push(name);
      found.set(id, repeat);
    }
  }
  return [...found.values()];
}

function namesOfWays(ways: readonly Way[]): Record<"event" | "start", string[]> {
  const names = { event: new Set<string>(), start: new Set<string>() };
  for (const { person, flow, before, after } of ways)
    for (const { assumed } of [before, after])
      if (assumed === "event") names.event.add(person.name);
      else if (assumed === "start") names.start.add(`“${flow.title}”`);
  return { event: [...names.event], start: [...names.start] };
}

const MOST_NAMES = 8;
/** Before a colon; of many, the first. */
const peopleNames = (names: readonly string[]): string => firstWords(names, MOST_NAMES);
const some = (names: readonly string[]): string => fewWords(names, MOST_NAMES);

/** In the order in which a reader would ask. */
function assumptionsOf(
  flows: readonly StackFlow[],
  ways: readonly Way[],
  { event, start, isWhole }: Record<"event" | "start", string[]> & { isWhole: boolean },
): string[] {
  const isScheduled = ways.some(({ flow }) =>
    [flow.before, flow.after].some((side) => (side?.schedules.length ?? 0) > 0),
  );
  const only = [
    ...new Set(ways.flatMap(({ person }) => (person.flows && person.name !== NOBODY ? [person.name] : []))),
  ];
  const open = flows.flatMap(({ title, isChanged, after }) =>
    !isChanged && after !== undefined && after.status === undefined ? [`“${title}”`] : [],
  );
  return [
    "Day 0 is the day on which each person starts. Each flow is simulated alone: what its steps capture or set does not reach the other flows.",
    ...(event.length > 0
      ? [
          `The files of ${some(event)} name no trigger, so these people start every flow that waits for an event, on day 0.`,
        ]
      : []),
    ...(isWhole
      ? []
      : [
          "The preview leaves out what stays, so what other flows send to the same people is not seen: `pulumi preview --json --show-sames` shows them.",
        ]),
    ...(isScheduled ? ["Each schedule runs once, on day 0."] : []),
    ...(start.length > 0 ? [`No schedule of this stack starts ${some(start)}, so one start on day 0 is assumed.`] : []),
    ...(only.length > 0 ? [`The files of ${some(only)} say for which flows they are; the others are left out.`] : []),
    ...(open.length > 0
      ? [
          `Nobody knows whether ${some(open)} ${open.length === 1 ? "is" : "are"} active; messages of ${open.length === 1 ? "it" : "them"} say so.`,
        ]
      : []),
  ];
}

// People and histories made from a flow's own filters, so that every branch is taken by somebody. Seeded: the same every time.
import { isDict, put, type Dict } from "../../provider/canonical/values";
import type { Filters, PropertyFilter } from "../../provider/schema/types";
import { applyOperator } from "../filters/operators";
import { DEFAULT_START } from "../input/moment";
import { seeded } from "../input/random";
import type { StubbedAnswer } from "../input/http";
import type { PersonUpdate } from "../input/people";
import type { Scenario } from "../input/scenario";
import type { LaterEvent, SimulatedEvent } from "../input/signals";
import { readFlow, type FlowSource } from "../input/source";
import { simulateModel } from "../simulate";
import { modelOf, type FlowModel } from "../world/flow-model";
import { questionKey, questionsOf, type Goal, type Questions } from "./questions";
import { putAt, startOf } from "./start";
import { ABSENT } from "./values";

/** How many scenarios are made, and of what. */
export interface ArbitraryOptions {
  /** How many scenarios. Default 500. */
  count?: number;
  /** Default 1. */
  seed?: number;
  /** What all of them have, for example `clock` or `testAccounts`. */
  base?: Scenario;
}

/**
 * Scenarios from the flow's own filters: values that decide each condition one way and the other, the events that its waits wait for, answers that fail.
 *
 * @example
 * const many = simulateMany(flow, arbitrary(flow));
 * many.coverage.branches.missed; // branches that nobody took, and why
 */
export function arbitrary(flow: FlowSource, { count = 500, seed = 1, base = {} }: ArbitraryOptions = {}): Scenario[] {
  const model = modelOf(readFlow(flow, base.outputs));
  const questions = questionsOf(model, DEFAULT_START);
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => scenario(model, questions, random, seed * 100_003 + i, base));
}

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** Values for all questions, by type; the goal's are satisfied. */
function answersFor(questions: Questions, random: () => number, goals: readonly Filters[]): Map<string, unknown> {
  const answers = new Map<string, unknown>();
  for (const [id, { pool }] of questions.questions) answers.set(id, pick(random, pool));
  const asked = new Map<string, PropertyFilter[]>();
  for (const property of goals.flatMap(({ properties = [], events = [] }) => [...properties, ...(events[0]?.properties ?? [])])) {
    const id = questionKey(property);
    asked.set(id, [...(asked.get(id) ?? []), property]);
  }
  for (const [id, tests] of asked) {
    const good = questions.questions.get(id)?.pool.filter((candidate) => tests.every((test) => satisfies(test, candidate))) ?? [];
    if (good.length > 0) answers.set(id, pick(random, good));
  }
  return answers;
}

const CONTEXT = { savedAt: DEFAULT_START, projectZone: "UTC", savedAtGiven: true, notSimulated: () => undefined };

function satisfies({ operator = "exact", value }: PropertyFilter, candidate: unknown): boolean {
  try {
    return applyOperator(operator, candidate === ABSENT ? null : candidate, value, CONTEXT) === true;
  } catch {
    return false;
  }
}

const propertiesOf = (questions: Questions, answers: ReadonlyMap<string, unknown>, type: string, group?: number): Dict => {
  const properties: Dict = {};
  for (const [id, question] of questions.questions) {
    const answer = answers.get(id);
    if (question.type === type && question.groupTypeIndex === group && answer !== ABSENT) put(properties, question.key, answer);
  }
  return properties;
};

function scenario(model: FlowModel, questions: Questions, random: () => number, seed: number, base: Scenario): Scenario {
  const triggerFilters = "filters" in model.trigger && isDict(model.trigger.filters) && random() < 0.95 ? [model.trigger.filters as Filters] : [];
  const goal = questions.goals.length > 0 && random() < 0.7 ? [pick(random, questions.goals)] : [];
  const answers = answersFor(questions, random, [...goal.map(({ filters }) => filters), ...triggerFilters]);
  const email = random() < 0.95 ? { email: `person-${seed}@example.com` } : {};
  const groups = groupsOf(questions, answers);
  const made: Scenario = {
    ...base,
    person: { ...base.person, properties: { ...email, ...base.person?.properties, ...propertiesOf(questions, answers, "person") } },
    ...(Object.keys(groups).length > 0 ? { groups } : {}),
    ...startOf(model, propertiesOf(questions, answers, "event")),
    random: seed,
    http: httpFor(model, questions, answers, random),
    variables: { ...propertiesOf(questions, answers, "workflow_variable"), ...base.variables },
    cohorts: questions.cohorts.filter(() => random() < 0.5),
  };
  return withSigns(model, made, questions, goal[0], random);
}

function groupsOf(questions: Questions, answers: ReadonlyMap<string, unknown>): NonNullable<Scenario["groups"]> {
  const indexes = [...new Set([...questions.questions.values()].flatMap(({ type, groupTypeIndex }) => (type === "group" ? [groupTypeIndex ?? 0] : [])))];
  return Object.fromEntries(indexes.map((index) => [`group_${index}`, { index, key: "group-1", properties: propertiesOf(questions, answers, "group", index) }]));
}

/** Answers that bring the variables which the flow asks for; now and then a step's service is down. */
function httpFor(model: FlowModel, { functions }: Questions, answers: ReadonlyMap<string, unknown>, random: () => number): Record<string, StubbedAnswer> {
  const http: Record<string, StubbedAnswer> = {};
  for (const id of functions) {
    const answer: Dict = {};
    const outputs = model.actions.get(id)?.outputVariable;
    for (const output of Array.isArray(outputs) ? outputs : [outputs]) {
      if (!isDict(output) || typeof output.key !== "string") continue;
      const { key, resultPath = "" } = output;
      const value = answers.get(questionKey({ type: "workflow_variable", key }));
      if (value !== undefined && value !== ABSENT && resultPath.startsWith("body.")) putAt(answer, resultPath.slice("body.".length).split("."), value);
    }
    http[id] = random() < 0.12 ? 500 : { status: 200, body: answer };
  }
  return http;
}

const MINUTE = 60_000;

/** Looks where the run waits, and sends what it waits for to about every second one; and now and then what converts. */
function withSigns(model: FlowModel, made: Scenario, questions: Questions, goal: Goal | undefined, random: () => number): Scenario {
  const answered = new Set(questions.waits.filter((id) => id !== goal?.step && random() < 0.5));
  let current = made;
  for (let round = 0; round < questions.waits.length; round += 1) {
    const visit = simulateModel(model, { ...current, until: "+400d" }).steps.find(({ id, parks }) => parks.length > 0 && questions.waits.includes(id) && !answered.has(id));
    if (!visit) break;
    answered.add(visit.id);
    current = withSign(model, current, questions, visit.id, visit.enteredAfter + MINUTE, random);
  }
  const goals = model.definition.conversion?.events ?? [];
  if (goals.length === 0 || random() > 0.2) return current;
  return { ...current, events: [...(current.events ?? []), ...eventFor(questions, pick(random, goals).filters, Math.floor(random() * 10) * 86_400_000 + MINUTE, random)] };
}

function withSign(model: FlowModel, made: Scenario, questions: Questions, id: string, after: number, random: () => number): Scenario {
  const step = model.actions.get(id);
  if (step?.type !== "wait_until_condition") return made;
  const signs = (step.config.events ?? []).flatMap(({ filters }) => (filters?.events?.length ? [filters] : []));
  if (signs.length > 0) return { ...made, events: [...(made.events ?? []), ...eventFor(questions, pick(random, signs), after, random)] };
  const filters = step.config.condition?.filters;
  if (!filters) return made;
  const answers = answersFor(questions, random, [filters]);
  const set: Dict = {};
  for (const property of filters.properties ?? []) {
    const answer = answers.get(questionKey(property));
    if (property.type === "person" && answer !== ABSENT) put(set, property.key, answer);
  }
  const unset = (filters.properties ?? []).filter((property) => property.type === "person" && answers.get(questionKey(property)) === ABSENT).map(({ key }) => key);
  const update: PersonUpdate = { at: offsetText(after), set, unset };
  const event: LaterEvent = { event: "something else", at: offsetText(after), properties: propertiesOf(questions, answers, "event") };
  return { ...made, personUpdates: [...(made.personUpdates ?? []), update], ...((filters.properties ?? []).some(({ type = "event" }) => type === "event") ? { events: [...(made.events ?? []), event] } : {}) };
}

const offsetText = (ms: number): string => `+${Math.round(ms / 1000)}s`;

function eventFor(questions: Questions, filters: Filters, after: number, random: () => number): LaterEvent[] {
  const name = filters.events?.[0]?.id;
  const answers = answersFor(questions, random, [filters]);
  const event: SimulatedEvent = { event: typeof name === "string" ? name : "something else", properties: propertiesOf(questions, answers, "event") };
  return [{ ...event, at: offsetText(after) }];
}

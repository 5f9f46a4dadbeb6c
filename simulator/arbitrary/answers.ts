// Answers to what a flow asks: a value for each property, so that the filters that somebody is to satisfy hold.
import { put, type Dict } from "../../definition/canonical/values";
import type { Filters, PropertyFilter } from "../../definition/schema/types";
import { applyOperator } from "../filters/operators";
import { DEFAULT_START } from "../input/moment";
import type { ReadScenario } from "../input/scenario";
import { questionKey, type Questions } from "./questions";
import { ABSENT } from "./values";

export type Answers = Map<string, unknown>;

export const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** Values for all questions; the goals' are satisfied where a value is known that does. */
export function answersFor(questions: Questions, random: () => number, goals: readonly Filters[]): Answers {
  const answers: Answers = new Map();
  for (const [id, { pool }] of questions.questions) answers.set(id, pick(random, pool));
  for (const [id, tests] of testsOf(goals)) {
    const good = candidatesFor(questions, id, tests);
    if (good.length > 0) answers.set(id, pick(random, good));
  }
  return answers;
}

/** Which values of the pool pass every test of one property. */
export const candidatesFor = (questions: Questions, id: string, tests: readonly PropertyFilter[]): unknown[] =>
  questions.questions.get(id)?.pool.filter((candidate) => tests.every((test) => satisfies(test, candidate))) ?? [];

/** What filters ask of each property: their own ones, and those of one of their events. */
export function testsOf(goals: readonly Filters[]): Map<string, PropertyFilter[]> {
  const tests = new Map<string, PropertyFilter[]>();
  for (const property of goals.flatMap(({ properties = [], events = [] }) => [
    ...properties,
    ...(events[0]?.properties ?? []),
  ])) {
    const id = questionKey(property);
    tests.set(id, [...(tests.get(id) ?? []), property]);
  }
  return tests;
}

const CONTEXT = { savedAt: DEFAULT_START, projectZone: "UTC", savedAtGiven: true, notSimulated: () => undefined };

function satisfies({ operator = "exact", value }: PropertyFilter, candidate: unknown): boolean {
  try {
    return applyOperator({ operator, found: candidate === ABSENT ? null : candidate, value }, CONTEXT) === true;
  } catch {
    return false;
  }
}

/** The answers about one kind of property, as the properties of a person, event or group. */
export function propertiesOf(
  questions: Questions,
  answers: Answers,
  { type, groupTypeIndex }: Pick<PropertyFilter, "type" | "groupTypeIndex">,
): Dict {
  const properties: Dict = {};
  for (const [id, question] of questions.questions) {
    const answer = answers.get(id);
    if (question.type === type && question.groupTypeIndex === groupTypeIndex && answers.has(id) && answer !== ABSENT)
      put(properties, question.key, answer);
  }
  return properties;
}

export function groupsOf(questions: Questions, answers: Answers): NonNullable<ReadScenario["groups"]> {
  const indexes = [
    ...new Set(
      [...questions.questions.values()].flatMap(({ type, groupTypeIndex }) =>
        type === "group" ? [groupTypeIndex ?? 0] : [],
      ),
    ),
  ];
  return Object.fromEntries(
    indexes.map((index) => [
      `group_${index}`,
      { index, key: "group-1", properties: propertiesOf(questions, answers, { type: "group", groupTypeIndex: index }) },
    ]),
  );
}

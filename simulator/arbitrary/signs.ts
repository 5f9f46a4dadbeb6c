// What waits wait for: the events and changes of a person that end them, sent while the run waits.
import { DAY_MS, MINUTE_MS } from "../../definition/lengths";
import { put, type Dict } from "../../definition/canonical/values";
import type { Filters } from "../../definition/schema/types";
import type { PersonUpdate } from "../input/people";
import type { ReadScenario } from "../input/scenario";
import type { LaterEvent } from "../input/signals";
import { simulateModel } from "../simulate";
import { answersFor, pick, propertiesOf, type Answers } from "./answers";
import { questionKey, type Goal, type Makings } from "./questions";
import { ABSENT } from "./values";

/** Looks where the run waits, and sends what it waits for to about every second one; and now and then what converts. */
export function withSigns(makings: Makings, made: ReadScenario, goal: Goal | undefined): ReadScenario {
  const { model, questions, random } = makings;
  const answered = new Set(questions.waits.filter((id) => id !== goal?.step && random() < 0.5));
  let current = made;
  for (let round = 0; round < questions.waits.length; round += 1) {
    const visit = simulateModel(model, { ...current, until: "+400d" }).steps.find(
      ({ id, parks }) => parks.length > 0 && questions.waits.includes(id) && !answered.has(id),
    );
    if (!visit) break;
    answered.add(visit.id);
    current = withSign(makings, current, { id: visit.id, after: visit.enteredAfter + MINUTE_MS });
  }
  const goals = model.definition.conversion?.events ?? [];
  if (goals.length === 0 || random() > 0.2) return current;
  return {
    ...current,
    events: [
      ...(current.events ?? []),
      eventFor(makings, pick(random, goals).filters, Math.floor(random() * 10) * DAY_MS + MINUTE_MS),
    ],
  };
}

/** One of the things that end this wait, at this time from the start. */
export function withSign(
  makings: Makings,
  made: ReadScenario,
  { id, after }: { id: string; after: number },
): ReadScenario {
  const { model, questions, random } = makings;
  const step = model.actions.get(id);
  if (step?.type !== "wait_until_condition") return made;
  const signs = (step.config.events ?? []).flatMap(({ filters }) => (filters?.events?.length ? [filters] : []));
  const condition = step.config.condition?.filters;
  const asks = (condition?.properties?.length ?? 0) + (condition?.events?.length ?? 0) > 0;
  if (signs.length > 0 && (!asks || random() < 0.7))
    return { ...made, events: [...(made.events ?? []), eventFor(makings, pick(random, signs), after)] };
  if (!condition || !asks) return made;
  const answers = answersFor(questions, random, [condition]);
  const event: LaterEvent = {
    ...eventFor(makings, condition, after),
    properties: propertiesOf(questions, answers, { type: "event" }),
  };
  const asksEvent =
    (condition.events?.length ?? 0) > 0 || (condition.properties ?? []).some(({ type = "event" }) => type === "event");
  return {
    ...made,
    personUpdates: [...(made.personUpdates ?? []), updateFor(condition, answers, after)],
    ...(asksEvent ? { events: [...(made.events ?? []), { ...event, at: offsetText(after + 1_000) }] } : {}),
  };
}

/** The person's part of the answers, as a change. */
export function updateFor({ properties = [] }: Filters, answers: Answers, after: number): PersonUpdate {
  const set: Dict = {};
  const unset: string[] = [];
  for (const property of properties) {
    if (property.type !== "person") continue;
    const answer = answers.get(questionKey(property));
    if (answer === ABSENT) unset.push(property.key);
    else put(set, property.key, answer);
  }
  return { at: offsetText(after), set, unset };
}

export const offsetText = (ms: number): string => `+${Math.round(ms / 1000)}s`;

function eventFor({ questions, random }: Makings, filters: Filters, after: number): LaterEvent {
  const name = filters.events?.[0]?.id;
  const answers = answersFor(questions, random, [filters]);
  return {
    event: typeof name === "string" ? name : "something else",
    properties: propertiesOf(questions, answers, { type: "event" }),
    at: offsetText(after),
  };
}

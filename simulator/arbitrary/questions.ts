// What a flow asks about people, events, groups and variables, gathered from all its filters.
import { isDict, own } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { Filters, PropertyFilter } from "../../definition/schema/types";
import type { FlowModel } from "../world/flow-model";
import { candidates } from "./values";

interface Question {
  type: string;
  key: string;
  groupTypeIndex: number | undefined;
  /** Values that are worth trying. */
  pool: unknown[];
}

/** A filter that somebody has to satisfy to get somewhere. */
export interface Goal {
  step: string;
  filters: Filters;
}

export interface Questions {
  questions: Map<string, Question>;
  goals: Goal[];
  cohorts: number[];
  /** Steps that wait for a sign. */
  waits: string[];
  functions: string[];
}

/** What people are made from. */
export interface Makings {
  model: FlowModel;
  questions: Questions;
  /** A number from 0 up to 1. */
  random: () => number;
}

export const questionKey = ({ type = "event", key, groupTypeIndex }: PropertyFilter): string =>
  JSON.stringify([type, key, groupTypeIndex ?? null]);

export function questionsOf({ actions, trigger, definition }: FlowModel, now: number): Questions {
  const found: Questions = { questions: new Map(), goals: [], cohorts: [], waits: [], functions: [] };
  const ask = (property: PropertyFilter): void => {
    const { type = "event", key, operator = "exact", value, groupTypeIndex } = property;
    if (type === "cohort") found.cohorts.push(...(Array.isArray(value) ? value : [value]).map(Number));
    if (typeof key !== "string" || type === "hogql" || type === "cohort") return;
    const id = questionKey(property);
    const question = found.questions.get(id) ?? { type, key, groupTypeIndex, pool: [] };
    found.questions.set(id, question);
    for (const candidate of candidates(operator, value, now))
      if (!question.pool.includes(candidate)) question.pool.push(candidate);
  };
  const askAll = (filters: unknown, step?: string): void => {
    if (!isDict(filters)) return;
    const { properties = [], events = [] } = filters as Filters;
    [...properties, ...events.flatMap((item) => item.properties ?? [])].forEach(ask);
    if (step !== undefined && properties.length > 0) found.goals.push({ step, filters: filters });
  };
  if ("filters" in trigger) askAll(trigger.filters);
  (definition.conversion?.filters ?? []).forEach(ask);
  for (const [id, step] of actions) {
    askAll(step.filters, id);
    const kind = stepKindOf(step.type);
    for (const { key, isList, decides } of kind?.filters ?? []) {
      const held = own(step.config, key);
      // An event that is waited for is sent while the run waits; whoever starts cannot bring it along.
      for (const entry of isList && Array.isArray(held) ? held : [held])
        askAll(own(entry, "filters"), decides === "wait-event" ? undefined : id);
    }
    if (kind?.branches?.next === "timeout") found.waits.push(id);
    if (kind?.template === "given") found.functions.push(id);
  }
  return found;
}

// Why nobody of `arbitrary` takes a branch, where its filters show it: so that what cannot be reached is named with its reason.
import type { Filters, PropertyFilter } from "../../definition/schema/types";
import { DEFAULT_START } from "../input/moment";
import type { FlowModel } from "../world/flow-model";
import { candidatesFor, testsOf } from "./answers";
import { questionsOf, type Questions } from "./questions";
import { bringsVariables } from "./start";

/** Why nothing starts the flow, whatever comes; undefined where no obstacle is known. */
export function startObstacle({ trigger }: FlowModel): string | undefined {
  const isAsked = trigger.type === "webhook" || trigger.type === "manual";
  return isAsked && (trigger.inputs?.["method"]?.value ?? null) === null
    ? "the trigger has no input `method`, so every request is answered with 405"
    : undefined;
}

/** In words; undefined where no obstacle is known. */
export function obstacle(model: FlowModel, id: string, branch: number | "continue"): string | undefined {
  const step = model.actions.get(id);
  if (branch === "continue") return undefined;
  if (step?.type === "random_cohort_branch")
    return Number(step.config.cohorts?.[branch]?.percentage) > 0 ? undefined : "its share is 0";
  const questions = questionsOf(model, DEFAULT_START);
  if (step?.type === "conditional_branch")
    return ofFilters(model, questions, step.config.conditions?.[branch]?.filters);
  if (step?.type !== "wait_until_condition") return undefined;
  const entries = [...(step.config.events ?? []).map(({ filters }) => filters), step.config.condition?.filters].filter(
    (filters) => filters !== undefined && filters !== null,
  );
  const reasons = entries.map((filters) => ofFilters(model, questions, filters));
  return reasons.length > 0 && reasons.every((reason) => reason !== undefined)
    ? [...new Set(reasons)].join("; ")
    : undefined;
}

function ofFilters(model: FlowModel, questions: Questions, filters: Filters | null | undefined): string | undefined {
  if (!filters) return "it has no filters";
  const { properties = [], events = [], actions = [] } = filters;
  const expression = [...properties, ...events.flatMap((item) => item.properties ?? [])].find(
    ({ type }) => type === "hogql",
  );
  if (expression)
    return `it has the Hog expression ${shortValue(expression.key)}, which no scenario of \`arbitrary\` satisfies; add one that does`;
  if (events.length === 0 && actions.length > 0)
    return `it needs the PostHog action ${String(actions[0]!.id)}: give it in \`actions\`, and an event that matches it`;
  for (const tests of testsOf([filters]).values()) {
    const [{ type = "event", key }] = tests as [PropertyFilter, ...PropertyFilter[]];
    if (type === "cohort") continue;
    if (candidatesFor(questions, keyOf(tests[0]!), tests).length === 0)
      return `no value of ${key} was found that is ${tests.map(({ operator = "exact", value }) => `${operator}${value === undefined ? "" : ` ${shortValue(value)}`}`).join(" and ")}`;
    if (type === "workflow_variable" && !bringsVariables(model) && !isWritten(model, key))
      return `nothing sets the variable ${key}`;
  }
  return undefined;
}

const shortValue = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

const keyOf = (property: PropertyFilter): string => [...testsOf([{ properties: [property] }]).keys()][0]!;

/** Whether a step's result is stored in the variable, or a part of it. */
const isWritten = ({ actions, definition }: FlowModel, key: string): boolean =>
  definition.variables?.[key]?.default !== undefined ||
  [...actions.values()].some(({ outputVariable }) =>
    [outputVariable]
      .flat()
      .some(
        (output) =>
          output !== undefined &&
          output !== null &&
          (output.key === key || (output.spread === true && key.startsWith(`${output.key}_`))),
      ),
  );

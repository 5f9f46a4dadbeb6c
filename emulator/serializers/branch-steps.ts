/** Branches, and the conditions that any step's config may carry. */
import { FieldError, NON_FIELD, ServerCrash } from "../errors";
import { isObject, type JsonObject } from "../json";
import { storedStep, type Context } from "./context";
import { filtersField } from "./filters";

const config = (detail: string) => new FieldError(["config"], detail);

export function checkConditionalBranch(sent: JsonObject, id: string, context: Context): void {
  if (!Array.isArray(sent.conditions))
    throw config("conditional_branch requires a 'conditions' array: one entry with filters per branch.");
  for (const condition of sent.conditions) {
    if (isObject(condition) && (condition.filters === undefined || condition.filters === null))
      throw config("Every entry of 'conditions' requires 'filters'.");
  }
  const duration = sent.delay_duration;
  const kept = storedStep(context, id)?.config?.delay_duration !== undefined;
  if (duration !== undefined && duration !== null && duration !== "" && !kept) {
    throw config(
      "delay_duration is not supported on conditional_branch. To wait for a condition to become true, use a wait step.",
    );
  }
}

export function checkRandomCohort(sent: JsonObject): void {
  if (!Array.isArray(sent.cohorts))
    throw config("random_cohort_branch requires a 'cohorts' array: one entry with a percentage per branch.");
  for (const cohort of sent.cohorts) {
    const percentage = isObject(cohort) ? cohort.percentage : undefined;
    if (typeof percentage !== "number" && percentage !== true && percentage !== false)
      throw config("Every entry of 'cohorts' requires a numeric 'percentage'.");
  }
}

const given = (value: unknown) => value !== undefined && value !== null;

/** A wait that is there already may carry both; its `condition` is the one that counts. */
export function checkOneKindOfCondition(
  type: string,
  { condition, conditions }: JsonObject,
  { updating }: Context,
): void {
  if (updating && type === "wait_until_condition") return;
  if (given(condition) && given(conditions)) throw config("Cannot specify both 'conditions' and 'condition' fields");
}

/** Compiles the `condition` or `conditions` of a step of any type. */
export function compileConditions(sent: JsonObject, context: Context): JsonObject {
  const { condition, conditions } = sent;
  const next = { ...sent };
  if (given(condition)) next.condition = compiledCondition(condition, context);
  if (Array.isArray(conditions)) next.conditions = conditions.map((entry) => compiledCondition(entry, context));
  return next;
}

function compiledCondition(entry: unknown, context: Context): JsonObject {
  if (!isObject(entry)) throw new ServerCrash("a condition that is not an object");
  const { filters } = entry;
  if (filters === undefined || filters === null) return entry;
  if (isObject(filters) && "events" in filters)
    throw new FieldError([NON_FIELD], "Event filters are not allowed in conditionals");
  return { ...entry, filters: filtersField(filters, { generation: context.generation }) };
}

// Whether a filter matches (run time §5.1): test accounts AND properties AND any of the events and actions. Nothing is decided early: a part
// that fails with an error fails the whole filter.
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { table } from "../../definition/schema/table";
import type { EventFilterItem, Filters, PropertyFilter } from "../../definition/schema/types";
import { compileHog, evaluate, HogRefused } from "../hog/evaluate";
import type { SimulatedEvent } from "../input/signals";
import { NotSimulated } from "../not-simulated";
import { hogGlobals, type FilterGlobals } from "./globals";
import { applyOperator, type OperatorContext } from "./operators";

/** What filters depend on beside the data: the project, the moment of the save, chance. */
export interface FilterContext extends OperatorContext {
  random: () => number;
  testAccounts: readonly PropertyFilter[] | undefined;
  actions: Readonly<Record<string, (event: SimulatedEvent) => boolean>> | undefined;
}

/** `error` is what PostHog logs; an error counts as no match. */
export interface MatchResult {
  matched: boolean;
  error?: string;
}

class FilterError extends Error {}

/** Nothing but its own compiled program, or nothing at all: always a match. */
const isEmpty = (filters: Filters): boolean =>
  [filters.events, filters.actions, filters.properties].every((list) => !list || list.length === 0) &&
  filters.filterTestAccounts !== true;

/** Whether a wait's condition has anything to ask (run time §3.5, 3). */
export const asksSomething = (filters: Filters | null | undefined): filters is Filters =>
  isDict(filters) && !isEmpty(filters);
/** Whether an entry names an event or an action; the others are ignored (run time §3.5, §4.1). */
export const namesEvent = (filters: Filters | null | undefined): filters is Filters =>
  (filters?.events?.length ?? 0) + (filters?.actions?.length ?? 0) > 0;

export function matches(
  filters: Filters | null | undefined,
  globals: FilterGlobals,
  context: FilterContext,
): MatchResult {
  if (!isDict(filters) || isEmpty(filters)) return { matched: true };
  if (isOtherEvent(filters, globals)) return { matched: false };
  try {
    return { matched: whole(filters, globals, context) === true };
  } catch (error) {
    if (error instanceof FilterError) return { matched: false, error: error.message };
    throw error;
  }
}

/** Where events are named and no actions, their names are compared first; of another event nothing else is asked. */
const isOtherEvent = ({ events = [], actions = [] }: Filters, { event }: FilterGlobals): boolean =>
  events.length > 0 &&
  actions.length === 0 &&
  events.every(({ id }) => id !== null && id !== undefined && String(id) !== event.event);

/** A list of property filters, all of which must match: a conversion goal. */
export const matchesAll = (
  properties: readonly PropertyFilter[],
  globals: FilterGlobals,
  context: FilterContext,
): MatchResult => matches({ properties: [...properties] }, globals, context);

/** A value that the compiled program yields: `true`, `false`, or something else that is not a match by itself. */
type Yield = unknown;

function and(parts: readonly Yield[]): Yield {
  return parts.length === 1 ? parts[0] : parts.every(Boolean);
}

function whole(filters: Filters, globals: FilterGlobals, context: FilterContext): Yield {
  const parts: Yield[] = [];
  if (filters.filterTestAccounts === true) {
    if (context.testAccounts === undefined) context.notSimulated({ kind: "test_accounts" });
    for (const property of context.testAccounts ?? []) {
      if (property.type === "cohort") context.notSimulated({ kind: "test_account_cohorts" });
      else parts.push(one(property, globals, context));
    }
  }
  for (const property of filters.properties ?? []) parts.push(one(property, globals, context));
  const targets = [
    ...(filters.events ?? []).map((item) => eventPart(item, globals, context)),
    ...(filters.actions ?? []).map((item) => actionPart(item, globals, context)),
  ];
  if (targets.length > 0) parts.push(targets.length === 1 ? targets[0] : targets.some(Boolean));
  return parts.length === 0 ? true : and(parts);
}

function eventPart(item: EventFilterItem, globals: FilterGlobals, context: FilterContext): Yield {
  const parts: Yield[] = (item.properties ?? []).map((property) => one(property, globals, context));
  if (item.id !== null && item.id !== undefined) parts.unshift(globals.event.event === String(item.id));
  return parts.length === 0 ? true : and(parts);
}

function actionPart(item: EventFilterItem, globals: FilterGlobals, context: FilterContext): Yield {
  const action = context.actions?.[String(item.id)];
  const parts: Yield[] = (item.properties ?? []).map((property) => one(property, globals, context));
  if (!action) context.notSimulated({ kind: "action", id: item.id });
  parts.unshift(
    action
      ? action({
          event: globals.event.event,
          properties: globals.event.properties,
          distinctId: globals.event.distinctId,
        })
      : false,
  );
  return and(parts);
}

/** An incomplete property compiles to the number 1: neutral among others, no match alone. */
const NEUTRAL = 1;

function one(property: PropertyFilter, globals: FilterGlobals, context: FilterContext): Yield {
  const { type = "event", operator = "exact", key, value } = property;
  if (operator === "flag_evaluates_to" || type === "flag") return NEUTRAL;
  if (type === "hogql") return expression(key, globals, context);
  if (key === undefined || key === null || key === "" || (Array.isArray(value) && value.length === 0)) return NEUTRAL;
  if (type === "cohort") return cohort(property, globals, context);
  const read = READERS[type];
  if (!read) {
    context.notSimulated({ kind: "property_type", type, key });
    return false;
  }
  try {
    const result = applyOperator({ operator, found: read(property, globals), value }, context);
    if (result !== undefined) return result;
  } catch (error) {
    throw error instanceof FilterError || error instanceof NotSimulated
      ? error
      : new FilterError(error instanceof Error ? error.message : String(error));
  }
  context.notSimulated({ kind: "operator", operator });
  return false;
}

/** Where each type of property lives. A key with dots is one key, but for the payloads of internal events. */
const READERS: Readonly<Record<string, (property: PropertyFilter, globals: FilterGlobals) => unknown>> = table({
  event: ({ key }, { event, internal }) =>
    internal && own(event.properties, key) === undefined ? nested(event.properties, key) : own(event.properties, key),
  person: ({ key }, { person, event }) =>
    key === "distinct_id" ? person && event.distinctId : own(person?.properties, key),
  group: ({ key, groupTypeIndex }, { groups }) =>
    own(groups.find(({ index }) => index === groupTypeIndex)?.properties, key),
  event_metadata: ({ key }, globals) => own(hogGlobals(globals), key),
  workflow_variable: ({ key }, { variables }) => {
    if (!variables) throw new FilterError("Global variable not found: variables");
    return own(variables, key);
  },
  // Columns of a warehouse row arrive as properties of the synthetic event (run time §1.1).
  data_warehouse: ({ key }, { event }) => own(event.properties, key),
});

const nested = (properties: Dict, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => own(value, key), properties);

/** Parts of an autocaptured element, which come from its chain. */
const ELEMENT_ROOT = /\belements_chain_(?:href|texts|ids|elements)\b/;

function expression(text: string, globals: FilterGlobals, context: FilterContext): Yield {
  const [element] = ELEMENT_ROOT.exec(text) ?? [];
  if (element !== undefined) {
    context.notSimulated({ kind: "element", element });
    return false;
  }
  try {
    const result = evaluate(compileHog(text), hogGlobals(globals), { now: globals.now, random: context.random });
    if (!result.ok) throw new FilterError(result.error);
    return result.value;
  } catch (error) {
    if (error instanceof HogRefused) throw new FilterError(error.message);
    throw error;
  }
}

/** `undefined`: runs without a person, and signals (run time §3.5, §3.6), are in no cohort. */
function cohort({ value, operator }: PropertyFilter, { cohorts }: FilterGlobals, context: FilterContext): boolean {
  if (cohorts === "unknown") context.notSimulated({ kind: "cohorts" });
  const ids = (Array.isArray(value) ? value : [value]).map(Number);
  const member = cohorts !== undefined && cohorts !== "unknown" && ids.some((id) => cohorts.has(id));
  return operator === "not_in" || operator === "is_not" ? !member : member;
}

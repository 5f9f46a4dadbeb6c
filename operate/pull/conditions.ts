// Property tests and event filters back in the words of composition. What its functions cannot say is not said otherwise: the step, or the flow, is
// written as the API has it then.
import { isDict, type Dict } from "../../definition/canonical/values";
import { table } from "../../definition/schema/table";
import { Call, Method, type Name } from "./expression";

/** Why something has no words in composition. */
export class NotExpressible extends Error {}

/** Operators by the method that makes them; `many` takes the members of a list as its arguments. */
const METHODS = table<{ name: string; takes: "none" | "one" | "two" | "many" }>({
  exact: { name: "is", takes: "many" },
  is_not: { name: "isNot", takes: "many" },
  icontains: { name: "contains", takes: "many" },
  not_icontains: { name: "doesNotContain", takes: "many" },
  regex: { name: "matches", takes: "one" },
  not_regex: { name: "doesNotMatch", takes: "one" },
  gt: { name: "gt", takes: "one" },
  gte: { name: "gte", takes: "one" },
  lt: { name: "lt", takes: "one" },
  lte: { name: "lte", takes: "one" },
  between: { name: "between", takes: "two" },
  not_between: { name: "notBetween", takes: "two" },
  is_set: { name: "isSet", takes: "none" },
  is_not_set: { name: "isNotSet", takes: "none" },
  is_date_before: { name: "before", takes: "one" },
  is_date_after: { name: "after", takes: "one" },
  is_date_exact: { name: "isDate", takes: "one" },
  semver_eq: { name: "isVersion", takes: "one" },
  semver_neq: { name: "isNotVersion", takes: "one" },
  semver_gt: { name: "afterVersion", takes: "one" },
  semver_gte: { name: "fromVersion", takes: "one" },
  semver_lt: { name: "beforeVersion", takes: "one" },
  semver_lte: { name: "upToVersion", takes: "one" },
});
const NUMERIC: ReadonlySet<string> = new Set(["gt", "gte", "lt", "lte", "between", "not_between"]);
const DATES: ReadonlySet<string> = new Set(["is_date_before", "is_date_after", "is_date_exact"]);
/** These take a relative date, too, in an audience. */
const RELATIVE: ReadonlySet<string> = new Set(["is_date_before", "is_date_after"]);
const RELATIVE_DATE = /^-\d+[hdwmy]$/;
/** These make lists of one value, too. */
const LISTS: ReadonlySet<string> = new Set(["exact", "is_not"]);

const isScalar = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

/** Variables that a condition may test, by key: the expression, and the kind of their values. */
export type VariablesOf = (key: string) => { name: Name; kind: unknown };

const noVariables: VariablesOf = () => notExpressible("a variable is tested where none has a value");

/** One property test: by a method where there is one, else as the API has it. What it means is proved by running it, so this only has to find words. */
export function conditionOf(
  filter: unknown,
  variables: VariablesOf = noVariables,
  { isAudience = false }: { isAudience?: boolean } = {},
): unknown {
  if (!isDict(filter)) throw new NotExpressible("a property test is no object");
  try {
    return byMethod(filter, { variables, isAudience });
  } catch (error) {
    if (!(error instanceof NotExpressible) || !fitsPropertyFilter(filter)) throw error;
    return new Call("propertyFilter", [filter]);
  }
}

/** What `propertyFilter` takes: its own members have their types, all others are kept as they are. */
const fitsPropertyFilter = ({ key, operator, type, groupTypeIndex }: Dict): boolean =>
  typeof key === "string" &&
  [operator, type].every((text) => text === undefined || typeof text === "string") &&
  (groupTypeIndex === undefined || typeof groupTypeIndex === "number");

function byMethod(
  { key, value, operator: given, type, groupTypeIndex, ...rest }: Dict,
  { variables, isAudience }: { variables: VariablesOf; isAudience: boolean },
): unknown {
  if (Object.keys(rest).length > 0) throw new NotExpressible(`a property test has ${Object.keys(rest).join(", ")}`);
  const operator = given ?? "exact";
  if (typeof key !== "string" || typeof operator !== "string") throw new NotExpressible("a property test has no key");
  if (type === "hogql" && value === undefined && given === undefined) return new Call("hogql", [key]);
  if (type === "cohort" && key === "id" && operator === "in" && typeof value === "number")
    return new Call("cohort", [value]);
  const method = METHODS[operator];
  if (method === undefined) throw new NotExpressible(`the operator ${operator} has no method`);
  if (
    isAudience &&
    RELATIVE.has(operator) &&
    typeof value === "string" &&
    RELATIVE_DATE.test(value) &&
    type !== "event"
  )
    return new Method(propertyOf(type, key, groupTypeIndex), method.name, [value]);
  if (type !== "workflow_variable")
    return new Method(propertyOf(type, key, groupTypeIndex), method.name, argumentsOf(operator, method.takes, value));
  const { name, kind } = variables(key);
  return new Method(name, method.name, typed(argumentsOf(operator, method.takes, value), kind));
}

/** Values of a variable's own kind; the editor writes booleans as texts. */
const typed = (values: readonly unknown[], kind: unknown): unknown[] =>
  values.map((value) => {
    if (kind === "boolean" && (value === "true" || value === "false")) return value === "true";
    return typeof value === kind ? value : notExpressible("a variable is tested against a value of another kind");
  });

function propertyOf(type: unknown, key: string, index: unknown): unknown {
  if (type === "person") return new Call("person", [key]);
  if (type === "event") return new Call("eventProperty", [key]);
  if (type === "group" && typeof index === "number" && index >= 0 && index <= 4) return new Call("group", [index, key]);
  throw new NotExpressible(`a property of type ${String(type)} has no function`);
}

function argumentsOf(operator: string, takes: "none" | "one" | "two" | "many", value: unknown): unknown[] {
  const fits = (item: unknown): boolean =>
    NUMERIC.has(operator)
      ? typeof item === "number"
      : DATES.has(operator)
        ? typeof item === "string" && /^\d+-\d+-\d+/.test(item)
        : isScalar(item);
  const refuse = (): never => {
    throw new NotExpressible(`${operator} has a value that its method does not take`);
  };
  if (takes === "none") return value === undefined ? [] : refuse();
  if (takes === "two") return Array.isArray(value) && value.length === 2 && value.every(fits) ? value : refuse();
  if (takes === "one") return fits(value) && (typeof value === "string" || NUMERIC.has(operator)) ? [value] : refuse();
  const texts = LISTS.has(operator) ? isScalar : (item: unknown) => typeof item === "string";
  if (Array.isArray(value))
    return value.length > (LISTS.has(operator) ? 0 : 1) && value.every(texts) ? value : refuse();
  return !LISTS.has(operator) && typeof value === "string" ? [value] : refuse();
}

/** One condition as it is, several as a list. */
export const oneOrList = (conditions: readonly unknown[]): unknown =>
  conditions.length === 1 ? conditions[0] : conditions;

/** The property tests of a filter that holds nothing else. */
export function conditionsOf(filters: unknown, variables?: VariablesOf): unknown {
  if (!isDict(filters)) throw new NotExpressible("there are no filters");
  const { properties = [], ...rest } = filters;
  if (Object.keys(rest).length > 0 || !Array.isArray(properties) || properties.length === 0)
    throw new NotExpressible("filters hold more than property tests");
  return oneOrList(properties.map((filter) => conditionOf(filter, variables)));
}

/** The events of a filter, each as a name or as a call. */
export function eventsOf(filters: unknown, { names }: { names: boolean }): unknown[] {
  if (!isDict(filters)) throw new NotExpressible("there are no filters");
  const { events = [], actions = [], ...rest } = filters;
  if (Object.keys(rest).length > 0 || !Array.isArray(events) || !Array.isArray(actions))
    throw new NotExpressible("filters hold more than events");
  return [...events.map((item) => eventOf(item, names)), ...actions.map(actionOf)];
}

function eventOf(item: unknown, names: boolean): unknown {
  const { id, name, properties = [], ...rest } = isDict(item) ? item : {};
  if (Object.keys(rest).length > 0 || !Array.isArray(properties) || !isLabel(name))
    throw new NotExpressible("an event has a place of its own");
  const label = name === undefined ? [] : [{ label: name }];
  const tests = properties.map((filter) => conditionOf(filter));
  if (id === null)
    return tests.length + label.length > 0
      ? new Call("anyEvent", [...label, ...tests])
      : notExpressible("any event at all");
  if (typeof id !== "string") return notExpressible("an event has no name");
  return names && tests.length + label.length === 0 ? id : new Call("event", [id, ...label, ...tests]);
}

function actionOf(item: unknown): unknown {
  const { id, name, properties = [], ...rest } = isDict(item) ? item : {};
  const isId = typeof id === "number" || (typeof id === "string" && /^\d+$/.test(id));
  if (Object.keys(rest).length > 0 || !isId || !Array.isArray(properties) || !isLabel(name))
    throw new NotExpressible("a PostHog action has a place of its own");
  const tests = properties.map((filter) => conditionOf(filter));
  return new Call("postHogAction", [id, ...(name === undefined && tests.length === 0 ? [] : [name]), ...tests]);
}

const isLabel = (name: unknown): boolean => name === undefined || typeof name === "string";

export function notExpressible(why: string): never {
  throw new NotExpressible(why);
}

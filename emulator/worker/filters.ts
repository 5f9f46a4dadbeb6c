/** What a filter means: as a tree of Hog, the way the API compiles it (run time §5), and whether it holds. */
import { CompileError } from "../compiler";
import { bytecodeOf } from "../hog/emit";
import type { HogNode, HogReader } from "../hog/parser";
import { runCode } from "../hog/run";
import { isFalsy, isObject, type JsonObject } from "../json";
import { toNaive } from "../zones";

/** What filters are evaluated with. */
export interface FilterWorld {
  hog: HogReader;
  globals: JsonObject;
  /** Milliseconds since the epoch. */
  now: number;
  /** IANA name of the project's zone. */
  timezone: string;
}

export interface FilterResult {
  match: boolean;
  error?: string;
}

/** Only `true` is a match. Filters that are missing are an error, as nothing was compiled for them. */
export function evaluateFilters(filters: unknown, world: FilterWorld): FilterResult {
  try {
    if (!isObject(filters)) throw new Error("There is no compiled filter to evaluate");
    if (Object.keys(filters).length === 1 && "bytecode" in filters) return { match: true };
    const tree = filtersTree(filters, world);
    return { match: runCode(bytecodeOf(tree), world) === true };
  } catch (error) {
    return { match: false, error: error instanceof Error ? error.message : String(error) };
  }
}

const constant = (value: unknown): HogNode => ({ node: "Constant", value });
const field = (...chain: string[]): HogNode => ({ node: "Field", chain });
const compare = (left: HogNode, op: string, right: HogNode): HogNode => ({ node: "CompareOperation", op, left, right });
const call = (name: string, ...args: HogNode[]): HogNode => ({ node: "Call", name, args });
const not = (expr: HogNode): HogNode => ({ node: "Not", expr });
const joined = (node: "And" | "Or", exprs: HogNode[], empty: HogNode): HogNode =>
  exprs.length === 0 ? empty : exprs.length === 1 ? exprs[0]! : { node, exprs };

const TRUE = constant(true);
/** What an incomplete property compiles to: neutral beside others, and alone no match. */
const NEUTRAL = constant(1);

function filtersTree(filters: JsonObject, world: FilterWorld): HogNode {
  if (!isFalsy(filters.actions)) throw new CompileError("the emulator knows no actions of the project");
  const properties = listOf(filters.properties).map((property) => propertyTree(property, world));
  const events = listOf(filters.events).map((event) => eventTree(event, world));
  return joined("And", [...properties, ...(events.length > 0 ? [joined("Or", events, TRUE)] : [])], TRUE);
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

function eventTree(event: JsonObject, world: FilterWorld): HogNode {
  const named = event.id === null || event.id === undefined ? TRUE : compare(field("event"), "==", constant(event.id));
  return joined("And", [named, ...listOf(event.properties).map((property) => propertyTree(property, world))], TRUE);
}

/** Where a property of a type is, by its type. */
const READ: Record<string, (key: string, property: JsonObject) => HogNode> = {
  event: (key) => field("properties", key),
  person: (key) => (key === "distinct_id" ? field("distinct_id") : field("person", "properties", key)),
  group: (key, { group_type_index }) => field(`group_${group_type_index ?? 0}`, "properties", key),
  event_metadata: (key) => field(key),
  workflow_variable: (key) => field("variables", key),
};

/** Types that say nothing about a run. */
const WITHOUT_MEANING = ["flag"];

function propertyTree(property: JsonObject, world: FilterWorld): HogNode {
  const { type = "event", key, operator = "exact" } = property;
  if (type === "AND" || type === "OR")
    return joined(
      type === "AND" ? "And" : "Or",
      listOf(property.values).map((each) => propertyTree(each, world)),
      TRUE,
    );
  if (type === "hogql") return world.hog.expression(String(key ?? ""));
  if (WITHOUT_MEANING.includes(type as string)) return NEUTRAL;
  const read = READ[type as string];
  if (!read) throw new CompileError(`the emulator cannot evaluate a filter of type "${String(type)}"`);
  if (isFalsy(key)) return NEUTRAL;
  const x = read(String(key), property);
  if (operator === "is_set") return compare(x, "!=", constant(null));
  if (operator === "is_not_set") return compare(x, "==", constant(null));
  if (Array.isArray(property.value) && property.value.length === 0) return NEUTRAL;
  const rule = OPERATORS[operator as string];
  if (!rule) throw new CompileError(`the emulator cannot evaluate the operator "${String(operator)}"`);
  const value: unknown = property.value ?? null;
  const values = Array.isArray(value) ? value : [value];
  return rule(x, values.length === 1 ? [values[0]] : values, world);
}

type Operator = (x: HogNode, values: unknown[], world: FilterWorld) => HogNode;

const text = (x: HogNode) => call("toString", x);

/** A rule for one value; of several it holds for any, or for all. */
const each =
  (node: "And" | "Or", rule: (x: HogNode, value: unknown, world: FilterWorld) => HogNode): Operator =>
  (x, values, world) =>
    joined(
      node,
      values.map((value) => rule(x, value, world)),
      TRUE,
    );

const ordered = (op: string) => each("Or", (x, value) => compare(x, op, constant(value)));

const like = (x: HogNode, value: unknown) => compare(text(x), "ilike", constant(`%${String(value)}%`));
/** Of several texts, none has wildcards, and what is not there has none of them. */
const holds = (x: HogNode, value: unknown): HogNode => ({
  node: "And",
  exprs: [
    compare(x, "!=", constant(null)),
    compare(call("positionCaseInsensitive", text(x), constant(String(value))), ">", constant(0)),
  ],
});
const holdsAny: Operator = (x, values) =>
  values.length === 1
    ? like(x, values[0])
    : joined(
        "Or",
        values.map((value) => holds(x, value)),
        TRUE,
      );

const list = (values: unknown[]): HogNode => ({ node: "Tuple", exprs: values.map(constant) });
const equals: Operator = (x, values) =>
  values.length === 1 ? compare(x, "==", constant(values[0])) : compare(x, "in", list(values));
const differs: Operator = (x, values) =>
  values.length === 1 ? compare(x, "!=", constant(values[0])) : compare(x, "not in", list(values));

const matches = (x: HogNode, value: unknown) => call("match", text(x), constant(String(value)));

const date = (op: string) =>
  each("Or", (x, value, world) =>
    compare(call("toDateTime", text(x)), op, call("toDateTime", constant(instantText(String(value), world)))),
  );

const between = (negated: boolean): Operator => {
  return (expr, [low, high]) => ({ node: "BetweenExpr", expr, low: constant(low), high: constant(high), negated });
};

const OPERATORS: Record<string, Operator> = {
  exact: equals,
  is_not: differs,
  in: equals,
  not_in: differs,
  icontains: holdsAny,
  icontains_multi: holdsAny,
  not_icontains: (x, values, world) => not(holdsAny(x, values, world)),
  not_icontains_multi: (x, values, world) => not(holdsAny(x, values, world)),
  regex: each("Or", matches),
  not_regex: each("And", (x, value) => not(matches(x, value))),
  gt: ordered(">"),
  gte: ordered(">="),
  min: ordered(">="),
  lt: ordered("<"),
  lte: ordered("<="),
  max: ordered("<="),
  between: between(false),
  not_between: between(true),
  is_date_exact: date("=="),
  is_date_before: date("<"),
  is_date_after: date(">"),
};

const SPAN = /^-(\d+)([hdwmqyM])$/;

/** A span back from now becomes the wall clock of the project's zone, which is then read as UTC. */
function instantText(value: string, { now, timezone }: FilterWorld): string {
  const span = SPAN.exec(value);
  if (!span) return value;
  const at = new Date(toNaive(now, timezone));
  const amount = Number(span[1]);
  const back: Record<string, () => unknown> = {
    M: () => at.setUTCMinutes(at.getUTCMinutes() - amount),
    h: () => at.setUTCHours(at.getUTCHours() - amount),
    d: () => at.setUTCDate(at.getUTCDate() - amount),
    w: () => at.setUTCDate(at.getUTCDate() - 7 * amount),
    m: () => at.setUTCMonth(at.getUTCMonth() - amount),
    q: () => at.setUTCMonth(at.getUTCMonth() - 3 * amount),
    y: () => at.setUTCFullYear(at.getUTCFullYear() - amount),
  };
  back[span[2]!]!();
  return at.toISOString().slice(0, 19);
}

// Rules about property tests: what PostHog refuses in a filter that it compiles, and what matches otherwise than it reads (API §3.4, run time §5).
import { containsUnknown, isUnknown, own } from "../definition/canonical/values";
import { nearest } from "../definition/schema/names";
import {
  DATE_OPERATORS,
  LIST_OPERATORS,
  OPERATORS,
  PROPERTY_TYPES,
  RELATIVE_DATE,
  WITHOUT_VALUE,
} from "../definition/schema/operators";
import { filtersIn, operatorOf, propertiesIn, type LocatedProperty } from "../definition/graph/properties";
import { rulesOf } from "./rule";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import { email, flowOf, person, startedBy, when, where } from "./examples";

/** The values of a test, as a list; undefined while one is unknown. */
const valuesOf = (property: LocatedProperty["property"]): unknown[] | undefined =>
  containsUnknown(property["value"]) ? undefined : [property["value"]].flat();
const numeric = (value: unknown): number =>
  typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
/** Tests of the filters that PostHog compiles: all but an audience. */
function* compiled(flow: FlowView): Generator<LocatedProperty> {
  for (const place of propertiesIn(flow)) if (place.kind !== "audience") yield place;
}

/** Whether a missing property, which counts as 0, passes this test. */
function zeroPasses(operator: string, values: readonly unknown[]): boolean {
  const [a = Number.NaN, b = Number.NaN] = values.map(numeric);
  switch (operator) {
    case "lt":
      return 0 < a;
    case "lte":
    case "max":
      return 0 <= a;
    case "gt":
      return 0 > a;
    case "gte":
    case "min":
      return 0 >= a;
    case "between":
      return a <= 0 && 0 <= b;
    case "not_between":
      return 0 < a || 0 > b;
    default:
      return false;
  }
}

export const filterRules = rulesOf({
  "cohort-in-filter": {
    severity: "error",
    refusedBy: "server",
    text: "Only the audience of a batch flow has cohorts.",
    why: "PostHog refuses cohorts in filters that it evaluates in real time",
    cites: "API §3.4, §4.2",
    fails: when({ key: "id", type: "cohort", value: 42, operator: "in" }),
    passes: startedBy({ type: "batch", filters: where({ key: "id", type: "cohort", value: 42, operator: "in" }) }),
    *find(flow) {
      for (const { path, property } of compiled(flow))
        if (property["type"] === "cohort")
          yield {
            path,
            what: "a cohort cannot be tested here",
            fix: "Test the properties that define the cohort, or run the flow for an audience",
          };
    },
  },
  operator: {
    severity: "error",
    refusedBy: "meaning",
    text: "An operator is not a misspelling of a known one (one or two letters away).",
    why: "PostHog cannot compile it, or matches something else",
    cites: "run time §5.4",
    fails: when(person("plan", "pro", "icontain")),
    passes: when(person("plan", "pro", "icontains")),
    *find(flow) {
      for (const { path, property } of propertiesIn(flow)) {
        const given = textOf(property["operator"]);
        const near = given === undefined || OPERATORS.includes(given) ? undefined : nearest(given, OPERATORS);
        if (near)
          yield {
            path: [...path, "operator"],
            what: `"${String(given)}" is not an operator`,
            suggestion: `"${near}"`,
          };
      }
    },
  },
  "unknown-operator": {
    severity: "warning",
    refusedBy: "meaning",
    text: "An operator is known to this version.",
    why: "This version does not know what it matches",
    cites: "run time §5.4",
    fails: when(person("plan", "pro", "sounds_like")),
    passes: when(person("plan", "pro", "is_not")),
    *find(flow) {
      for (const { path, property } of propertiesIn(flow)) {
        const given = textOf(property["operator"]);
        if (given !== undefined && !OPERATORS.includes(given) && !nearest(given, OPERATORS))
          yield {
            path: [...path, "operator"],
            what: `"${given}" is an operator that this version of pulumi-hogflow does not know`,
            fix: `Check its spelling. Known are ${OPERATORS.join(", ")}`,
          };
      }
    },
  },
  "property-type": {
    severity: "error",
    refusedBy: "meaning",
    text: "The type of a property is not a misspelling of a known one (one or two letters away).",
    why: "PostHog would look for the property elsewhere",
    cites: "API §3.4, run time §5.2",
    fails: when({ key: "plan", value: "pro", type: "persn" }),
    passes: when(person("plan", "pro")),
    *find(flow) {
      for (const { path, property } of propertiesIn(flow)) {
        const given = textOf(property["type"]);
        const near = given === undefined || PROPERTY_TYPES.includes(given) ? undefined : nearest(given, PROPERTY_TYPES);
        if (near)
          yield {
            path: [...path, "type"],
            what: `"${String(given)}" is not a type of property`,
            suggestion: `"${near}"`,
          };
      }
    },
  },
  "hogql-brackets": {
    severity: "error",
    refusedBy: "server",
    text: "The brackets and quotes of a hogql property are closed.",
    why: "PostHog compiles it when the flow is saved, and refuses what it cannot parse",
    cites: "API §4.1, §4.2",
    fails: when({ key: "(person.properties.seats > 10", type: "hogql" }),
    passes: when({ key: "(person.properties.seats > 10)", type: "hogql" }),
    *find(flow) {
      for (const { path, property } of compiled(flow)) {
        const key = property["type"] === "hogql" ? textOf(property["key"]) : undefined;
        const open = key === undefined ? undefined : unclosed(key);
        if (open !== undefined) yield { path: [...path, "key"], what: `\`${open}\` is not closed or not opened` };
      }
    },
  },
  "between-bounds": {
    severity: "error",
    refusedBy: "meaning",
    text: "`between` and `not_between` have two numbers, the smaller one first.",
    why: "PostHog refuses others",
    cites: "run time §5.4",
    fails: when(person("seats", [9, 3], "between")),
    passes: when(person("seats", [3, 9], "between"), person("seats", undefined, "is_set")),
    *find(flow) {
      for (const { path, property } of compiled(flow)) {
        const operator = operatorOf(property);
        const values = valuesOf(property);
        if ((operator !== "between" && operator !== "not_between") || values === undefined) continue;
        const [low, high] = values.map(numeric);
        if (values.length !== 2 || low === undefined || high === undefined || !(low <= high))
          yield {
            path: [...path, "value"],
            what: `${operator} takes two numbers, the smaller one first`,
            fix: "Write value: [3, 9]",
          };
      }
    },
  },
  "relative-date": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A date in a filter is a date.",
    why: "PostHog replaces a relative date with a fixed one when the flow is saved, and keeps it until the next save",
    cites: "run time §5.4",
    fails: when(person("last_seen", "-7d", "is_date_after")),
    passes: when(person("last_seen", "2026-06-01", "is_date_after")),
    *find(flow) {
      for (const { path, property } of compiled(flow)) {
        const value = valuesOf(property)?.find((item) => typeof item === "string" && RELATIVE_DATE.test(item));
        if (value !== undefined && DATE_OPERATORS.has(operatorOf(property)))
          yield {
            path: [...path, "value"],
            what: `${String(value)} is counted from the day of the last save`,
            fix: "Write a date, or a hogql property that compares with now(), such as dateDiff('day', toDateTime(person.properties.last_seen), now()) > 30",
          };
      }
    },
  },
  "strict-list": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A test against several values lists texts that are not numbers or booleans.",
    why: 'One value is compared loosely, several strictly: 5 is not in ["5", "6"]',
    cites: "run time §5.4",
    fails: when(person("tier", ["1", "2"])),
    passes: when(person("tier", ["gold", "silver"])),
    *find(flow) {
      for (const { path, property } of compiled(flow)) {
        const values = valuesOf(property);
        if (
          property["type"] === "cohort" ||
          !LIST_OPERATORS.has(operatorOf(property)) ||
          values === undefined ||
          values.length < 2
        )
          continue;
        const odd = values.find(
          (value) =>
            typeof value === "boolean" || value === "true" || value === "false" || !Number.isNaN(numeric(value)),
        );
        if (odd !== undefined)
          yield {
            path: [...path, "value"],
            what: `in a list, ${JSON.stringify(odd)} matches a ${typeof odd === "string" ? "text" : typeof odd} only`,
            fix: "Make sure that the property has this type, or list both forms",
          };
      }
    },
  },
  "missing-is-zero": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A comparison with a number does not match people who lack the property.",
    why: "A missing property counts as 0",
    cites: "run time §5.4",
    fails: when(person("age", 18, "lt")),
    passes: when(person("age", 18, "lt"), person("age", undefined, "is_set")),
    *find(flow) {
      for (const { path, property, beside } of compiled(flow)) {
        const values = valuesOf(property);
        if (values === undefined || !zeroPasses(operatorOf(property), values)) continue;
        if (property["type"] === "workflow_variable" || property["type"] === "cohort") continue;
        if (beside.some((other) => own(other, "key") === property["key"] && own(other, "operator") === "is_set"))
          continue;
        yield {
          path,
          what: `also matches if \`${String(property["key"])}\` is missing`,
          fix: "Add an is_set test of the same property",
        };
      }
    },
  },
  "incomplete-property": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A property test has a key, and a value where its operator takes one.",
    why: "PostHog ignores such a test, and a filter with only such tests matches nobody",
    cites: "run time §5.4",
    fails: when(person("plan", [])),
    passes: when(person("plan", undefined, "is_set")),
    *find(flow) {
      for (const { path, property } of compiled(flow)) {
        if (property["type"] === "hogql" || property["type"] === "cohort" || isUnknown(property["key"])) continue;
        const values = valuesOf(property);
        if (property["key"] === "") yield { path: [...path, "key"], what: "the property has no key" };
        else if (
          values !== undefined &&
          !WITHOUT_VALUE.has(operatorOf(property)) &&
          (values.length === 0 || (values.length === 1 && values[0] === undefined))
        )
          yield { path: [...path, "value"], what: `has no value to compare \`${String(property["key"])}\` with` };
      }
    },
  },
  wildcards: {
    severity: "warning",
    refusedBy: "run-time",
    text: "A text in an icontains test has no % or _.",
    why: "In a single value, % matches any characters and _ any one character",
    cites: "run time §5.4",
    fails: when(person("plan", "pro_plus", "icontains")),
    passes: when(person("plan", "pro-plus", "icontains")),
    *find(flow) {
      for (const { path, property } of compiled(flow)) {
        const values = valuesOf(property);
        const operator = operatorOf(property);
        if (
          (operator === "icontains" || operator === "not_icontains") &&
          values?.length === 1 &&
          typeof values[0] === "string" &&
          /[%_]/.test(values[0])
        )
          yield {
            path: [...path, "value"],
            what: "% and _ are wildcards here",
            fix: "Use regex, or a list of two values",
          };
      }
    },
  },
  "step-never-runs": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The filters of a step name only events that can start the flow.",
    why: "They are tested on the event that started the run, so the step is always skipped",
    cites: "run time §2.3, §5.3",
    fails: flowOf({ mail: email({}, { filters: { events: [{ id: "order completed" }] } }) }),
    passes: flowOf({ mail: email({}, { filters: { events: [{ id: "user signed up" }] } }) }),
    *find(flow) {
      const starts = startingEvents(flow);
      if (starts === undefined) return;
      for (const { path, filters, kind, id } of filtersIn(flow)) {
        if (kind !== "step" || id === flow.trigger?.id || listOf(filters["actions"]).length > 0) continue;
        const ids = listOf(filters["events"]).map((item) => own(item, "id"));
        if (
          ids.length === 0 ||
          containsUnknown(ids) ||
          ids.some((event) => event === null || event === undefined || starts.has(String(event)))
        )
          continue;
        yield {
          path: [...path, "events"],
          what: `no run of this flow starts with ${ids.map((event) => `"${String(event)}"`).join(" or ")}`,
          fix: "Wait for the event with a wait_until_condition step, or test a property",
        };
      }
    },
  },
});

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The first bracket or quote that nothing closes, or that nothing has opened. */
function unclosed(text: string): string | undefined {
  const open: string[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i]!;
    if (char === "\\") i += 1;
    else if (char === "'" || char === '"' || char === "`") {
      const end = text.indexOf(char, i + 1);
      if (end < 0) return char;
      i = end;
    } else if (CLOSING[char]) open.push(char);
    else if (Object.values(CLOSING).includes(char) && char !== CLOSING[open.pop() ?? ""]) return char;
  }
  return open[0];
}

/** The names of the events that runs start with (run time §1.1); undefined where they may be any. */
function startingEvents({ trigger }: FlowView): ReadonlySet<string> | undefined {
  if (trigger?.type === "schedule") return new Set(["$workflow_scheduled"]);
  if (trigger?.type === "batch") return new Set(["$batch_hog_flow_invocation"]);
  if (trigger?.type !== "event") return undefined;
  const filters = trigger.config["filters"];
  const events = listOf(own(filters, "events"));
  if (containsUnknown(filters) || events.length === 0 || listOf(own(filters, "actions")).length > 0) return undefined;
  const ids = events.map((item) => own(item, "id"));
  return ids.some((id) => typeof id !== "string") ? undefined : new Set(ids as string[]);
}

// Conditions, events and output variables in keyed form. What the types refuse is refused here once more, for programs that nobody type-checks.
import type { Dict } from "../../definition/canonical/values";
import { conditionOf, type AudienceCondition, type Condition, type LiveCondition, type Scope } from "./conditions";
import { eventOf, type EventFilter } from "./events";
import type { Writer } from "./location";
import { inExpression, isReference } from "./references";
import { filledExpression, renderText, templateOf, type Expression } from "./texts";
import { outputRefOf } from "./variables";

/** What can be tested where, and why the rest cannot. */
const PLACES: Readonly<Record<"live" | "signal" | "audience", { scopes: readonly Scope[]; why: string }>> = {
  live: {
    scopes: ["person", "event", "group", "variable", "hogql"],
    why: "Cohorts can only be tested in the audience of on.batch",
  },
  signal: {
    scopes: ["person", "event", "group", "hogql"],
    why: "There are no variables before a run, and cohorts can only be tested in the audience of on.batch",
  },
  audience: {
    scopes: ["person", "group", "cohort", "hogql"],
    why: "An audience is chosen without an event and before any run",
  },
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const EVENT_IN_FILTERS = "Wait for events with waitUntil; a branch tests properties";

function properties(given: unknown, where: keyof typeof PLACES, at: Writer, eventsGo = EVENT_IN_FILTERS): Dict[] {
  const { scopes, why } = PLACES[where];
  return listOf(given).flatMap((entry, i) => {
    const here = at.at(i);
    const data = conditionOf(entry);
    if (data === undefined) {
      const what = isReference(entry)
        ? "is a property, not a condition"
        : eventOf(entry)
          ? "is an event, but a condition is expected"
          : "is not a condition";
      here.report(what, {
        rule: "condition-kind",
        fix: isReference(entry)
          ? "Call one of its methods, such as .is(…) or .isSet()"
          : eventOf(entry)
            ? eventsGo
            : 'Write one such as person("plan").is("pro")',
      });
      return [];
    }
    if (!scopes.includes(data.scope))
      here.report(`a condition on ${SCOPE_NAMES[data.scope]} cannot be used here`, {
        rule: "condition-scope",
        why,
        fix: "Test something else here, or test it elsewhere",
      });
    return [data.filter];
  });
}

const SCOPE_NAMES: Readonly<Record<Scope, string>> = {
  person: "a property of the person",
  event: "a property of the event",
  group: "a property of a group",
  variable: "a variable",
  hogql: "an expression",
  cohort: "a cohort",
};

/** Conditions of a branch, a wait or a step; with `"trigger"`, of what starts the flow. */
export const conditionFilters = (given: unknown, at: Writer, location?: "trigger"): Dict => ({
  properties: properties(given, location === "trigger" ? "signal" : "live", at.at("properties")),
});

/** What a goal tests. */
export const goalFilters = (given: LiveCondition | readonly LiveCondition[], at: Writer): Dict[] =>
  properties(given, "live", at.at("filters"), 'Put an event goal in `events`: conversion: { events: event("paid") }');

/** The audience of a batch flow. */
export const audienceFilters = (given: AudienceCondition | readonly AudienceCondition[], at: Writer): Dict => ({
  properties: properties(given, "audience", at.at("properties")),
});

/** Events, any of which matches. */
export function eventFilters(given: readonly (string | EventFilter)[], at: Writer): Dict {
  const lists: { events: Dict[]; actions: Dict[] } = { events: [], actions: [] };
  for (const entry of given) {
    const data = typeof entry === "string" ? { list: "events" as const, id: entry, conditions: [] } : eventOf(entry);
    if (data === undefined) {
      at.report(`expected an event, got ${conditionOf(entry) ? "a condition" : "something else"}`, {
        rule: "condition-kind",
        fix: 'Write event("order completed"), or its name',
      });
      continue;
    }
    const list = lists[data.list];
    const tests =
      data.conditions.length > 0
        ? { properties: properties(data.conditions, "signal", at.at(data.list, list.length, "properties")) }
        : {};
    list.push({ id: data.id, ...("name" in data && data.name !== undefined ? { name: data.name } : {}), ...tests });
  }
  return {
    ...(lists.events.length > 0 ? { events: lists.events } : {}),
    ...(lists.actions.length > 0 ? { actions: lists.actions } : {}),
  };
}

/** The variable that holds the result of a step. */
export function outputVariables(given: unknown, at: Writer): unknown {
  const written = listOf(given).flatMap((entry, i) => {
    const data = outputRefOf(entry);
    if (data === undefined)
      (Array.isArray(given) ? at.at(i) : at).report("is not a variable of the flow", {
        rule: "output-variable",
        fix: 'Declare it with variables({ … }), and write vars.score or vars.score.from("body.score")',
      });
    return data === undefined ? [] : [data];
  });
  return Array.isArray(given) ? written : written[0];
}

/** A Hog expression: a property has the names that filters use, which are not those of templates (run time §5.2). */
export function expressionText(given: Expression, at: Writer): unknown {
  if (isReference(given)) return inExpression(given.data);
  const template = templateOf(given);
  if (template === undefined) return renderText(given, at).value;
  if (template.language !== "hog")
    at.report("is a liquid text, but a Hog expression is expected", { rule: "text-language", fix: "Write hog`…`" });
  return filledExpression({ ...template, language: "hog" }, at);
}

export const isCondition = (value: unknown): value is Condition => conditionOf(value) !== undefined;
export const isEventFilter = (value: unknown): value is EventFilter => eventOf(value) !== undefined;

/** What publishing a draft does to people who are under way: the `impact` of a preview. */
import { equal, isObject, type JsonObject } from "./json";
import { nextRedirects } from "./redirects";
import type { Content, Flow } from "./store";

const steps = (content: Content): JsonObject[] => (Array.isArray(content.actions) ? content.actions.filter(isObject) : []);
const variableKeys = (content: Content): string[] => (Array.isArray(content.variables) ? content.variables.map((v: JsonObject) => v.key).filter(Boolean) : []);

export function publishImpact(flow: Flow, draft: Content): JsonObject {
  return {
    deleted_steps: deletedSteps(flow, draft),
    position_unknown: 0,
    empty_variables: emptyVariables(flow.content, draft),
    schedule_conflicts: scheduleConflicts(flow, draft),
  };
}

function deletedSteps(flow: Flow, draft: Content): JsonObject[] {
  const left = new Set(steps(draft).map((step) => step.id));
  const redirects = nextRedirects(flow.action_redirects, flow.content, draft);
  return steps(flow.content)
    .filter((step) => !left.has(step.id))
    .map((step) => ({ action_id: step.id, name: step.name, redirect_to: redirects?.[step.id] ?? null, in_flight_runs: 0 }));
}

const outputs = (step: JsonObject): string[] => [step.output_variable].flat().filter(isObject).map((variable) => variable.key);

/** Variables that the draft adds and reads: runs that are past the point where they are set will find them empty. */
function emptyVariables(live: Content, draft: Content): JsonObject[] {
  const known = new Set([...variableKeys(live), ...steps(live).flatMap(outputs)]);
  const setters = new Map(steps(draft).flatMap((step) => outputs(step).map((key) => [key, step.id] as const)));
  const fresh = [...new Set([...variableKeys(draft), ...setters.keys()])].filter((key) => !known.has(key));
  return fresh
    .map((variable) => ({ variable, set_by: setters.get(variable) ?? null, referenced_by: steps(draft).filter((step) => reads(step, variable)).map((step) => step.id) }))
    .filter((entry) => entry.referenced_by.length > 0);
}

function reads(step: JsonObject, variable: string): boolean {
  const name = variable.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\bvariables(\\.${name}\\b|\\[\\\\?['"]${name}\\\\?['"]\\])`).test(JSON.stringify(step.config ?? null));
}

function scheduleConflicts(flow: Flow, draft: Content): JsonObject[] {
  const left = variableKeys(draft);
  const removed = variableKeys(flow.content).filter((key) => !left.includes(key));
  return flow.schedules
    .map((schedule) => ({ schedule_id: schedule.id, variables: isObject(schedule.variables) ? Object.keys(schedule.variables).filter((key) => removed.includes(key)) : [] }))
    .filter((conflict) => !equal(conflict.variables, []));
}

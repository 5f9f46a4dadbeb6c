/** What publishing a draft does to people in the flow: the `impact` of a preview. */
import { isFalsy, isObject, type JsonObject } from "./json";
import { nextRedirects } from "./redirects";
import type { Content, Flow } from "./store";

const steps = (content: Content): JsonObject[] =>
  Array.isArray(content.actions) ? content.actions.filter((step: unknown) => isObject(step) && !isFalsy(step.id)) : [];
const variableKeys = (content: Content): string[] =>
  Array.isArray(content.variables) ? content.variables.map((v: JsonObject) => v.key).filter(Boolean) : [];

export function publishImpact(flow: Flow, draft: Content): JsonObject {
  return {
    deleted_steps: deletedSteps(flow, draft),
    position_unknown:
      flow.inFlight === null
        ? null
        : Math.max(0, flow.inFlight - Object.values(flow.inFlightByStep).reduce((sum, runs) => sum + runs, 0)),
    empty_variables: emptyVariables(flow.content, draft),
    schedule_conflicts: scheduleConflicts(flow, draft),
  };
}

/** Runs that wait in a step that is removed, and where they continue: at the next step that remains, or nowhere. */
function deletedSteps(flow: Flow, draft: Content): JsonObject[] {
  const left = new Map(steps(draft).map((step) => [step.id, step.name || step.id]));
  const redirects = nextRedirects(flow.action_redirects, flow.content, draft);
  return steps(flow.content)
    .filter((step) => !left.has(step.id))
    .map((step) => {
      const target = redirects?.[step.id];
      return {
        action_id: step.id,
        name: step.name || step.id,
        runs: flow.inFlight === null ? null : (flow.inFlightByStep[step.id] ?? 0),
        moves_to: target === undefined ? null : { action_id: target, name: left.get(target) },
        exits: target === undefined,
      };
    });
}

const outputs = (step: JsonObject | undefined): string[] =>
  [step?.output_variable]
    .flat()
    .filter(isObject)
    .map((variable) => variable.key)
    .filter(Boolean);

/** Variables that the draft adds, by a definition or as the output of a step, and reads: runs that are past that point find them empty. */
function emptyVariables(live: Content, draft: Content): JsonObject[] {
  const liveSteps = new Map(steps(live).map((step) => [step.id, step]));
  const known = variableKeys(live);
  const setters = new Map<string, string | null>(
    variableKeys(draft)
      .filter((key) => !known.includes(key))
      .map((key) => [key, null]),
  );
  for (const step of steps(draft))
    for (const key of outputs(step)) if (!outputs(liveSteps.get(step.id)).includes(key)) setters.set(key, step.id);
  return [...setters]
    .map(([variable, set_by]) => ({
      variable,
      set_by,
      referenced_by: steps(draft)
        .filter((step) => step.id !== set_by && reads(step, variable))
        .map((step) => step.id),
    }))
    .filter((entry) => entry.referenced_by.length > 0)
    .sort((a, b) => (a.variable < b.variable ? -1 : 1));
}

const REFERENCE = /\bvariables(?:\.([A-Za-z_$][\w$]*)|\s*\[\s*['"]([^'"\]]+)['"]\s*\])/g;

/** Only inputs and mappings are rendered; beside them, `variables.x` is just text. */
function reads(step: JsonObject, variable: string): boolean {
  return textsOf([step.config?.inputs, step.config?.mappings]).some((text) =>
    [...text.matchAll(REFERENCE)].some(([, dotted, quoted]) => (dotted ?? quoted) === variable),
  );
}

const COMPILED = ["bytecode", "transpiled"];

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return isObject(value)
    ? Object.entries(value).flatMap(([key, item]) => (COMPILED.includes(key) ? [] : textsOf(item)))
    : [];
}

function scheduleConflicts(flow: Flow, draft: Content): JsonObject[] {
  const left = variableKeys(draft);
  return flow.schedules
    .filter((schedule) => schedule.status !== "completed")
    .map((schedule) => ({
      schedule_id: schedule.id,
      variables: isObject(schedule.variables)
        ? Object.keys(schedule.variables)
            .filter((key) => !left.includes(key))
            .sort()
        : [],
    }))
    .filter((conflict) => conflict.variables.length > 0);
}

/** What each kind of step does when a run is at it. */
import { bytecodeOf } from "../hog/emit";
import { runCode } from "../hog/run";
import { isObject, type JsonObject } from "../json";
import { evaluateFilters, type FilterWorld } from "./filters";
import { functionStep } from "./functions";
import { nextStep, note, type Outcome, type Run } from "./run";
import { triggerStep } from "./trigger";
import { delayEnd, instantOf, waitMs, windowOpens, zoneOf } from "./times";

type Handler = (run: Run, step: JsonObject) => Outcome;

const configOf = (step: JsonObject): JsonObject => (isObject(step.config) ? step.config : {});

/** Filters see the variables as they are now. */
const current = (run: Run): FilterWorld => ({
  ...run.filters,
  globals: { ...run.filters.globals, variables: run.variables },
});

/** A step parks where it is: the next step is reached only when the time is over. */
const after = (run: Run, step: JsonObject, parkUntil: number | undefined): Outcome =>
  parkUntil === undefined ? { next: nextStep(run.flow, step) } : { parkUntil };

const delay: Handler = (run, step) => {
  const config = configOf(step);
  if (!isObject(config.delay_until)) return after(run, step, run.now + waitMs(config.delay_duration ?? ""));
  const { expression } = config.delay_until;
  const { globals, now } = current(run);
  const value = runCode(bytecodeOf(run.hog.expression(String(expression))), { globals, now });
  const target = instantOf(value, zoneOf(config.delay_until, run.globals.person));
  if (target === undefined) throw new Error(`The expression of this delay gives no date: ${JSON.stringify(value)}`);
  return after(run, step, delayEnd(config, target, now));
};

const timeWindow: Handler = (run, step) => after(run, step, windowOpens(configOf(step), run.globals.person, run.now));

/** Whether a condition names anything; one that does not would hold always. */
function asks(condition: unknown): boolean {
  const filters: unknown = isObject(condition) ? condition.filters : undefined;
  if (!isObject(filters)) return false;
  const some = (list: unknown) => Array.isArray(list) && list.length > 0;
  return (
    some(filters.properties) || some(filters.events) || some(filters.actions) || Boolean(filters.filter_test_accounts)
  );
}

/** Whether an event is one that a wait waits for. */
function waitMatches(run: Run, step: JsonObject): boolean {
  const { events, condition } = configOf(step);
  const entries: JsonObject[] = Array.isArray(events) ? events.filter(isObject) : [];
  const targets = ({ filters }: JsonObject) =>
    isObject(filters) && [filters.events, filters.actions].some((list) => Array.isArray(list) && list.length > 0);
  if (entries.some((entry) => targets(entry) && evaluateFilters(entry.filters, run.filters).match)) return true;
  return asks(condition) && evaluateFilters((condition as JsonObject).filters, run.filters).match;
}

const wait: Handler = (run, step) => {
  const { condition, max_wait_duration: longest } = configOf(step);
  if (run.eventMatched) return { next: nextStep(run.flow, step, 0), result: { eventMatched: true } };
  if (asks(condition) && evaluateFilters((condition as JsonObject).filters, current(run)).match) {
    const next = nextStep(run.flow, step, 0);
    return { next, result: { conditionResult: { nextAction: next } } };
  }
  if (!longest) return { next: nextStep(run.flow, step), result: { conditionResult: {} } };
  const parkUntil = run.now + waitMs(longest);
  return { parkUntil, result: { conditionResult: { scheduledAt: new Date(parkUntil).toISOString() } } };
};

const branch: Handler = (run, step) => {
  const { conditions } = configOf(step);
  const list: unknown[] = Array.isArray(conditions) ? conditions : [];
  const index = list.findIndex((each) => isObject(each) && evaluateFilters(each.filters, current(run)).match);
  if (index < 0) return { next: nextStep(run.flow, step), result: { conditionResult: {} } };
  const next = nextStep(run.flow, step, index);
  return { next, result: { conditionResult: { nextAction: next } } };
};

const split: Handler = (run, step) => {
  const { cohorts } = configOf(step);
  const shares = (Array.isArray(cohorts) ? cohorts : []).map((cohort) =>
    isObject(cohort) ? Number(cohort.percentage) || 0 : 0,
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  const drawn = run.random() * total;
  let sum = 0;
  const index = total > 0 ? shares.findIndex((share) => (sum += share) >= drawn) : -1;
  const next = nextStep(run.flow, step, index < 0 ? undefined : index);
  return { next, result: { assigned_cohort: next.id } };
};

const exit: Handler = () => ({ finished: true });

export const HANDLERS: Record<string, Handler> = {
  trigger: triggerStep,
  delay,
  wait_until_time_window: timeWindow,
  wait_until_condition: wait,
  conditional_branch: branch,
  random_cohort_branch: split,
  function: functionStep,
  function_email: functionStep,
  function_sms: functionStep,
  function_push: functionStep,
  exit,
};

/** Whether the step's own filters let a run into it; an error is no match. */
export function isSkipped(run: Run, step: JsonObject): boolean {
  return isObject(step.filters) && !evaluateFilters(step.filters, run.filters).match;
}

/** Whether a wait's events or condition are met by the test's event; says so in the log. */
export function noteMatch(run: Run, step: JsonObject): void {
  run.eventMatched = waitMatches(run, step);
  const event = `Test event '${run.globals.event.event}'`;
  note(
    run,
    "info",
    run.eventMatched
      ? `${event} matched the wait conditions`
      : `${event} did not match the wait conditions - the workflow would continue waiting`,
    run.callLog,
  );
}

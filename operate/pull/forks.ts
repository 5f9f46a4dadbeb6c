// Steps whose ways are paths of their own, and the end, in the words of composition.
import { isDict } from "../../definition/canonical/values";
import type { ActionType } from "../../definition/schema/types";
import { conditionsOf, eventsOf, notExpressible, NotExpressible, oneOrList } from "./conditions";
import { Call } from "./expression";
import { isDuration } from "./literals";
import { members, options, pathOf, withCommon, withResult, type Write } from "./step-options";

export const FORKS = {
  wait_until_condition(given, words) {
    const { condition, events, maxWaitDuration } = members(given.step, ["condition", "events", "maxWaitDuration"]);
    if (!isDuration(maxWaitDuration)) throw new NotExpressible("a wait of another length");
    const test = condition === undefined ? undefined : conditionsOf(onlyFilters(condition), words.tested);
    const list = events === undefined ? [] : listOf(events).map(waitEvent);
    if (test === undefined && list.length === 0) throw new NotExpressible("a wait for nothing");
    const [match, ...more] = given.paths.filter(({ index }) => index !== undefined);
    const timeout = given.paths.find(({ index }) => index === undefined);
    if (match === undefined || more.length > 0 || timeout === undefined)
      throw new NotExpressible("a wait with other ways");
    return new Call("waitUntil", [
      words.keyOf(given.id),
      withResult(given, words, {
        ...(test === undefined ? {} : { condition: test }),
        ...(list.length === 0 ? {} : { events: oneOrList(list) }),
        maxWaitDuration,
        ...(match.items.length === 0 ? {} : { onMatch: match.items }),
        ...(timeout.items.length === 0 ? {} : { onTimeout: timeout.items }),
      }),
    ]);
  },

  conditional_branch(given, words) {
    const { conditions } = members(given.step, ["conditions"]);
    const branches = given.paths.filter(({ index }) => index !== undefined);
    const rest = given.paths.find(({ index }) => index === undefined);
    if (
      !Array.isArray(conditions) ||
      conditions.length === 0 ||
      conditions.length !== branches.length ||
      rest === undefined
    )
      throw new NotExpressible("a branch with other ways");
    const cases = conditions.map((condition, i) => {
      const { filters, name, ...more } = isDict(condition) ? condition : {};
      if (Object.keys(more).length > 0 || !isLabel(name)) throw new NotExpressible("a condition has more than a name");
      return new Call("when", [
        conditionsOf(filters, words.tested),
        pathOf(branches[i]!.items),
        ...(name === undefined ? [] : [{ name }]),
      ]);
    });
    return new Call("branch", [
      words.keyOf(given.id),
      [...cases, ...(rest.items.length === 0 ? [] : [new Call("otherwise", [rest.items])])],
      ...options(withCommon(given, words)),
    ]);
  },

  random_cohort_branch(given, words) {
    const { cohorts } = members(given.step, ["cohorts"]);
    if (
      !Array.isArray(cohorts) ||
      cohorts.length === 0 ||
      cohorts.length !== given.paths.length ||
      given.paths.some(({ index }) => index === undefined)
    )
      throw new NotExpressible("a split with other ways");
    const names = new Set<unknown>();
    const shares = cohorts.map((cohort, i) => {
      const { percentage, name, ...more } = isDict(cohort) ? cohort : {};
      if (
        typeof name !== "string" ||
        name === "" ||
        typeof percentage !== "number" ||
        names.has(name) ||
        Object.keys(more).length > 0
      )
        throw new NotExpressible("a share has no name");
      names.add(name);
      return new Call("share", [name, percentage, pathOf(given.paths[i]!.items)]);
    });
    return new Call("split", [words.keyOf(given.id), shares, ...options(withCommon(given, words))]);
  },

  exit(given, words) {
    const { reason } = members(given.step, ["reason"]);
    if (given.step.onError !== undefined || given.step.filters !== undefined)
      throw new NotExpressible("an end with conditions");
    return new Call("exit", [
      words.keyOf(given.id),
      ...options(withCommon(given, words, reason === undefined ? {} : { reason })),
    ]);
  },
} as const satisfies Partial<Record<ActionType, Write>>;

const isLabel = (name: unknown): boolean => name === undefined || typeof name === "string";

function onlyFilters(condition: unknown): unknown {
  if (!isDict(condition) || Object.keys(condition).some((key) => key !== "filters"))
    throw new NotExpressible("a condition has a name");
  return condition["filters"];
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : notExpressible("events are no list");

function waitEvent(entry: unknown): unknown {
  const { filters, name, ...more } = isDict(entry) ? entry : {};
  const [event, ...others] = eventsOf(filters, { names: false });
  if (Object.keys(more).length > 0 || !isLabel(name) || event === undefined || others.length > 0)
    throw new NotExpressible("an event that is waited for is several");
  return name === undefined ? event : { name, event };
}

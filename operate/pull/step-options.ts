// The arguments of a step that do not depend on its kind, and how a kind's own are read from its config.
import { isDict, type Dict } from "../../definition/canonical/values";
import type { Action } from "../../definition/schema/types";
import { defaultTitle } from "../../definition/schema/step-ids";
import { conditionsOf, NotExpressible } from "./conditions";
import { Name, Method, type Call } from "./expression";
import type { Words } from "./words";

/** A path out of the step, written already. */
export interface Written {
  index?: number;
  items: readonly unknown[];
}

export interface StepOf {
  id: string;
  step: Action;
  paths: readonly Written[];
}

/** Writes a step of one kind. Throws `NotExpressible` where the kind's function has no words for it. */
export type Write = (given: StepOf, words: Words) => Call;

/** Options of a step in the order in which they are read: what it is, what only its kind has, and what becomes of its result. */
export function withCommon({ id, step }: StepOf, words: Words, kindsOwn: Dict = {}, { result = false } = {}): Dict {
  const key = words.keyOf(id);
  if (step.extra !== undefined) throw new NotExpressible("the step has keys that are not known");
  if (step.outputVariable !== undefined && !result) throw new NotExpressible("the step has its own result");
  return {
    ...(key === id ? {} : { id }),
    ...(step.name === defaultTitle(key) ? {} : { name: step.name }),
    ...(step.description === undefined ? {} : { description: step.description }),
    ...kindsOwn,
    ...(step.filters === undefined ? {} : { filters: conditionsOf(step.filters, words.tested) }),
    ...(step.onError === undefined ? {} : { onError: step.onError }),
    ...(step.outputVariable === undefined ? {} : { outputVariable: outputOf(step.outputVariable, words) }),
  };
}

/** For kinds that may have a result. */
export const withResult = (given: StepOf, words: Words, kindsOwn: Dict): Dict =>
  withCommon(given, words, kindsOwn, { result: true });

function outputOf(given: unknown, words: Words): unknown {
  if (Array.isArray(given)) return given.map((item) => outputOf(item, words));
  const { key, resultPath, spread, ...rest } = isDict(given) ? given : {};
  if (typeof key !== "string" || !["undefined", "string"].includes(typeof resultPath) || Object.keys(rest).length > 0)
    throw new NotExpressible("an output variable has a label");
  return new Method(words.variable(key), "from", [
    ...(resultPath === undefined && spread !== true ? [] : [resultPath]),
    ...(spread === true ? [{ spread: true }] : []),
  ]);
}

/** The config's members, of which no other may be left. */
export function members(step: Action, known: readonly string[]): Dict {
  const config = (step.config ?? {}) as Dict;
  const other = Object.keys(config).filter((key) => !known.includes(key));
  if (other.length > 0) throw new NotExpressible(`the config has ${other.join(", ")}`);
  return config;
}

/** The options as the last argument, which is left out when there are none. */
export const options = (values: Dict): unknown[] => (Object.keys(values).length === 0 ? [] : [values]);

export const need = (values: Dict, ...keys: string[]): void => {
  for (const key of keys) if (values[key] === undefined) throw new NotExpressible(`there is no ${key}`);
};

export const defined = (values: Dict): Dict =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** A path as an argument; nothing says that it goes straight on. */
export const pathOf = (items: readonly unknown[]): unknown => (items.length === 0 ? new Name("nothing") : items);

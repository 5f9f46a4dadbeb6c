// The two sides of a flow that drifted, as it was deployed and as it is live, each as a program of steps with the same first arguments.
import { SECRET, inputItems } from "../../definition/canonical/secrets";
import { copy, isDict, own, put, type Dict } from "../../definition/canonical/values";
import type { Action } from "../../definition/schema/types";
import {
  compositionOf,
  wordsFor,
  type Composition,
  type CompositionOptions,
  type NoComposition,
} from "../pull/composition";
import { Name, type Call } from "../pull/expression";
import type { Written } from "../pull/step-options";
import { stepCall } from "../pull/steps";
import { keysOf } from "../pull/words";

export type Steps = Record<string, Action>;

export interface Side {
  definition: Dict;
  steps: Steps;
  options: CompositionOptions;
  composition: Composition;
}

/**
 * Both sides, or why steps cannot say one of them. A step keeps its first argument, whatever its title has become.
 *
 * @param deployed Masked, as `live`.
 */
export function sidesOf(name: string, deployed: Dict, live: Dict): { was: Side; is: Side } | NoComposition {
  const known = keysOf(stepsOf(deployed));
  const was = sideOf(deployed, name, known);
  const is = sideOf(live, name, new Map([...known, ...keysOf(stepsOf(live), known)]));
  return "why" in was ? was : "why" in is ? is : { was, is };
}

const stepsOf = (definition: Dict): Steps => (isDict(definition["actions"]) ? (definition["actions"] as Steps) : {});

function sideOf(masked: Dict, name: string, keys: ReadonlyMap<string, string>): Side | NoComposition {
  const definition = withKept(masked);
  const options = { name, keys, bodies: "mails" };
  const composition = compositionOf(definition, options);
  return "why" in composition ? composition : { definition, steps: stepsOf(definition), options, composition };
}

/** A hidden input is configuration in a program. */
function withKept(masked: Dict): Dict {
  const out = copy(masked);
  for (const { key, item, inputs } of [...inputItems(out)])
    if (own(item, "value") === SECRET) put(inputs, key, { secret: true });
  return out;
}

/** Stands for a path that is the same on both sides. */
const AS_IT_IS = new Name("…");

/** The call that makes one step, without what its paths hold. */
export function callOf({ definition, steps, options }: Side, id: string): Call {
  const { next, branches = [] } = steps[id]!;
  const paths: Written[] = branches.map((_, index) => ({ index, items: [AS_IT_IS] }));
  return stepCall(
    { id, step: steps[id]!, paths: next === undefined || branches.length === 0 ? paths : [...paths, { items: [] }] },
    wordsFor(definition, options),
  );
}

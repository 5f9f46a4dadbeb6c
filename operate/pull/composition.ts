// A whole live flow in the words of composition. What comes out has been run, and what it makes is the flow that it was made from; where that cannot be,
// the reason is given and the flow is written in the keyed form.
import { differences } from "../../definition/canonical/compare";
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { flowSettings, settingShape } from "../../definition/schema/schemas";
import type { Action } from "../../definition/schema/types";
import { conditionOf, eventsOf, NotExpressible, oneOrList } from "./conditions";
import { Call } from "./expression";
import { misfit, unknownKeyIn } from "./fits";
import { isLength } from "./literals";
import { expressed, madeBy, withKeptSecrets } from "./proof";
import { stepCall } from "./steps";
import type { Written } from "./step-options";
import { NotNested, structureOf, type Item, type PathOf } from "./structure";
import { triggerCall } from "./triggers";
import { wordsOf, type Words } from "./words";

export interface Composition {
  /** Arguments of `HogFlow`, as expressions. `variables`, where the flow has any, is the call that declares them. */
  args: Dict;
}

/** Why a flow is written in the keyed form. */
export interface NoComposition {
  why: string;
}

export interface CompositionOptions {
  /** Logical name of the flow. */
  name: string;
  /** Folder of e-mail bodies, relative to the one in which the program runs. */
  bodies: string;
  /** First arguments of steps by id. Default: made from ids and titles. */
  keys?: ReadonlyMap<string, string>;
}

/** @param definition Keyed form, canonical, with `{ secret: true }` where PostHog keeps a secret. */
export function compositionOf(definition: Dict, options: CompositionOptions): Composition | NoComposition {
  try {
    const composition = written(definition, options);
    const different = differenceOf(definition, options.name, composition);
    return different === undefined ? composition : { why: `${different} has no step-style equivalent` };
  } catch (error) {
    if (error instanceof NotNested || error instanceof NotExpressible) return { why: error.message };
    throw error;
  }
}

/** What is written as it is; the rest has words of its own, or none. */
const PLAIN_SETTINGS = Object.keys(settingShape).filter((field) => !["name", "conversion"].includes(field));
const KNOWN = [...PLAIN_SETTINGS, "name", "status", "conversion", "variables", "actions"];

/** The names that a written flow uses. */
export const wordsFor = (definition: Dict, { bodies, keys }: CompositionOptions): Words =>
  wordsOf(definition["actions"] as Record<string, Action>, {
    declared: new Map(
      Object.entries(isDict(definition["variables"]) ? definition["variables"] : {}).map(([key, spec]) => [
        key,
        own(spec, "type"),
      ]),
    ),
    bodies,
    ...(keys === undefined ? {} : { keys }),
  });

function written(definition: Dict, options: CompositionOptions): Composition {
  const { name } = options;
  const other = Object.keys(definition).filter((key) => !KNOWN.includes(key));
  if (other.includes("leftover")) throw new NotExpressible("some of its edges lead nowhere, or are there twice");
  if (other.length > 0) throw new NotExpressible(`the flow has ${other.join(", ")}`);
  const { actions: _, ...rest } = definition;
  const odd = misfit(flowSettings, rest) ?? unknownKeyIn({ ...rest, actions: {} });
  if (odd !== undefined) throw new NotExpressible(`${odd} is nothing that this version knows`);
  const steps = definition["actions"] as Record<string, Action>;
  const variables = isDict(definition["variables"]) ? definition["variables"] : {};
  const words = wordsFor(definition, options);
  const { trigger, items } = structureOf(steps);
  const settings: Dict = {};
  for (const key of PLAIN_SETTINGS) if (definition[key] !== undefined) settings[key] = definition[key];
  const declared =
    Object.keys(variables).length > 0
      ? new Call("variables", [
          Object.fromEntries(Object.entries(variables).map(([key, spec]) => [key, variableOf(spec)])),
        ])
      : undefined;
  return {
    args: {
      ...(definition["name"] === name || definition["name"] === undefined ? {} : { name: definition["name"] }),
      ...(definition["status"] === undefined ? {} : { status: definition["status"] }),
      ...settings,
      trigger: triggerCall(trigger, steps[trigger]!, words),
      ...(definition["conversion"] === undefined ? {} : { conversion: goalOf(definition["conversion"]) }),
      ...(declared === undefined ? {} : { variables: declared }),
      steps: items.map((item) => itemCall(item, steps, words)),
    },
  };
}

function itemCall(item: Item, steps: Record<string, Action>, words: Words): unknown {
  if (item.kind === "exit") return new Call("exit", []);
  if (item.kind === "goTo") return new Call("goTo", [words.keyOf(item.id)]);
  const paths = (item.paths ?? []).map((path: PathOf): Written => ({
    ...(path.index === undefined ? {} : { index: path.index }),
    items: path.items.map((inner) => itemCall(inner, steps, words)),
  }));
  return stepCall({ id: item.id, step: steps[item.id]!, paths }, words);
}

const KINDS = ["string", "number", "boolean", "dictionary"];
const DEFAULTS = ["undefined", "string", "number", "boolean"];

function variableOf(spec: unknown): unknown {
  const { type, ...rest } = isDict(spec) ? spec : {};
  if (
    !KINDS.includes(String(type)) ||
    !["undefined", "string"].includes(typeof rest["label"]) ||
    !DEFAULTS.includes(typeof rest["default"]) ||
    Object.keys(rest).some((key) => key !== "label" && key !== "default")
  )
    throw new NotExpressible("a variable is declared in another way");
  return Object.keys(rest).length === 0 ? type : { type, ...rest };
}

function goalOf(conversion: unknown): Dict {
  const { events = [], filters = [], window, ...rest } = isDict(conversion) ? conversion : {};
  if (Object.keys(rest).length > 0 || !Array.isArray(events) || !Array.isArray(filters))
    throw new NotExpressible("the goal has further members");
  if (window !== undefined && !isLength(window)) throw new NotExpressible("the goal has a window of another kind");
  const goals = events.map((entry) => {
    const { filters: of, ...more } = isDict(entry) ? entry : {};
    const [event, ...others] = eventsOf(of, { names: false });
    if (Object.keys(more).length > 0 || event === undefined || others.length > 0)
      throw new NotExpressible("an event of the goal is several");
    return event;
  });
  return {
    ...(goals.length === 0 ? {} : { events: oneOrList(goals) }),
    ...(filters.length === 0 ? {} : { filters: oneOrList(filters.map((filter) => conditionOf(filter))) }),
    ...(window === undefined ? {} : { window }),
  };
}

/**
 * The first path at which what the composition makes is not the definition; undefined when they are one.
 *
 * @param composition `senders`: what the names of senders in it mean.
 */
export function differenceOf(
  definition: Dict,
  name: string,
  { args, senders = {} }: Composition & { senders?: Dict },
): string | undefined {
  // What steps refer to is the declaration's by its keys, so it may be made twice.
  const vars = args["variables"] === undefined ? undefined : expressed(args["variables"]);
  const { definition: made, problem } = madeBy(expressed(args, { ...senders, vars }) as Dict, name);
  if (problem !== undefined) return problem;
  const [first] = differences(withKeptSecrets(definition), withKeptSecrets(made));
  return first && first.path.join(".");
}

// The names that a written program gives: first arguments of steps, files of bodies, configuration of secrets, variables.
import { isDict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { Action } from "../../definition/schema/types";
import { isDevice, titleWords } from "../program-text";
import { NotExpressible, type VariablesOf } from "./conditions";
import { hasStandIn } from "../stand-ins";
import { Body, Name } from "./expression";

export interface Words {
  /** The step's first argument. */
  keyOf(id: string): string;
  /** A declared variable. */
  variable(key: string): Name;
  /** The same, with the kind of its values. */
  tested: VariablesOf;
  /** Kinds of the variables that the flow declares, by key. */
  declared: ReadonlyMap<string, unknown>;
  /** Folder of the bodies, relative to the Pulumi project. */
  bodies: string;
}

/** What an id looks like that a person has chosen: words, and nothing that the editor has counted or drawn by lot. */
const CHOSEN = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/;
const DRAWN = /[0-9a-f]{8}-?[0-9a-f]{4}|\d{6,}/;
const MAX_KEY = 40;

/**
 * The step's first argument: its id where a person chose it, else its title.
 *
 * @param known First arguments that steps have already, by id.
 */
export function keysOf(
  steps: Readonly<Record<string, Action>>,
  known: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const keys = new Map([...known].filter(([id]) => Object.hasOwn(steps, id)));
  const taken = new Set(known.values());
  for (const id of Object.keys(steps)) {
    if (keys.has(id)) continue;
    if (taken.has(id) || !CHOSEN.test(id) || DRAWN.test(id) || id.length > MAX_KEY) continue;
    keys.set(id, id);
    taken.add(id);
  }
  for (const [id, step] of Object.entries(steps)) {
    if (keys.has(id)) continue;
    const base = slug(step.name) || (stepKindOf(step.type)?.word ?? slug(step.type));
    let key = base;
    for (let n = 2; taken.has(key) || Object.hasOwn(steps, key); n += 1) key = `${base}_${n}`;
    keys.set(id, key);
    taken.add(key);
  }
  return keys;
}

const slug = (title: unknown): string => titleWords(title).join("_").slice(0, MAX_KEY).replace(/_+$/, "");

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

export interface WordsOptions {
  /** Kinds of the variables that the flow declares, by key. */
  declared: ReadonlyMap<string, unknown>;
  bodies: string;
  keys?: ReadonlyMap<string, string>;
}

export function wordsOf(
  steps: Readonly<Record<string, Action>>,
  { declared, bodies, keys = keysOf(steps) }: WordsOptions,
): Words {
  const keyOf = (id: string): string => keys.get(id) ?? id;
  const variable = (key: string): Name => {
    if (!declared.has(key) || !IDENTIFIER.test(key)) throw new NotExpressible(`the variable ${key} is not declared`);
    return new Name(`vars.${key}`);
  };
  return {
    keyOf,
    declared,
    bodies,
    variable,
    tested: (key) => ({ name: variable(key), kind: declared.get(key) }),
  };
}

/** Shorter bodies are read where they stand. */
const SHORT_BODY = 80;

const fileWord = (key: string): string => (isDevice(key) ? `${key}_` : key);

/** The body of an e-mail: in a file of its own, unless it is one short line, or holds what only the configuration has. */
export const bodyOf = (html: unknown, key: string, { bodies }: Words): unknown =>
  typeof html === "string" && !hasStandIn(html) && (html.length > SHORT_BODY || html.includes("\n"))
    ? new Body(`${bodies}/${fileWord(key)}.html`, html)
    : html;

/** What PostHog's editor made the body from: nobody reads that in a program. */
export const designOf = (design: unknown, key: string, { bodies }: Words): unknown =>
  isDict(design) && !hasStandIn(JSON.stringify(design))
    ? new Body(`${bodies}/${fileWord(key)}.design.json`, `${JSON.stringify(design, null, 2)}\n`, design)
    : design;

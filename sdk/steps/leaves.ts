// Leaves that need no language: numbers, durations, closed sets. They go along as they are, outputs included.
import type { Dict } from "../../definition/canonical/values";
import { checkedLeaf } from "../values";
import type { At } from "./at";

export const leaf = (value: unknown, at: At): unknown => checkedLeaf(value, at);

/** The members with these names that were given. */
export function leaves(options: Dict, names: readonly string[], at: At): Dict {
  const out: Dict = {};
  for (const name of names) if (options[name] !== undefined) out[name] = leaf(options[name], at.at(name));
  return out;
}

export const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

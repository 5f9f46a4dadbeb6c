// Reads the state of every earlier version (design L15): a reader for each, and the definition in today's canonical form, in which both spellings
// of a key that has become known are one.
import { canonicalLike, definitionOf, DEFINITION_KEYS } from "../../definition/canonical/canonical";
import { currentOwnerText } from "../../definition/canonical/marker";
import type { Dict } from "../../definition/canonical/values";
import { STATE_VERSION } from "./state";
import { plainError } from "../errors";

/** What properties without a version are read as. */
const FIRST_VERSION = 1;

/** What turns the properties of one version into those of the next. Inputs carry no version, so a reader leaves what is newer already as it is. */
const READERS: Readonly<Record<number, (properties: Dict) => Dict>> = {};

/**
 * @param like A definition in canonical form. What equals it as it stands is in this form, too, which is the case in most checks and saves making it.
 */
export function upgraded(properties: Dict, like?: Dict): Dict {
  let version = typeof properties["stateVersion"] === "number" ? properties["stateVersion"] : FIRST_VERSION;
  if (version > STATE_VERSION) {
    throw plainError(
      `The state of this resource was written by a newer pulumi-hogflow (state version ${version}, this one reads up to ${STATE_VERSION}). Update the package: npm install pulumi-hogflow@latest`,
    );
  }
  let current = properties;
  for (; version < STATE_VERSION; version += 1) current = READERS[version]?.(current) ?? current;
  if (current["actions"] === undefined) return current;
  const settings: Dict = {};
  for (const [key, value] of Object.entries(current))
    if (!DEFINITION_KEYS.includes(key)) settings[key] = key === "owner" ? currentOwnerText(value) : value;
  return { ...settings, ...canonicalLike(definitionOf(current), like) };
}

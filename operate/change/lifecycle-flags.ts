// The lifecycle flags of a flow in words: where it lives, and how Pulumi treats it.
import { parsePath } from "../../definition/canonical/paths";
import { isDict, type Dict } from "../../definition/canonical/values";
import { FLOW_FLAGS, SETTING_KEYS, type FlagRow } from "../../definition/flags";
import { titleOf } from "../words/steps";
import { keyWords, listWords, valueWords } from "../words/values";
import type { Facet } from "./facets";

/** The flags in words; what is bookkeeping of the provider follows from what is said anyway. */
export const LIFECYCLE_FLAGS: readonly Facet[] = SETTING_KEYS.flatMap((key) => {
  const { review } = FLOW_FLAGS[key] as FlagRow;
  if (review === "unsaid") return [];
  const { label, says, unset } = review;
  return [
    {
      aspect: "settings",
      paths: [[key]],
      label,
      says: (value: unknown, whole: Dict) =>
        says === "fields"
          ? fieldsWords(value, whole)
          : typeof says === "function"
            ? says(value)
            : value === undefined
              ? unset
              : valueWords(value),
    },
  ];
});

const BOOKKEEPING = new Set<string>(SETTING_KEYS.filter((key) => FLOW_FLAGS[key].review === "unsaid"));

/** A definition without what is not said. */
export const withoutBookkeeping = (definition: Dict): Dict =>
  Object.fromEntries(Object.entries(definition).filter(([key]) => !BOOKKEEPING.has(key)));

function fieldsWords(paths: unknown, whole: Dict): string {
  if (!Array.isArray(paths) || paths.length === 0) return "nothing";
  return listWords(
    paths.map((path) => fieldWords(path, whole)),
    "and",
  );
}

/** `actions.welcome.config.inputs.email.value.subject` -> `“Welcome” subject`. */
function fieldWords(text: unknown, whole: Dict): string {
  const path = typeof text === "string" ? parsePath(text) : undefined;
  if (path === undefined) return valueWords(text);
  const [first, id, ...rest] = path;
  if (first !== "actions" || typeof id !== "string" || !isDict(whole["actions"]))
    return path.map((part) => keyWords(String(part))).join(" ");
  const field = rest
    .filter((part) => !["config", "inputs", "value", "email"].includes(String(part)))
    .map((part) => keyWords(String(part)));
  return `“${titleOf(whole["actions"], id)}”${field.length === 0 ? "" : ` ${field.join(" ")}`}`;
}

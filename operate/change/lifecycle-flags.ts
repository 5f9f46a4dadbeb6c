// Settings of a flow that say where it lives and how Pulumi treats it, in words. One row for each, so that a new one cannot be forgotten.
import { parsePath } from "../../definition/canonical/paths";
import { isDict, type Dict } from "../../definition/canonical/values";
import { SETTING_KEYS } from "../../provider/flow/state";
import { titleOf } from "../words/steps";
import { keyWords, listWords, valueWords } from "../words/values";
import type { Facet } from "./facets";

type SettingKey = (typeof SETTING_KEYS)[number];
type Row = { label: string; says: Facet["says"] };

/** Bookkeeping of the provider itself: it follows from what is told anyway. */
const UNSAID = "unsaid";

const yesNo =
  (yes: string, no: string) =>
  (value: unknown): string =>
    value === true ? yes : no;
const stamp = (value: unknown): string | undefined => (value === undefined ? undefined : valueWords(value));

const SETTINGS: Readonly<Record<SettingKey, Row | typeof UNSAID>> = {
  host: { label: "lives at", says: stamp },
  projectId: { label: "lives in the PostHog project", says: stamp },
  owner: UNSAID,
  secretPaths: UNSAID,
  editorOwnsFirst: UNSAID,
  onDelete: {
    label: "when it leaves the program",
    says: (value) => (value === "archive" ? "it is archived" : "it is deleted"),
  },
  editorOwns: {
    label: "left to PostHog's editor",
    says: (value, whole) =>
      Array.isArray(value) && value.length > 0
        ? listWords(
            value.map((path) => placeWords(path, whole)),
            "and",
          )
        : "nothing",
  },
  overwriteDrift: { label: "overwrites what somebody edited in PostHog, as of", says: stamp },
  discardStagedDraft: { label: "discards what somebody staged in PostHog, as of", says: stamp },
  protectInFlight: {
    label: "changes that move people, or make them leave",
    says: yesNo("wait until nobody is in the flow", "are applied at once"),
  },
  adopted: UNSAID,
  adoptFrom: { label: "takes the flow over from", says: stamp },
  takenBy: { label: "managed by", says: (value) => (value === undefined ? "this stack" : valueWords(value)) },
  replaceOnMove: {
    label: "another host or project",
    says: yesNo("deletes the flow there and recreates it", "is refused"),
  },
};

export const MANAGEMENT: readonly Facet[] = SETTING_KEYS.flatMap((key) => {
  const row = SETTINGS[key];
  return row === UNSAID ? [] : [{ aspect: "settings", paths: [[key]], ...row }];
});

/** A definition without what is not told. */
export const withoutBookkeeping = (definition: Dict): Dict =>
  Object.fromEntries(Object.entries(definition).filter(([key]) => SETTINGS[key as SettingKey] !== UNSAID));

/** `actions.welcome.config.inputs.email.value.subject` -> `“Welcome” subject`. */
function placeWords(text: unknown, whole: Dict): string {
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

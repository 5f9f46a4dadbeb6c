// A resource that gets another name or parent in the program without an alias: Pulumi takes it for two resources, deletes one and creates the other.
import { triggerOf } from "../../definition/canonical/canonical";
import { isDict, isUnknown, own, same, type Dict } from "../../definition/canonical/values";
import { oneLine } from "../../definition/plain-text";
import type { PreviewedResource } from "./preview";

/** Two resources of a preview that look like one. */
export interface Rename {
  kind: PreviewedResource["kind"];
  /** Title of the flow; name of the schedule. */
  title: string;
  /** Names of the resource that goes, and of the one that is new. */
  from: string;
  to: string;
  /** Option of the new resource that keeps the old one: `aliases: [{ name: "…" }]`. */
  aliases: string;
  /** What happens without it. */
  words: string;
}

/** The resources that look renamed, each at most once. */
export function renamesIn(resources: readonly PreviewedResource[]): Rename[] {
  const fresh = resources.filter(({ fate, adopts }) => fate === "create" && !adopts);
  const taken = new Set<PreviewedResource>();
  return resources
    .filter(({ fate }) => fate === "delete")
    .flatMap((gone): Rename[] => {
      const candidates = fresh.filter((made) => made.kind === gone.kind && !taken.has(made) && mayLookLike(gone, made));
      // Of several with one definition, the one of the same name.
      const made = candidates.find(({ name }) => name === gone.name) ?? candidates[0];
      if (made === undefined) return [];
      taken.add(made);
      return [
        {
          kind: gone.kind,
          title: gone.kind === "flow" ? titleOf(gone.before, gone.name) : gone.name,
          from: gone.name,
          to: made.name,
          aliases: aliasOf(gone, made),
          words: WORDS[gone.kind](gone),
        },
      ];
    });
}

/** What cannot be read looks like nothing; its own entry in the review says so. */
function mayLookLike(gone: PreviewedResource, made: PreviewedResource): boolean {
  if (gone.error !== undefined || made.error !== undefined) return false;
  try {
    return looksLike(gone, made);
  } catch {
    return false;
  }
}

function looksLike(
  { kind, name, before = {} }: PreviewedResource,
  { name: newName, after = {} }: PreviewedResource,
): boolean {
  if (kind === "schedule")
    return ["flowId", "rrule", "startsAt", "timezone"].every((key) => isLike(before[key], after[key]));
  const [was, is] = [triggerOf(before["actions"]), triggerOf(after["actions"])];
  if (was === undefined || is === undefined || !isLike(was.step["config"], is.step["config"])) return false;
  // A flow without a title of its own is called as its resource, so its title changes with it.
  const sameTitle =
    isLike(before["name"], after["name"]) || (titleOf(before, name) === name && titleOf(after, newName) === newName);
  const [steps, newSteps] = [before["actions"], after["actions"]].map((actions) =>
    isDict(actions) ? Object.keys(actions).sort() : [],
  );
  return sameTitle && same(steps, newSteps);
}

/** Values that are not known yet may be any. */
const isLike = (was: unknown, is: unknown): boolean =>
  isUnknown(is) ||
  same(was, is) ||
  (isDict(was) &&
    isDict(is) &&
    [...new Set([...Object.keys(was), ...Object.keys(is)])].every((key) => isLike(own(was, key), own(is, key))));

const titleOf = (definition: Dict | undefined, name: string): string =>
  typeof definition?.["name"] === "string" ? definition["name"] : name;

/** Under another parent the whole old name says it, whatever that parent was. */
function aliasOf(gone: PreviewedResource, made: PreviewedResource): string {
  const parentOf = ({ urn }: PreviewedResource): string => urn.split("::").slice(0, 3).join("::");
  return `aliases: [${parentOf(gone) === parentOf(made) ? `{ name: ${JSON.stringify(gone.name)} }` : JSON.stringify(gone.urn)}]`;
}

const WORDS: Readonly<Record<Rename["kind"], (gone: PreviewedResource) => string>> = {
  flow: ({ end }) =>
    end === "kept"
      ? "The old flow stays in PostHog. If both are active, everything is sent twice."
      : `The old flow is ${end === "archived" ? "archived" : "deleted"}, so people in flight leave it. Those who start again in the new flow begin at its first step, and may get messages twice.`,
  schedule: ({ end }) =>
    end === "kept"
      ? "The old schedule stays in PostHog, so everything is sent twice."
      : "The old schedule is deleted and a new one is created. A run that falls between the two may start twice or not at all.",
};

/** `“Onboarding” looks renamed from `a` to `b` without an alias.` with the way out, in plain words. */
export const renameSentence = ({ title, from, to, words, aliases }: Rename): string =>
  `“${oneLine(title)}”: ${from === to ? `the resource "${oneLine(from)}" has another parent` : `the resource "${oneLine(from)}" looks renamed to "${oneLine(to)}"`}, without an alias. ${words} To keep it, add this to the options of "${oneLine(to)}": ${aliases}`;

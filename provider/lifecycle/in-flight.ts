// Tells what a change does to people in flight (design L9), in words for preview.
import { effectsOnPeople, type Effect, type Graph } from "../graph/in-flight";
import { isDict, isUnknown, same, type Dict } from "../canonical/values";
import { PLACE } from "./flow-diff";

export function graphOf(definition: Dict): Graph {
  const actions = definition["actions"];
  if (!isDict(actions)) return new Map();
  return new Map(Object.entries(actions).flatMap(([id, step]) => (isDict(step) ? [[id, { type: step["type"], name: step["name"], config: step["config"], next: step["next"], branches: step["branches"] }] as const] : [])));
}

export const effectsOf = (before: Dict, after: Dict): Effect[] => effectsOnPeople(graphOf(before), graphOf(after));

const PHRASES: Readonly<Record<Effect["kind"], (effect: Effect) => string>> = {
  moved: ({ to }) => `go on at "${to}"`,
  ejected: () => "leave the flow: no later step of theirs is left",
  rewired: ({ to }) => `go on to "${to}" when their wait ends`,
  unrouted: () => "leave the flow when their wait ends: the way on is gone",
  retyped: () => "start the step anew in its new type",
};

/** One line a step, or none when nobody can be in flight. */
export function peopleWarnings(before: Dict, after: Dict): string[] {
  if (before["actions"] === undefined || before["status"] === "draft" || before["status"] === "archived") return [];
  // Where everybody leaves, nobody is moved.
  const status = after["status"];
  if (typeof status === "string" && !isUnknown(status) && status !== "active" && status !== before["status"]) return [`everybody in flight leaves the flow, because it becomes ${status}`];
  if (PLACE.some((key) => before[key] !== undefined && after[key] !== undefined && !isUnknown(after[key]) && before[key] !== after[key])) return ["everybody in flight leaves the flow, because it is deleted where it is and created anew at its new place"];
  if (same(before["actions"], after["actions"])) return [];
  return effectsOf(before, after).map((effect) => {
    const step = `"${effect.id}"${effect.name === undefined ? "" : ` (${effect.name})`}`;
    const twin = effect.twin === undefined ? "" : `; "${effect.twin}" looks like the same step under another id: keep the id "${effect.id}" and they stay where they are`;
    return `people in ${step} ${PHRASES[effect.kind](effect)}${twin}`;
  });
}

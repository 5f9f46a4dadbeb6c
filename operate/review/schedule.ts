// What a preview means for a schedule, in words.
import { own, same, type Dict } from "../../definition/canonical/values";
import { nextDates, recurrenceWords, skippedWords } from "../words/recurrence";
import { valueWords } from "../words/values";
import type { Change } from "../change/changes";
import type { Fate, PreviewedResource } from "./preview";
import { reasonOf } from "./undescribed";

export interface ScheduleReview {
  resource: PreviewedResource;
  fate: Exclude<Fate, "same">;
  /** Title or name of its flow, where the preview shows which one it is. */
  flow?: string;
  /** When it runs, after the change; before it, when it goes. */
  runs: string;
  next: string[];
  /** What happens on a day on which the clocks skip its time. */
  skipped?: string;
  changes: Change[];
  /** Why it is recreated although its own times stay. */
  because?: string;
  /** Why nobody knows what it means; `runs`, `next` and `changes` are empty then. */
  error?: string;
}

export function scheduleChanges(
  resource: PreviewedResource,
  flows: readonly PreviewedResource[],
  now: number,
): ScheduleReview[] {
  try {
    if (resource.error === undefined) return described(resource, flows, now);
    throw new Error(resource.error);
  } catch (error) {
    return resource.fate === "same"
      ? []
      : [{ resource, fate: resource.fate, runs: "", next: [], changes: [], error: reasonOf(error) }];
  }
}

function described(resource: PreviewedResource, flows: readonly PreviewedResource[], now: number): ScheduleReview[] {
  const { fate, before = {}, after = {} } = resource;
  if (fate === "same") return [];
  const shown = fate === "delete" ? before : after;
  const flow = flowOf(resource.flowUrn, [shown["flowId"], before["flowId"]], flows);
  const changes = fate === "create" || fate === "delete" ? [] : changesOf(before, after);
  const audience = fate === "replace" && !same(before["triggerFingerprint"], after["triggerFingerprint"]);
  const paused = before["paused"] !== undefined;
  const because = audience
    ? "The audience of its flow changes, which makes PostHog pause the schedule. Recreating it keeps it running."
    : paused
      ? "PostHog paused it; only recreating it resumes it."
      : undefined;
  const skipped = fate === "delete" ? undefined : skippedWords(shown, now);
  return [
    {
      resource,
      fate,
      ...(skipped === undefined ? {} : { skipped }),
      ...(flow === undefined ? {} : { flow }),
      runs: recurrenceWords(shown),
      next: fate === "delete" ? [] : nextDates(shown, now),
      changes,
      ...(because ? { because } : {}),
    },
  ];
}

/** By what it depends on, because the id of a new flow is not known in preview; else by the id of the flow. */
function flowOf(
  flowUrn: string | undefined,
  ids: readonly unknown[],
  flows: readonly PreviewedResource[],
): string | undefined {
  const found =
    flows.find(({ urn }) => urn === flowUrn) ?? flows.find(({ id }) => id !== undefined && ids.includes(id));
  const title = own(found?.after ?? found?.before, "name");
  return found === undefined ? undefined : typeof title === "string" ? title : found.name;
}

function changesOf(before: Dict, after: Dict): Change[] {
  const changes: Change[] = [];
  const add = (label: string, was: string, is: string): void => {
    if (was !== is) changes.push({ aspect: "timing", label, before: was, after: is });
  };
  add("runs", recurrenceWords(before), recurrenceWords(after));
  if (!same(before["variables"], after["variables"]))
    changes.push({
      aspect: "settings",
      label: "variables",
      before: valueWords(before["variables"], "and"),
      after: valueWords(after["variables"], "and"),
    });
  return changes;
}

// A review as data: what a preview means for people, flow by flow. The Markdown is made of this, and `--fail-on` asks it.
import { isUnknown } from "../../provider/canonical/values";
import { effectsOf, peopleWarnings } from "../../provider/lifecycle/in-flight";
import { describeChange } from "../change/describe";
import type { FlowChange } from "../change/changes";
import { peopleEffects, type PeopleEffect } from "./people";
import type { Fate, Preview, PreviewedResource } from "./preview";
import { scheduleChanges, type ScheduleReview } from "./schedule";

export type { ScheduleReview } from "./schedule";

/** What happens to one flow. */
export interface FlowReview {
  resource: PreviewedResource;
  fate: Exclude<Fate, "same">;
  /** Title in PostHog. */
  title: string;
  /** Status before and after, as far as it is known; a flow without a stated status keeps the one that it has. */
  status: { before?: string; after?: string };
  /** Whether the flow goes live or stops. */
  goes?: "starts" | "stops";
  change: FlowChange;
  /** What happens to people who are in the flow while it is applied (run time §4.4). */
  people: PeopleEffect[];
}

/** What a preview means, flow by flow. */
export interface Review {
  /** `project/stack`, where the preview tells it. */
  stack?: string;
  flows: FlowReview[];
  schedules: ScheduleReview[];
  /** Why nothing can be applied. */
  problems: string[];
  /** Warnings about what changes, and those that name no flow. */
  warnings: string[];
  /** Warnings about flows that this change does not touch. */
  standing: string[];
  /** How many other resources of the stack change. */
  otherChanges: number;
}

/**
 * What a preview means.
 *
 * @param now Milliseconds since the epoch, for the next dates of schedules.
 * @example
 * ```ts
 * const review = reviewOf(parsePreview('{ "steps": [] }'), { now: Date.now() });
 * review.flows.length; // 0
 * ```
 */
export function reviewOf(preview: Preview, { now }: { now: number }): Review {
  const flows = preview.resources.filter(({ kind }) => kind === "flow");
  const reviews = flows.flatMap((resource) => flowReview(resource)).sort((a, b) => urgency(a) - urgency(b) || (a.title < b.title ? -1 : 1));
  const people = reviews.map((flow) => toldOfPeople(flow.resource)).filter((lines) => lines.length > 0);
  const told = preview.warnings.filter((warning) => !people.some((lines) => saysThePeople(warning, lines)));
  const titles = reviews.map(({ title }) => title);
  return {
    ...(preview.stack === undefined ? {} : { stack: preview.stack }),
    flows: reviews,
    schedules: preview.resources.filter(({ kind }) => kind === "schedule").flatMap((resource) => scheduleChanges(resource, flows, now)),
    problems: preview.problems,
    warnings: told.filter((warning) => !isStanding(warning, titles)),
    standing: told.filter((warning) => isStanding(warning, titles)),
    otherChanges: preview.otherChanges,
  };
}

/** What takes something away from people comes first. */
function urgency({ fate, goes, people }: FlowReview): number {
  if (fate === "delete" || fate === "replace" || goes === "stops") return 0;
  if (people.length > 0) return people.some(({ leaves }) => leaves) ? 1 : 2;
  return fate === "update" ? 3 : 4;
}

function flowReview(resource: PreviewedResource): FlowReview[] {
  const { fate, before = {}, after = {} } = resource;
  const status = { before: resource.fate === "create" ? undefined : (resource.liveStatus ?? text(before["status"])), after: statusAfter(resource) };
  const change = fate === "delete" || fate === "create" ? { flow: [], steps: [] } : describeChange(before, after, { changedSecrets: resource.changedSecrets });
  if (fate === "same") return [];
  const wasActive = status.before === "active";
  const isActive = status.after === "active";
  const goes = wasActive && !isActive ? "stops" : !wasActive && isActive ? "starts" : undefined;
  return [{ resource, fate, title: text(after["name"] ?? before["name"]) ?? resource.name, status, ...(goes ? { goes } : {}), change, people: peopleOf(resource, status, goes) }];
}

function statusAfter({ fate, after, liveStatus, end }: PreviewedResource): string | undefined {
  if (fate === "delete") return end === "kept" ? liveStatus : undefined;
  const stated = after?.["status"];
  if (isUnknown(stated)) return undefined;
  // Made anew without a stated status, it is a draft.
  return text(stated) ?? (fate === "create" || fate === "replace" ? "draft" : liveStatus);
}

/** Nobody is in a flow that is known not to run. */
function peopleOf(resource: PreviewedResource, status: FlowReview["status"], goes: FlowReview["goes"]): PeopleEffect[] {
  const { fate, before, after } = resource;
  if (fate === "create" || before === undefined || (status.before !== undefined && status.before !== "active")) return [];
  if (fate === "delete") return resource.end === "kept" ? [] : [{ leaves: true, words: `Everybody who is in the flow leaves it: it is ${String(resource.end)}.` }];
  if (fate === "replace") return [{ leaves: true, words: "Everybody who is in the flow leaves it: it is deleted and made anew." }];
  if (goes === "stops") return [{ leaves: true, words: `Everybody who is in the flow leaves it: it becomes ${String(status.after)}.` }];
  return peopleEffects(effectsOf(before, after ?? {}), { before: before["actions"], after: after?.["actions"] });
}

/** Whether a warning names a flow, and none that changes. */
const isStanding = (warning: string, titles: readonly string[]): boolean => /^Flow "/.test(warning) && !titles.some((title) => warning.startsWith(`Flow "${title}"`));

/** What the provider itself says about people in flight, which the review tells in its own words. */
const toldOfPeople = ({ fate, before, after }: PreviewedResource): string[] => (fate === "create" || before === undefined || after === undefined ? [] : peopleWarnings(before, after));

const saysThePeople = (warning: string, lines: readonly string[]): boolean => warning.split("\n").length === lines.length + 1 && lines.every((line) => warning.includes(line));

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined);


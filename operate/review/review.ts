// A review as data: what a preview means for people, flow by flow. The Markdown is made of this, and `--fail-on` asks it.
import { isUnknown, type Dict } from "../../definition/canonical/values";
import type { Effect } from "../../definition/graph/in-flight";
import { isKnownOff, peopleEffects, peopleWarnings } from "../../provider/flow/in-flight";
import { describeChange } from "../change/describe";
import type { FlowChange } from "../change/changes";
import type { LeftBehind } from "../left-behind/find";
import type { LiveStatuses } from "./live-status";
import { peopleSentences, type PeopleEffect } from "./people";
import type { Fate, Preview, PreviewedResource } from "./preview";
import { renamesIn, type Rename } from "./renames";
import { mayRun, statusAfter, statusBefore, writesOver } from "./status";
import { scheduleChanges, type ScheduleReview } from "./schedule";
import { stackFlows } from "./stack-flows";
import { twinsIn, type Twins } from "./twins";
import { reasonOf } from "./undescribed";

export type { ScheduleReview } from "./schedule";

/** What happens to one flow. */
export interface FlowReview {
  resource: PreviewedResource;
  fate: Exclude<Fate, "same">;
  /** Title in PostHog. */
  title: string;
  /** Status before and after. Absent where nobody knows it: a flow without a stated status has the one that somebody chose in PostHog, which may be active. */
  status: { before?: string; after?: string };
  /** Whether the flow goes live or stops, as far as anybody knows. */
  goes?: "starts" | "stops";
  /** It was switched off in PostHog by hand and goes live again: as the state knows, or only PostHog, in which case an `up` without a refresh stops. */
  resumes?: "state" | "live";
  change: FlowChange;
  /** What happens to people who are in the flow while it is applied; nothing in a flow that is known not to run. */
  people: PeopleEffect[];
  /** Where it goes to, in words, when a replacement moves it to another host or project. */
  move?: string;
  /** Why nobody knows what it means; `status` and `change` are empty then. */
  error?: string;
}

/** What a preview means, flow by flow. */
export interface Review {
  /** `project/stack`, where the preview tells it. */
  stack?: string;
  /** Whether the preview also holds what stays. */
  isWhole?: true;
  flows: FlowReview[];
  schedules: ScheduleReview[];
  /** Resources that look renamed without an alias. Absent when there are none. */
  renames?: Rename[];
  /** What carries the stack's marker and is in no state, where PostHog was asked. Absent when there is nothing. */
  leftBehind?: readonly LeftBehind[];
  /** Active flows that send the same to the same people, once this is applied. Absent when there are none. */
  twins?: Twins[];
  /** Flows that this change does not touch, and that are off in PostHog although the program says active. Absent when there are none. */
  switchedOff?: { title: string; name: string; status: string }[];
  /** Flows of the state that PostHog no longer has, where it was asked. Absent when there are none. */
  gone?: { title: string; name: string }[];
  /** Why the statuses that PostHog has now are not known. Absent where they are. */
  unasked?: string;
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
 * @param leftBehind What is in no state. Default: nothing.
 * @param statuses Statuses that PostHog has just told, by id of the flow. Without one, an unstated status counts as possibly active.
 * @param asked Where they were asked for: a flow of that project without a status is gone.
 * @param unasked Why PostHog was not asked, or did not answer: the review then says what it cannot know.
 * @example
 * ```ts
 * const review = reviewOf(parsePreview('{ "steps": [] }'), { now: Date.now() });
 * review.flows.length; // 0
 * ```
 */
export function reviewOf(
  preview: Preview,
  {
    now,
    statuses = new Map(),
    leftBehind = [],
    asked,
    unasked,
  }: {
    now: number;
    statuses?: LiveStatuses;
    leftBehind?: readonly LeftBehind[];
    asked?: { host: string; projectId: string } | undefined;
    unasked?: string | undefined;
  },
): Review {
  const flows = preview.resources.filter(({ kind }) => kind === "flow");
  const reviews = flows
    .flatMap((resource) => described(resource, statuses))
    .sort((a, b) => urgency(a) - urgency(b) || (a.title < b.title ? -1 : 1));
  const reported = preview.warnings.filter((warning) => !reviews.some((flow) => saysTheSame(warning, flow)));
  const titles = reviews.map(({ title }) => title);
  // A preview that failed has not come to all flows, so nobody knows which of them it leaves alone.
  const stays = (warning: string): boolean => preview.problems.length === 0 && isStanding(warning, titles);
  const renames = renamesIn(preview.resources);
  const twins = twinsIn(stackFlows(preview, statuses));
  const switchedOff = flows.flatMap((resource) => switchedOffIn(resource, statuses));
  const deployed = flows.filter(({ id }) => id !== undefined);
  const gone = asked === undefined ? [] : deployed.filter((resource) => isGone(resource, statuses, asked)).map(titled);
  return {
    ...(preview.stack === undefined ? {} : { stack: preview.stack }),
    ...(preview.isWhole ? { isWhole: true as const } : {}),
    flows: reviews,
    schedules: preview.resources
      .filter(({ kind }) => kind === "schedule")
      .flatMap((resource) => scheduleChanges(resource, flows, now)),
    ...(renames.length > 0 ? { renames } : {}),
    ...(leftBehind.length > 0 ? { leftBehind } : {}),
    ...(twins.length > 0 ? { twins } : {}),
    ...(switchedOff.length > 0 ? { switchedOff } : {}),
    ...(gone.length > 0 ? { gone } : {}),
    ...(unasked !== undefined && deployed.length > 0 ? { unasked } : {}),
    problems: preview.problems,
    warnings: reported.filter((warning) => !stays(warning)),
    standing: reported.filter(stays),
    otherChanges: preview.otherChanges,
  };
}

/** What takes something away from people comes first, then what begins to send. */
function urgency({ fate, goes, people }: FlowReview): number {
  if (fate === "delete" || fate === "replace" || goes === "stops") return 0;
  if (people.some(({ leaves }) => leaves)) return 1;
  if (goes === "starts") return 2;
  if (people.length > 0) return 3;
  return fate === "update" ? 4 : 5;
}

function described(resource: PreviewedResource, statuses: LiveStatuses): FlowReview[] {
  const { fate, name, adopts } = resource;
  try {
    if (resource.error === undefined) return flowReview(resource, statuses);
    throw new Error(resource.error);
  } catch (error) {
    if (fate === "same") return [];
    // Whoever is in it may leave.
    const people: PeopleEffect[] =
      fate === "create" && !adopts
        ? []
        : [{ fate: "unknown", leaves: true, words: "What happens to people in the flow is not known." }];
    return [
      { resource, fate, title: name, status: {}, change: { flow: [], steps: [] }, people, error: reasonOf(error) },
    ];
  }
}

function flowReview(resource: PreviewedResource, statuses: LiveStatuses): FlowReview[] {
  const { fate, before = {}, after = {} } = resource;
  if (fate === "same") return [];
  const status = { before: statusBefore(resource, statuses), after: statusAfter(resource, statuses) };
  const change =
    fate === "delete" || fate === "create"
      ? { flow: [], steps: [] }
      : describeChange(before, after, { changedSecrets: resource.changedSecrets });
  const ends = isKnownOff(status.after) || (fate === "delete" && resource.end !== "kept");
  const isWritten = !resource.adopts || writesOver(resource);
  const goes = !isWritten
    ? undefined
    : (fate !== "create" || resource.adopts) && mayRun(status.before) && ends
      ? "stops"
      : status.before !== "active" && status.after === "active"
        ? "starts"
        : undefined;
  const move = fate === "replace" ? moveOf(before, after) : undefined;
  return [
    {
      resource,
      fate,
      title: knownText(after["name"] ?? before["name"]) ?? resource.name,
      status,
      ...(goes ? { goes } : {}),
      ...(goes === "starts" ? resumesIn(resource, statuses) : {}),
      change,
      people: peopleOf(resource, status),
      ...(move === undefined ? {} : { move }),
    },
  ];
}

/** Whether it goes live because somebody had switched it off by hand. */
function resumesIn(resource: PreviewedResource, statuses: LiveStatuses): Pick<FlowReview, "resumes"> {
  if (resource.isSwitchedOff) return { resumes: "state" };
  return isOffByHand(resource, statuses) ? { resumes: "live" } : {};
}

/** The state has it active, as the program and the last `up` did, and PostHog does not. */
const isOffByHand = ({ fate, id, before, liveStatus }: PreviewedResource, statuses: LiveStatuses): boolean =>
  (fate === "update" || fate === "same") &&
  before?.["status"] === "active" &&
  (liveStatus === undefined || liveStatus === "active") &&
  isKnownOff(statuses.get(id ?? ""));

function switchedOffIn(
  resource: PreviewedResource,
  statuses: LiveStatuses,
): { title: string; name: string; status: string }[] {
  const { fate, id } = resource;
  try {
    if (fate !== "same" || !isOffByHand(resource, statuses)) return [];
    return [{ ...titled(resource), status: statuses.get(id!)! }];
  } catch {
    return [];
  }
}

function titled({ name, after, before }: PreviewedResource): { title: string; name: string } {
  const title: unknown = (after ?? before)?.["name"];
  return { title: typeof title === "string" ? title : name, name };
}

/** Whether it was deleted in PostHog: of its project, all flows have a status. */
function isGone(
  { id, before }: PreviewedResource,
  statuses: LiveStatuses,
  asked: { host: string; projectId: string },
): boolean {
  return before?.["host"] === asked.host && String(before["projectId"]) === asked.projectId && !statuses.has(id!);
}

/** Where a replaced flow lived and will live, if those differ. */
function moveOf(before: Dict, after: Dict): string | undefined {
  const target = ({ host, projectId }: Dict): string =>
    `project ${knownText(projectId) ?? "(known after the update)"} on ${knownText(host) ?? "(known after the update)"}`;
  return target(before) === target(after) ? undefined : `from ${target(before)} to ${target(after)}`;
}

function peopleOf(resource: PreviewedResource, status: FlowReview["status"]): PeopleEffect[] {
  const { fate, before = {}, after = {}, end } = resource;
  if ((fate === "create" && !writesOver(resource)) || !mayRun(status.before)) return [];
  const all = (kind: Effect["kind"], to = String(end)): Effect[] => [{ kind, to }];
  const effects =
    fate === "delete"
      ? end === "kept"
        ? []
        : all("deleted")
      : fate === "replace"
        ? all("replaced")
        : isKnownOff(status.after)
          ? all("off", status.after)
          : [
              ...peopleEffects({ ...before, status: status.before }, after),
              ...(writesOver(resource) ? [{ kind: "unsure" as const, field: "what it overwrites" }] : []),
            ];
  return peopleSentences(effects, { before: before["actions"], after: after["actions"] });
}

/** Whether a warning names a flow, and none that changes. */
const isStanding = (warning: string, titles: readonly string[]): boolean =>
  warning.startsWith('Flow "') && !titles.some((title) => warning.startsWith(`Flow "${title}"`));

/** What the provider itself says about people in flight is left out where the review says the same of this flow, or where PostHog says that the flow does not run. */
function saysTheSame(
  warning: string,
  { title, resource: { fate, before, after }, people, status, error }: FlowReview,
): boolean {
  if (
    error !== undefined ||
    fate === "create" ||
    before === undefined ||
    after === undefined ||
    !warning.startsWith(`Flow "${title}": `)
  )
    return false;
  if (people.length === 0 && mayRun(status.before)) return false;
  const said = new Set(peopleWarnings(before, after));
  const [, ...lines] = warning
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length > 0 && lines.every((line) => said.has(line));
}

const knownText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;

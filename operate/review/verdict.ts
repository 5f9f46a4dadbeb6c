// The first line of a review: what happens, and how closely to look.
import { counted, fewWords, listWords } from "../words/values";
import type { Behaviour } from "./behaviour";
import { highlightsOf, maySend } from "./highlights";
import type { FlowReview, Review } from "./review";

type Level = "failed" | "careful" | "changed" | "calm";

const SIGNS: Readonly<Record<Level, string>> = { failed: "⛔", careful: "⚠️", changed: "ℹ️", calm: "✅" };

/** How closely to look. Calm is only what is known to change nothing for anybody: nothing that may send, or sample people who get the same in every flow. */
function levelOf(review: Review, behaviour: Behaviour | undefined): Level {
  const { problems, flows, schedules, warnings, leftBehind = [] } = review;
  if (problems.length > 0) return "failed";
  if (leftBehind.length > 0 || warnings.length > 0) return "careful";
  const careful =
    highlightsOf(review, behaviour).some(({ level }) => level === "warning") ||
    [...flows, ...schedules].some(({ error }) => error !== undefined) ||
    flows.some(({ fate, people }) => fate === "replace" || fate === "delete" || people.some(({ leaves }) => leaves)) ||
    schedules.some(({ fate }) => fate === "delete");
  if (careful) return "careful";
  if (review.unasked !== undefined) return "changed";
  return !maySend(review) || behaviour?.isClear ? "calm" : "changed";
}

/**
 * One line of plain text.
 *
 * @example
 * ```ts
 * verdict({ flows: [], schedules: [], problems: [], warnings: [], standing: [], otherChanges: 0 }); // ✅ No workflow changes.
 * ```
 */
export function verdict(review: Review, behaviour?: Behaviour): string {
  const level = levelOf(review, behaviour);
  return `${SIGNS[level]} ${level === "failed" ? failure(review) : summary(review)}`;
}

function failure({ problems }: Review): string {
  return `The preview failed: ${counted(problems.length, "problem")}. Nothing can be applied until ${problems.length === 1 ? "it is" : "they are"} fixed.`;
}

function summary(review: Review): string {
  const { flows, schedules, warnings, renames = [], leftBehind = [] } = review;
  const of = (fate: string): number => flows.filter((flow) => flow.fate === fate && !flow.resource.adopts).length;
  const parts: string[] = [];
  const addFlows = (count: number, is: string): void => {
    if (count > 0) parts.push(`${counted(count, "workflow")} ${is}`);
  };
  addFlows(of("update"), "changed");
  addFlows(of("create"), "added");
  addFlows(flows.filter(({ resource }) => resource.adopts).length, "taken over");
  const ends = (end: string): number => flows.filter(({ resource }) => resource.end === end).length;
  addFlows(ends("deleted"), "deleted");
  addFlows(ends("archived"), "archived");
  addFlows(ends("kept"), "left in PostHog, no longer managed");
  addFlows(of("replace"), "replaced");
  const addSchedules = (count: number, is: string): void => {
    if (count > 0) parts.push(`${counted(count, "schedule")} ${is}`);
  };
  const scheduled = (...fates: string[]): number => schedules.filter(({ fate }) => fates.includes(fate)).length;
  addSchedules(scheduled("update", "replace"), "changed");
  addSchedules(scheduled("create"), "added");
  addSchedules(scheduled("delete"), "deleted");
  const head = parts.length === 0 ? "No workflow changes" : listWords(parts, "and");
  const undescribed = [...flows, ...schedules].filter(({ error }) => error !== undefined).length;
  const notes = [
    ...(undescribed > 0
      ? [`${counted(undescribed, "flow or schedule", "flows and schedules")} could not be described; see below.`]
      : []),
    ...(warnings.length > 0
      ? [`There ${warnings.length === 1 ? "is" : "are"} ${counted(warnings.length, "warning")}.`]
      : []),
    ...(renames.length > 0
      ? [
          `${counted(renames.length, "resource")} ${renames.length === 1 ? "looks" : "look"} renamed without an alias; see below.`,
        ]
      : []),
    ...startsAndStops(review),
    ...peopleNote(review),
    ...(leftBehind.length > 0
      ? [
          `${counted(leftBehind.length, "flow or schedule", "flows and schedules")} of this stack ${leftBehind.length === 1 ? "is" : "are"} in no state; see below.`,
        ]
      : []),
  ];
  return [`${head}.`, ...notes].join(" ");
}

function startsAndStops({ flows }: Review): string[] {
  const titles = (wanted: (flow: FlowReview) => boolean): string[] =>
    flows.filter(wanted).map(({ title }) => `“${title}”`);
  const stops = titles(({ goes }) => goes === "stops");
  const resumes = titles(({ resumes: again }) => again !== undefined);
  const starts = titles(({ goes, resumes: again }) => goes === "starts" && again === undefined);
  return [
    ...(stops.length > 0 ? [`${listed(stops)} ${stops.length === 1 ? "stops" : "stop"}.`] : []),
    ...(resumes.length > 0
      ? [`${listed(resumes)} ${resumes.length === 1 ? "was" : "were"} switched off in PostHog and would run again.`]
      : []),
    ...(starts.length > 0 ? [`${listed(starts)} ${starts.length === 1 ? "goes" : "go"} live.`] : []),
  ];
}

const MOST = 4;
const listed = (items: readonly string[]): string => fewWords(items, MOST);

function peopleNote({ flows }: Review): string[] {
  const people = flows.flatMap((flow) => flow.people.map(({ fate }) => fate));
  if (people.includes("leaves")) return ["People in flight leave; see below."];
  if (people.includes("unknown") || people.includes("outcome"))
    return ["People in flight may leave or move to another step; see below."];
  if (people.includes("moves")) return ["No one in flight leaves; some move to another step; see below."];
  if (people.length > 0) return ["No one in flight leaves or moves to another step; see below."];
  return flows.some(
    ({ fate, status }) => fate !== "create" && status.before !== "draft" && status.before !== "archived",
  )
    ? ["People in flight stay where they are."]
    : [];
}

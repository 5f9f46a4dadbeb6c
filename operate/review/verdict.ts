// The first line of a review: what happens, and how closely to look.
import { counted, listWords } from "../words/values";
import type { Review } from "./review";

type Level = "failed" | "careful" | "calm" | "nothing";

const SIGNS: Readonly<Record<Level, string>> = { failed: "⛔", careful: "⚠️", calm: "✅", nothing: "✅" };

/** How closely to look: people leave, something stops or is deleted, or there are warnings. */
function levelOf({ problems, flows, schedules, warnings, leftBehind = [] }: Review): Level {
  if (problems.length > 0) return "failed";
  if (leftBehind.length > 0) return "careful";
  if (flows.length === 0 && schedules.length === 0) return warnings.length > 0 ? "careful" : "nothing";
  const careful =
    [...flows, ...schedules].some(({ error }) => error !== undefined) ||
    flows.some(({ fate, people }) => fate === "replace" || fate === "delete" || people.some(({ leaves }) => leaves)) ||
    schedules.some(({ fate }) => fate === "delete");
  return careful || warnings.length > 0 ? "careful" : "calm";
}

/**
 * One line of plain text.
 *
 * @example
 * ```ts
 * verdict({ flows: [], schedules: [], problems: [], warnings: [], standing: [], otherChanges: 0 }); // ✅ No workflow changes.
 * ```
 */
export function verdict(review: Review): string {
  const level = levelOf(review);
  return `${SIGNS[level]} ${level === "failed" ? failure(review) : summary(review)}`;
}

function failure({ problems }: Review): string {
  return `The preview failed: ${counted(problems.length, "problem")}. Nothing can be applied until ${problems.length === 1 ? "it is" : "they are"} fixed.`;
}

function summary(review: Review): string {
  const { flows, schedules, warnings, renames = [], leftBehind = [] } = review;
  const of = (fate: string): number => flows.filter((flow) => flow.fate === fate && !flow.resource.adopts).length;
  const parts: string[] = [];
  const addFlows = (count: number, one: string, several: string): void => {
    if (count > 0) parts.push(`${counted(count, "workflow")} ${count === 1 ? one : several}`);
  };
  addFlows(of("update"), "changes", "change");
  addFlows(of("create"), "is new", "are new");
  addFlows(flows.filter(({ resource }) => resource.adopts).length, "is taken over", "are taken over");
  const ends = (end: string): number => flows.filter(({ resource }) => resource.end === end).length;
  addFlows(ends("deleted"), "is deleted", "are deleted");
  addFlows(ends("archived"), "is archived", "are archived");
  addFlows(ends("kept"), "is no longer managed and stays in PostHog", "are no longer managed and stay in PostHog");
  addFlows(of("replace"), "is replaced", "are replaced");
  const addSchedules = (count: number, one: string, several: string): void => {
    if (count > 0) parts.push(`${counted(count, "schedule")} ${count === 1 ? one : several}`);
  };
  const scheduled = (...fates: string[]): number => schedules.filter(({ fate }) => fates.includes(fate)).length;
  addSchedules(scheduled("update", "replace"), "changes", "change");
  addSchedules(scheduled("create"), "is new", "are new");
  addSchedules(scheduled("delete"), "is deleted", "are deleted");
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
  const titles = (goes: "starts" | "stops"): string[] =>
    flows.filter((flow) => flow.goes === goes).map(({ title }) => `“${title}”`);
  const [starts, stops] = [titles("starts"), titles("stops")];
  return [
    ...(stops.length > 0 ? [`${listed(stops)} ${stops.length === 1 ? "stops" : "stop"}.`] : []),
    ...(starts.length > 0 ? [`${listed(starts)} ${starts.length === 1 ? "goes" : "go"} live.`] : []),
  ];
}

const MOST = 4;
const listed = (items: readonly string[]): string =>
  items.length <= MOST ? listWords(items, "and") : `${items.slice(0, MOST).join(", ")} and ${items.length - MOST} more`;

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

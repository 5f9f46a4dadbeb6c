// How a run went, for people who read no code: one line for each thing that happens, in titles and whole words.
import { table } from "../../definition/schema/table";
import type { EndKind, Run, StepVisit } from "../../simulator/result/run";
import type { StoryLine } from "../../show/data";
import { durationWords } from "../words/values";

/** Titles of steps, by id. */
type Titles = (id: string) => string;
/** The place of an instant in the calendar. */
type Times = (instant: string) => { at: string; day: number };

export const storyOf = ({ steps }: Run, titleOf: Titles, timeOf: Times): StoryLine[] =>
  steps.flatMap((visit) => visitLines(visit, titleOf, timeOf));

function visitLines(visit: StepVisit, titleOf: Titles, timeOf: Times): StoryLine[] {
  const line = (instant: string, words: string): StoryLine => ({
    ...timeOf(instant),
    step: visit.id,
    title: visit.name,
    words,
    deliveries: [],
  });
  const parks = visit.parks.map(({ at, until, reason }) =>
    line(at, `${inWords(reason)}, until ${dateText(timeOf(until).at)}`),
  );
  if (visit.left === undefined || visit.outcome === "ended") return parks;
  const words = LEFT[visit.outcome]?.(visit, titleOf);
  return words === undefined ? parks : [...parks, line(visit.left, words)];
}

/** What is said when a step is left. Nothing where the next line says it. */
const LEFT = table<(visit: StepVisit, titleOf: Titles) => string | undefined>({
  done: ({ reason }) => (reason === "" ? undefined : reason),
  sent: ({ reason }) => `sends ${reason}`,
  requested: ({ reason }) => reason,
  skipped: ({ reason }) => reason,
  filtered: () => "is skipped: its own filters do not match",
  waited: ({ parks, reason }) => (parks.length > 0 ? "the wait is over" : `goes on at once: ${inWords(reason)}`),
  matched: ({ reason }) => `goes on: ${inWords(reason)}`,
  "timed out": ({ reason }) => `goes on: ${inWords(reason)}`,
  branch: ({ reason, to }, titleOf) => `${reason}${to === undefined ? "" : `, so “${titleOf(to)}” is next`}`,
  "no branch": ({ reason, to }, titleOf) => `${reason}${to === undefined ? "" : `, so “${titleOf(to)}” is next`}`,
  failed: ({ reason }) => `fails: ${reason}`,
  exited: () => undefined,
  redirected: ({ reason }) => reason,
});

const ENDS: Readonly<Record<EndKind, string>> = {
  exit: "reaches the end",
  conversion: "leaves: converted",
  trigger_not_matched: "leaves: no longer matches the trigger",
  workflow_changed: "leaves: the flow changed",
  failed: "ends because a step failed",
  canceled: "is canceled",
  not_started: "does not start",
  still_running: "is still in the flow",
  endless: "runs in a circle",
  not_simulated: "is not known from here on",
};
/** What the words above say already. */
const PLAIN: ReadonlySet<EndKind> = new Set(["exit", "canceled"]);

export const endWords = ({ end: { how, reason } }: Run): string =>
  PLAIN.has(how) || reason === "" ? ENDS[how] : `${ENDS[how]} (${inWords(reason)})`;

/** `waits 5d` → `waits 5 days`. */
export const inWords = (reason: string): string =>
  reason.replace(
    /\b(waits|at most|within) (\d+(?:\.\d+)?[smhd])\b/g,
    (_, verb: string, duration: string) => `${verb} ${durationWords(duration)}`,
  );

/** `Mon 7 December 2026, 09:00 UTC`. */
export function dateText(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return `${DAY.format(date).replace(",", "")}, ${date.toISOString().slice(11, 16)} UTC`;
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

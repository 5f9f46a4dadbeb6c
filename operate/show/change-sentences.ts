// What a change does to a flow, or what somebody did to it in PostHog, one sentence for each thing.
import type { Change, FlowChange, StepChange } from "../change/changes";
import { lineDiff } from "../change/line-diff";
import type { ResourceDrift } from "../drift/drift";
import type { Save } from "../drift/attribution";
import { isKnownOff } from "../../provider/flow/in-flight";
import { statusFacts } from "../review/render";
import type { FlowReview } from "../review/review";
import type { ScheduleReview } from "../review/schedule";
import { undescribedWords } from "../review/undescribed";
import { counted, listWords } from "../words/values";

/** The flow's own first, then what happens to the people in it. */
export function reviewSentences(review: FlowReview, schedules: readonly ScheduleReview[]): string[] {
  // That an active flow is active is no change.
  const isNews = review.fate !== "update" || review.status.before !== review.status.after;
  const status = statusFacts(review)
    .map((fact) => fact.replace(/^⚠️ /, ""))
    .filter((fact) => fact !== "changed");
  // That the flow ends has been said before what becomes of everybody in it.
  const ends =
    review.fate === "delete" ||
    review.fate === "replace" ||
    (isNews && review.fate === "update" && isKnownOff(review.status.after));
  return [
    ...(isNews ? [`${capital(status.join(", "))}.`] : []),
    ...(review.error === undefined ? changeSentences(review.change) : [undescribedWords(review.error)]),
    ...(review.move === undefined ? [] : [`It moves ${review.move}.`]),
    ...schedules.flatMap(scheduleSentences),
    ...review.people.map(({ leaves, words }) => (ends && leaves ? "Everyone in the flow leaves it." : words)),
  ];
}

/** Settings, then steps in their order. */
const changeSentences = ({ flow, steps }: FlowChange): string[] => [
  ...flow.map((change) => `${capital(change.label)}: ${sidesText(change)}`),
  ...steps.flatMap(stepSentences),
];

function stepSentences({ kind, title, is, does, between, changes }: StepChange): string[] {
  if (kind === "changed") return changes.map((change) => `“${title}”, ${change.label}: ${sidesText(change)}`);
  const after = between && between.before.length > 0 ? `, after ${quoted(between.before)}` : "";
  return [
    `${kind === "added" ? "Added" : "Removed"}: “${title}” (${is}${does === undefined ? "" : `: ${does}`})${after}`,
  ];
}

function sidesText({ before, after, lines }: Change): string {
  if (!lines) return `${before ?? "nothing"} → ${after ?? "nothing"}`;
  const diff = lineDiff(lines.before, lines.after);
  const count = (sign: string): number => diff.filter((line) => line.startsWith(sign)).length;
  return listWords(
    [
      ...(count("+") > 0 ? [counted(count("+"), "new line")] : []),
      ...(count("-") > 0 ? [counted(count("-"), "line less", "lines less")] : []),
    ],
    "and",
  );
}

export function scheduleSentences({
  resource,
  fate,
  runs,
  changes,
  because,
  skipped,
  error,
}: ScheduleReview): string[] {
  const name = `Schedule ${resource.name}`;
  if (error !== undefined) return [`${name}: ${undescribedWords(error)}`];
  const head = { create: `is new: ${runs}`, delete: `is removed: ${runs}`, replace: "is replaced", update: "changes" }[
    fate
  ];
  return [
    `${name} ${head}.${because === undefined ? "" : ` ${because}`}`,
    ...changes.map((change) => `${name}, ${change.label}: ${sidesText(change)}`),
    ...(skipped === undefined ? [] : [`${name}: ${skipped}.`]),
  ];
}

/** Empty where nobody has changed it. */
export function driftSentences(drift: ResourceDrift): string[] {
  const { kind, name, verdict, error, fields, change, saves, updatedAt, stagedDraft, takenBy, uncompared } = drift;
  const own = kind === "flow" ? "It" : `Schedule ${name}`;
  const unexplained = [...fields.map(({ path }) => path)];
  return [
    ...(verdict === "gone"
      ? [`${own} is no longer in PostHog; the next \`pulumi up --refresh\` creates it again.`]
      : []),
    ...(verdict === "unknown" ? [`${own} could not be read: ${error ?? "unknown reason"}.`] : []),
    ...(verdict === "drifted"
      ? [
          saves.length > 0
            ? `Saved in PostHog: ${saves.map(savedText).join("; ")}.`
            : `${own} was last saved ${updatedAt ?? "at an unknown time"}; PostHog does not record who saved it.`,
          ...(error === undefined
            ? changeSentences(change).map((sentence) => (kind === "flow" ? sentence : `${own}, ${sentence}`))
            : [`${own} differs at ${listWords(unexplained, "and")}; it could not be described: ${error}.`]),
        ]
      : []),
    ...(takenBy === undefined ? [] : [`${own} was taken over by ${takenBy}: its marker says so.`]),
    ...(stagedDraft === undefined
      ? []
      : [
          `Somebody staged changes in the editor (${stagedDraft}), which are not live; publishing them replaces what the program manages.`,
        ]),
    ...uncompared.map((path) => `${path} is encrypted in this state, so it could not be compared.`),
  ];
}

const savedText = ({ by, at, version }: Save): string => `version ${version} by ${by ?? "somebody"}, ${at}`;
const quoted = (titles: readonly string[]): string =>
  listWords(
    titles.map((title) => `“${title}”`),
    "or",
  );
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// What a reviewer has to know before anything else, one line each: what goes live or stops, who gets what, and what nobody can say.
import { triggerWords } from "../words/steps";
import type { Dict } from "../../definition/canonical/values";
import { triggerOf } from "../../definition/canonical/canonical";
import { counted, fewWords } from "../words/values";
import type { Behaviour } from "./behaviour";
import type { FlowReview, Review } from "./review";
import { mayRun } from "./status";
import type { Twins } from "./twins";

/** One of the first lines of a review. */
export interface Highlight {
  /** `warning` makes the whole review one. */
  level: "warning" | "note";
  /** Plain text. */
  text: string;
}

const STATUS: Readonly<Record<string, string>> = { draft: "a draft" };
const MOST_NAMES = 6;
const shortList = (items: readonly string[]): string => fewWords(items, MOST_NAMES);

/**
 * The first lines, the most urgent first.
 *
 * @example
 * ```ts
 * const review = reviewOf(parsePreview(readFileSync("preview.json", "utf8")), { now: Date.now() });
 * highlightsOf(review)[0]; // { level: "warning", text: "“launch” goes live: it starts on …" }
 * ```
 */
export function highlightsOf(review: Review, behaviour?: Behaviour): Highlight[] {
  const warning = (text: string): Highlight => ({ level: "warning", text });
  const { flows } = review;
  const resumed = flows.filter(({ resumes }) => resumes !== undefined);
  return [
    ...flows.filter(({ goes }) => goes === "stops").map((flow) => warning(stopText(flow))),
    ...resumed.map((flow) => warning(resumeText(flow))),
    ...(review.switchedOff ?? []).map(({ title, status }) =>
      warning(
        `“${title}” was switched off in PostHog (it is ${STATUS[status] ?? status} there), and the program says active. This change leaves it off; an up with --refresh would switch it on again.`,
      ),
    ),
    ...(review.gone ?? []).map(({ title }) =>
      warning(
        `“${title}” is no longer in PostHog: somebody deleted it there. An up that changes it fails; after a refresh, the next up creates it again.`,
      ),
    ),
    ...flows
      .filter(({ goes, resumes }) => goes === "starts" && resumes === undefined)
      .map((flow) => warning(startText(flow))),
    ...(review.twins ?? []).map((twins) => warning(twinText(twins))),
    ...(behaviour?.repeats ?? []).map(({ people, title, flows: from, times }) =>
      warning(
        `${shortList(people)} ${people.length === 1 ? "gets" : "get"} “${title}” ${times === 2 ? "twice" : `${times} times`} on one day${from.length > 1 ? `: from ${shortList(from)}` : `, because ${times} starts of ${shortList(from)} fall on it`}.`,
      ),
    ),
    ...(behaviour?.overlaps ?? []).map(({ people, day, flows: from, was }) =>
      warning(
        `${shortList(people)} ${people.length === 1 ? "gets" : "get"} messages from ${counted(from.length, "flow")} on day ${day}, was ${was === 0 ? "none" : was}: ${shortList(from)}.`,
      ),
    ),
    ...peopleHighlights(review, behaviour),
    ...(review.unasked === undefined
      ? []
      : [
          {
            level: "note" as const,
            text: `PostHog was not asked (${review.unasked}), so flows that were switched off, edited or deleted there are not known.`,
          },
        ]),
  ];
}

/** Flows with one title are told apart by the names of their resources. */
function twinText({ flows, areActive }: Twins): string {
  const names = flows.map(({ title, name }) =>
    flows.filter((other) => other.title === title).length === 1 ? `“${title}”` : `“${title}” (${name})`,
  );
  const [others, times] = flows.length === 2 ? ["the other", "twice"] : ["the others", `${flows.length} times`];
  return `${shortList(names)} send the same to the same people${areActive ? "" : ", if they are active"}: whoever enters one also enters ${others}, and gets everything ${times}.`;
}

function startText({ title, resource, fate, status }: FlowReview): string {
  const starts = startsText(resource.after);
  const maybe = fate !== "create" && status.before === undefined ? ", unless it is active already" : "";
  return `“${title}” goes live${maybe}.${starts} It is drawn below, with its texts.`;
}

function startsText(definition: Dict | undefined): string {
  try {
    const trigger = triggerOf(definition?.["actions"]);
    return trigger === undefined ? "" : ` It starts ${triggerWords(trigger.step["config"])}.`;
  } catch {
    return "";
  }
}

function stopText({ title, status, fate, resource }: FlowReview): string {
  const maybe = status.before === undefined ? ", if it is active now" : "";
  const why =
    fate === "delete"
      ? resource.end === "archived"
        ? "it is archived"
        : "it is deleted"
      : status.after === "draft"
        ? "it goes back to draft"
        : status.after === undefined
          ? "it is replaced"
          : "it is archived";
  return `“${title}” stops${maybe}: ${why}. No one enters it any more, and everyone who is in it leaves.`;
}

function resumeText({ title, resumes }: FlowReview): string {
  return resumes === "state"
    ? `“${title}” was switched off in PostHog. This change switches it on again.`
    : `“${title}” was switched off in PostHog since the last up. An up without --refresh stops at that edit, one with it switches the flow on again.`;
}

/** What sample people get, or that nobody has looked. */
function peopleHighlights(review: Review, behaviour: Behaviour | undefined): Highlight[] {
  const note = (text: string): Highlight => ({ level: "note", text });
  if (!maySend(review)) return [];
  if (behaviour === undefined)
    return [note("What people will get was not simulated: give --people a folder with sample people.")];
  const { doubts, isClear, count, people } = behaviour;
  if (count === 0) return [note("There are no sample people, so what people will get was not simulated.")];
  // Whoever is in a flow that stops notices that.
  if (isClear && review.flows.every(({ goes }) => goes !== "stops"))
    return [
      note(
        count === 1
          ? "Your sample person notices nothing and gets the same as before."
          : `None of your ${count} sample people notices anything: each gets the same as before.`,
      ),
    ];
  if (doubts.length === 0) return [];
  return [
    note(
      people.length > 0
        ? `The simulation does not cover everything: ${shortDoubts(doubts)}.`
        : `The simulation shows no difference for your ${counted(count, "sample person", "sample people")}, but it does not cover everything: ${shortDoubts(doubts)}.`,
    ),
  ];
}

const MOST_DOUBTS = 3;
const shortDoubts = (doubts: readonly string[]): string =>
  doubts.length <= MOST_DOUBTS
    ? doubts.join("; ")
    : `${doubts.slice(0, MOST_DOUBTS).join("; ")}; and ${doubts.length - MOST_DOUBTS} more, see below`;

/** Whether the change touches anything that may send: a draft that stays a draft sends nothing. */
export const maySend = ({ flows, schedules }: Review): boolean =>
  schedules.length > 0 ||
  flows.some(
    ({ status, fate, resource, error }) =>
      error !== undefined ||
      (fate !== "create" && mayRun(status.before)) ||
      (fate !== "delete" && mayRun(status.after)) ||
      (resource.adopts === true && mayRun(status.before)),
  );

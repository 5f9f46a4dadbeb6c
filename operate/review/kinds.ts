// Kinds of change that a team may want to stop at: `hogflow review --fail-on deletes,ejects`. One table: what each means, and when it is there.
import type { Fate } from "../../definition/graph/effects";
import type { Aspect } from "../change/changes";
import type { PreviewedResource } from "./preview";
import type { FlowReview, Review, ScheduleReview } from "./review";

interface Kind {
  /** For the command's help. */
  means: string;
  isIn(review: Review): boolean;
}

const flows =
  (test: (flow: FlowReview) => boolean) =>
  (review: Review): boolean =>
    review.flows.some(test);
const schedules =
  (test: (schedule: ScheduleReview) => boolean) =>
  (review: Review): boolean =>
    review.schedules.some(test);
const becomes = (...fates: Fate[]) => flows(({ people }) => people.some(({ fate }) => fates.includes(fate)));
const about = (...aspects: Aspect[]) =>
  flows(({ change }) =>
    [...change.flow, ...change.steps.flatMap(({ changes }) => changes)].some(({ aspect }) => aspects.includes(aspect)),
  );

/** Whether the stack had it on: by the note of a refresh, or, where none was made, by the state. */
const wasOn = ({ before, liveStatus }: PreviewedResource): boolean =>
  before?.["switchedOff"] !== undefined || (before?.["status"] === "active" && liveStatus === "active");

export const KINDS = {
  deletes: {
    means: "a flow or schedule is deleted or archived",
    isIn: (review) =>
      flows(({ fate, resource }) => fate === "delete" && resource.end !== "kept")(review) ||
      schedules(({ fate }) => fate === "delete")(review),
  },
  replaces: { means: "a flow is replaced", isIn: flows(({ fate }) => fate === "replace") },
  renames: { means: "a resource looks renamed without an alias", isIn: ({ renames = [] }) => renames.length > 0 },
  stops: {
    means: "a flow that is or may be active stops or is deleted",
    isIn: flows(({ goes }) => goes === "stops"),
  },
  starts: { means: "a flow goes live", isIn: flows(({ goes }) => goes === "starts") },
  resumes: {
    means: "a flow that somebody switched off in PostHog, or a schedule that is paused there, runs again",
    isIn: (review) =>
      flows(({ goes, resource }) => goes === "starts" && wasOn(resource))(review) ||
      schedules(({ fate, resource: { before } }) => fate === "replace" && before?.["paused"] !== undefined)(review),
  },
  ejects: { means: "people in flight leave a flow, or may leave", isIn: becomes("leaves", "unknown") },
  moves: { means: "people in flight move to another step, or leave", isIn: becomes("leaves", "moves", "unknown") },
  steps: {
    means: "steps are added, removed or rewired",
    isIn: flows(({ change }) =>
      change.steps.some(({ kind, changes }) => kind !== "changed" || changes.some(({ aspect }) => aspect === "wiring")),
    ),
  },
  texts: { means: "the text of a message changes", isIn: about("text") },
  timing: { means: "a wait or a limit changes", isIn: about("timing") },
  audience: { means: "a trigger, an audience, a recipient or an exit condition changes", isIn: about("audience") },
  conditions: { means: "the condition of a branch, a split or a wait changes", isIn: about("condition") },
  secrets: { means: "the value of a secret changes", isIn: about("secret") },
  schedules: { means: "a schedule is created, changed or deleted", isIn: (review) => review.schedules.length > 0 },
  warnings: { means: "the preview has warnings", isIn: ({ warnings }) => warnings.length > 0 },
  any: { means: "anything changes", isIn: (review) => review.flows.length > 0 || review.schedules.length > 0 },
} as const satisfies Record<string, Kind>;

/** A kind of change that `hogflow review --fail-on` can stop at. */
export type ReviewKind = keyof typeof KINDS;
/** All of them, as the help of the command explains them. */
export const REVIEW_KINDS = Object.keys(KINDS) as ReviewKind[];

/**
 * Those of the kinds that a review has.
 *
 * @example
 * ```ts
 * const review = reviewOf(parsePreview(readFileSync("preview.json", "utf8")), { now: Date.now() });
 * if (kindsIn(review, ["deletes", "ejects"]).length > 0) process.exitCode = 2;
 * ```
 */
export const kindsIn = (review: Review, kinds: readonly ReviewKind[]): ReviewKind[] =>
  kinds.filter((kind) => KINDS[kind].isIn(review));

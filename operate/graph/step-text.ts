// What a drawing says of a step, for Mermaid and for the page of `hogflow show` alike. What it says of an edge is the edge's label (edges.ts).
import { isUnknown, own } from "../../definition/canonical/values";
import { stepKindOf, type StepKind } from "../../definition/schema/step-kinds";
import { doesWords, kindWords, titleOf } from "../words/steps";

export interface StepText {
  title: string;
  /** What stands below the title; none where its edges say it, or where nobody knows it yet. */
  below?: string;
  shape: StepKind["shape"];
}

/** What stands below the id of a step that an edge leads to and no flow has. */
export const NO_SUCH_STEP = "no such step";

/**
 * The text and the shape of a step.
 *
 * @param actions Steps in keyed form.
 * @example
 * ```ts
 * stepText({ wait: { type: "delay", name: "Let them try", config: { delayDuration: "3d" } } }, "wait"); // { title: "Let them try", below: "wait: 3 days", shape: "hexagon" }
 * ```
 */
export function stepText(actions: unknown, id: string): StepText {
  const step = own(actions, id);
  const { shape, caption }: Pick<StepKind, "shape" | "caption"> = stepKindOf(own(step, "type")) ?? {
    shape: "rectangle",
    caption: "noun",
  };
  const does = doesWords(step);
  const below = {
    noun: does === undefined ? kindWords(step) : `${kindWords(step)}: ${does}`,
    words: does,
    none: undefined,
  }[caption];
  return {
    title: titleOf(actions, id),
    ...(below === undefined || isUnknown(own(step, "config")) ? {} : { below }),
    shape,
  };
}

// What is in no state, in words: what it is, and the ways on.
import { oneLine } from "../../definition/plain-text";
import { acknowledgement } from "../../provider/ownership/managed";
import type { LeftBehind } from "./find";

/** Why it is there. */
export const LEFT_BEHIND = "left by an interrupted run, or removed from the state";

/** What it is: `Flow "Digest" (draft)`, `Schedule of "Digest" (active)`. */
export function leftBehindTitle({ kind, title, status }: LeftBehind): string {
  return `${kind === "flow" ? "Flow" : "Schedule of"} ${JSON.stringify(oneLine(title))} (${oneLine(status)})`;
}

/** What is known of it, and the ways on, one sentence each. */
export function leftBehindLines(left: LeftBehind): string[] {
  const adopt = `adopt: ${JSON.stringify(left.id)}`;
  if (left.kind === "schedule") {
    return [
      `${LEFT_BEHIND}: adopt or delete`,
      `${oneLine(left.rrule)}, from ${oneLine(left.startsAt)} (${oneLine(left.timezone)})${left.nextRunAt === undefined ? "" : `; next run ${oneLine(left.nextRunAt)}`}`,
      `It starts the flow ${oneLine(left.flow)} in addition to the program's schedules, so people may get everything twice.`,
      `To adopt it, write a HogFlowSchedule with ${adopt}. Otherwise delete it in PostHog.`,
      `If it is meant to be there, acknowledge it on a HogFlowSchedule of this flow: acknowledge: [${JSON.stringify(acknowledgement(left.id.split("/").at(-1)!))}]`,
    ];
  }
  const { resource, besides } = left;
  const named = resource === undefined ? undefined : JSON.stringify(oneLine(resource));
  return [
    `${LEFT_BEHIND}: adopt or archive`,
    ...(besides === undefined
      ? named === undefined
        ? []
        : [`Its marker names the resource ${named}.`]
      : [
          `Its marker names the resource ${named ?? "of another flow"}, which manages ${oneLine(besides)}: it may be a copy made in PostHog's editor.`,
        ]),
    ...(besides === undefined
      ? ["If the program still has that resource, the next `pulumi up` takes the flow over."]
      : []),
    `To adopt it, give ${besides === undefined && named !== undefined ? `the resource ${named}` : "a resource"} ${adopt}${besides === undefined ? "" : ", and adoptFrom with this project and stack"}. Otherwise archive it in PostHog.`,
    "To keep it outside the program, delete the marker line from its description.",
  ];
}

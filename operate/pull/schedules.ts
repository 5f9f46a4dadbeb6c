// The schedules of a live flow as resources behind it.
import type { WireSchedule } from "../../api";
import { isDict, own } from "../../definition/canonical/values";
import { UUID } from "../find-flow";
import { constantName, PROTECTED } from "../program-text";
import { Call, Name, print } from "./expression";
import { jsonText } from "../../definition/plain-text";

export interface Schedules {
  code: string[];
  /** Those that are not in the code, and why. */
  leftOut: { id: string; why: string }[];
}

export const NO_SCHEDULES: Schedules = { code: [], leftOut: [] };

/** Taking these over would wake them, or could never run. */
function whyLeftOut({ status }: WireSchedule): string | undefined {
  if (status === "paused") return "PostHog has paused it, and a program that holds it would wake it";
  if (status === "completed") return "its rule has run out";
  return undefined;
}

/**
 * @param name Logical name of the flow. Each schedule has a name by its index among all schedules of the flow, so that one that is paused takes no name
 * from another.
 */
export function schedulesOf(
  { id: flowId, schedules, trigger }: { id: string; schedules: readonly WireSchedule[]; trigger?: unknown },
  name: string,
): Schedules {
  const out: Schedules = { code: [], leftOut: [] };
  for (const [i, schedule] of schedules.entries()) {
    const why = whyLeftOut(schedule);
    if (why === undefined)
      out.code.push(
        scheduleCode(schedule, {
          flowId,
          flow: name,
          name: i === 0 ? `${name}-schedule` : `${name}-schedule-${i + 1}`,
          isProtected: own(trigger, "type") !== "batch",
        }),
      );
    else out.leftOut.push({ id: schedule.id, why });
  }
  return out;
}

/** A schedule of a batch flow is recreated whenever the audience changes (design L10), which Pulumi does not do with one that is protected. */
function scheduleCode(
  { id, rrule, starts_at: startsAt, timezone, variables }: WireSchedule,
  { flowId, flow, name, isProtected }: { flowId: string; flow: string; name: string; isProtected: boolean },
): string {
  const args = {
    flow: new Name(constantName(flow)),
    rrule,
    startsAt,
    ...(timezone === "UTC" ? {} : { timezone }),
    ...(isDict(variables) && Object.keys(variables).length > 0 ? { variables } : {}),
    adopt: `${flowId}/${id}`,
  };
  return `new ${print(new Call("HogFlowSchedule", [name, args, ...(isProtected ? [PROTECTED] : [])]), 0, "new ".length)};`;
}

/** The lines after the flow, the first of them empty. */
export const linesOf = ({ code, leftOut }: Schedules): string[] =>
  code.length + leftOut.length === 0
    ? []
    : [
        "",
        ...code,
        ...leftOut.map(({ id, why }) => `// Schedule ${UUID.test(id) ? id : jsonText(id)} is not here: ${why}.`),
      ];

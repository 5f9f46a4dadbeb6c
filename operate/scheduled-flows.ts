// Which flows a schedule can start.
import type { WireFlowRow } from "../api";
import { own } from "../definition/canonical/values";
import { triggerKindOf } from "../definition/schema/trigger-kinds";

/**
 * Whether a schedule can start this flow (run time §7.1); one of any other flow never fires. Rows of the list hold everything but schedules, so a whole project
 * takes a request for 500 flows, and one more for each of these.
 */
export function canBeScheduled({ actions }: WireFlowRow): boolean {
  const trigger = (actions as unknown[]).find((step) => own(step, "type") === "trigger");
  return trigger === undefined || triggerKindOf(own(own(trigger, "config"), "type"))?.startedBy === "schedule";
}

// Reads a schedule for refresh. A schedule that PostHog paused sends nothing any more, so it shows as drift, with the reason (design L10).
import { isGone } from "../../api";
import { plainError } from "../errors";
import { hasFuture } from "./check";
import {
  decodeSchedule,
  hasRule,
  isSameSchedule,
  PAUSED_REASON,
  scheduleOutputs,
  type ScheduleInputs,
  type ScheduleState,
} from "./state";
import { scheduleIdParts } from "./write";
import type { Session } from "../session";

/** Nothing where the schedule is gone. */
export async function readSchedule(
  session: Session,
  id: string,
  state: ScheduleState,
): Promise<{ state: ScheduleState; inputs: ScheduleInputs } | undefined> {
  const { flowId, scheduleId } = scheduleIdParts(id);
  const isGet = !hasRule(state);
  const connection = session.connection(state);
  let schedules;
  try {
    schedules = await connection.reader.schedulesOf(flowId, scheduleId);
  } catch (error) {
    if (!isGone(error)) throw error;
    await connection.reader.confirmProject(error);
    return gone(id, state);
  }
  if (!isGet) {
    session.managed.has(id);
    session.managed.scheduleSeen(state);
    session.managed.acknowledge(flowId, state);
    session.managed.found(flowId, schedules);
  }
  const live = schedules.find((schedule) => schedule.id === scheduleId);
  if (!live) return gone(id, state);
  const content = !isGet && isSameSchedule(state.content, live) ? state.content : decodeSchedule(live);
  // Of a rule that has run out a pause takes nothing, and nothing would ever wake it.
  const paused = live.status === "paused" && !isGet && hasFuture(session, content) ? PAUSED_REASON : undefined;
  const inputs: ScheduleInputs = { ...state, content, flowId, paused };
  const { answer, ...outputs } = scheduleOutputs(inputs, live);
  const { stackToken = answer.stackToken } = state.answer;
  return {
    state: { ...outputs, answer: { ...answer, ...(stackToken === undefined ? {} : { stackToken }) }, paused },
    inputs,
  };
}

/** A managed schedule that is gone leaves the state; one that is only read must be there. */
function gone(id: string, state: ScheduleState): undefined {
  if (hasRule(state)) return undefined;
  throw plainError(
    `There is no schedule ${id} in project ${state.projectId} on ${state.host}. The id is <flow id>/<schedule id>.`,
  );
}

// Reads a schedule for refresh. A schedule that PostHog paused sends nothing any more, so it shows as drift, with the reason (design L10).
import { isGone } from "../../api";
import type { Dict } from "../../definition/canonical/values";
import { plainError } from "../errors";
import type { Read } from "../calls";
import { pick } from "../flow/state";
import { hasFuture } from "./check";
import { decodeSchedule, isSameSchedule, PAUSED_REASON, scheduleContentOf, scheduleOutputs } from "./state";
import { placeOf } from "./write";
import type { Session } from "../session";
import { SCHEDULE_SETTINGS } from "../../definition/flags";

export async function readSchedule(session: Session, id: string, props: Dict): Promise<Read> {
  const { flowId, scheduleId } = placeOf(id);
  const connection = session.connection(props);
  let schedules;
  try {
    schedules = await connection.reader.schedulesOf(flowId, scheduleId);
  } catch (error) {
    if (!isGone(error)) throw error;
    await connection.reader.confirmProject(error);
    return gone(id, props);
  }
  if (!isGetOf(props)) {
    session.managed.has(id);
    session.managed.scheduleSeen(props);
    session.managed.acknowledge(flowId, props);
    session.managed.found(flowId, schedules);
  }
  const live = schedules.find((schedule) => schedule.id === scheduleId);
  if (!live) return gone(id, props);
  const isGet = isGetOf(props);
  const content = !isGet && isSameSchedule(props, live) ? scheduleContentOf(props) : decodeSchedule(live);
  const settings = { ...pick(props, SCHEDULE_SETTINGS), flowId };
  // Of a rule that has run out a pause takes nothing, and nothing would ever wake it.
  const paused = live.status === "paused" && !isGet && hasFuture(session, content) ? { paused: PAUSED_REASON } : {};
  return {
    id,
    props: { ...scheduleOutputs({ ...content, ...settings }, live), ...pick(props, ["stackToken"]), ...paused },
    inputs: { ...content, ...settings, ...paused },
  };
}

/** `HogFlowSchedule.get` comes with the place alone, and takes the schedule as it is. */
const isGetOf = (props: Dict): boolean => props["rrule"] === undefined;

/** A managed schedule that is gone leaves the state; one that is only read must be there. */
function gone(id: string, props: Dict): Read {
  if (!isGetOf(props)) return { id: "" };
  throw plainError(
    `There is no schedule ${id} in project ${String(props["projectId"])} on ${String(props["host"])}. The id is <flow id>/<schedule id>.`,
  );
}

// Compares schedules. A changed audience has PostHog pause them, and only delete and create resumes one (design L10), so that is a replacement.
import { differences } from "../../definition/canonical/compare";
import { parseOwner, stackToken } from "../../definition/canonical/marker";
import { isUnknown } from "../../definition/canonical/values";
import type { Diff } from "../calls";
import { onlyHidden, topsOf } from "../flow/diff";
import { hasFuture } from "./check";
import { encodeScheduleInputs, type ScheduleInputs, type ScheduleState } from "./state";
import type { Session } from "../session";

export function diffSchedule(session: Session, olds: ScheduleState, news: ScheduleInputs): Diff {
  // A state of an earlier version does not know the owner, and need not; nor does it need another name within the stack.
  const before = {
    ...olds,
    ...(news.owner !== undefined && isOfOneStack(olds.owner, news.owner) ? { owner: news.owner } : {}),
  };
  const after = { ...news, owner: news.owner ?? olds.owner };
  const list = differences(encodeScheduleInputs(before), encodeScheduleInputs(after));
  if (list.length === 0) return olds.isPending ? { changes: true, causes: ["unfinished"] } : { changes: false };
  const replaces: string[] = [
    ...(before.flowId !== undefined && before.flowId !== after.flowId ? ["flowId"] : []),
    ...(["host", "projectId"] as const).filter(
      (key) => before[key] !== undefined && before[key] !== after[key] && !isUnknown(after[key]),
    ),
  ];
  // A rule without a future occurrence is never replaced: it would be refused, or run what has run already.
  if (hasFuture(session, after.content)) {
    // One that was paused when its rule had run out shows no pause, and a new rule alone would not resume it.
    if ((before.paused !== undefined || olds.answer.status === "paused") && after.paused === undefined)
      replaces.push("paused");
    if (audienceChanged(before.triggerFingerprint, after.triggerFingerprint)) replaces.push("triggerFingerprint");
  }
  if (replaces.length > 0) return { replaces, deleteBeforeReplace: true };
  return onlyHidden(list) ? { changes: true, causes: topsOf(list) } : {};
}

function isOfOneStack(before: unknown, now: unknown): boolean {
  const [a, b] = [parseOwner(before), parseOwner(now)];
  return !a || !b || stackToken(a) === stackToken(b);
}

/** Only a save that leaves a batch trigger with another audience pauses (API §5.5). Without an earlier fingerprint nothing is known to have changed. */
const audienceChanged = (before: unknown, after: unknown): boolean =>
  typeof before === "string" &&
  typeof after === "string" &&
  !isUnknown(after) &&
  after.startsWith("batch:") &&
  before !== after;

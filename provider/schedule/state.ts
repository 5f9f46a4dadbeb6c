// The layout of a schedule's inputs and outputs, and when two schedules are the same.
import type { WireSchedule } from "../../api";
import { SCHEDULE_SETTINGS } from "../../definition/flags";
import { utcText } from "../../definition/canonical/local-time";
import { parseOwner, stackToken } from "../../definition/canonical/marker";
import { isDict, isUnknown, same, type Dict } from "../../definition/canonical/values";
import { pick, STATE_VERSION } from "../flow/state";

/** What PostHog stores of a schedule. */
export const SCHEDULE_CONTENT = ["rrule", "startsAt", "timezone", "variables"] as const;
export const SCHEDULE_INPUT_KEYS: readonly string[] = [...SCHEDULE_CONTENT, ...SCHEDULE_SETTINGS, "paused"];

/** Every schedule's zone when it names none (API §5.1). */
export const DEFAULT_ZONE = "UTC";

export const scheduleInputsOf = (properties: Dict): Dict => pick(properties, SCHEDULE_INPUT_KEYS);
export const scheduleContentOf = (properties: Dict): Dict => pick(properties, SCHEDULE_CONTENT);

export const zoneOf = (schedule: Dict): string =>
  typeof schedule["timezone"] === "string" && !isUnknown(schedule["timezone"]) ? schedule["timezone"] : DEFAULT_ZONE;

/** The shortest form: rule trimmed, moment in UTC, defaults dropped. A moment that cannot be read yet stays as it is. */
export function canonicalSchedule(properties: Dict): Dict {
  const content = scheduleContentOf(properties);
  const out: Dict = { ...content };
  for (const key of ["rrule", "timezone"]) if (typeof out[key] === "string") out[key] = (out[key] as string).trim();
  const startsAt = content["startsAt"];
  if (typeof startsAt === "string" && !isUnknown(startsAt) && !isUnknown(content["timezone"])) {
    try {
      out["startsAt"] = utcText(startsAt.trim(), zoneOf(out)) ?? startsAt;
    } catch {
      // An unknown zone is reported by check; until then the text stays.
    }
  }
  if (out["timezone"] === DEFAULT_ZONE) delete out["timezone"];
  if (isDict(out["variables"]) && Object.keys(out["variables"]).length === 0) delete out["variables"];
  return out;
}

export function decodeSchedule(wire: WireSchedule): Dict {
  return canonicalSchedule({
    rrule: wire.rrule,
    startsAt: wire.starts_at,
    timezone: wire.timezone,
    variables: wire.variables,
  });
}

export function encodeSchedule(inputs: Dict): Dict {
  return {
    rrule: inputs["rrule"],
    starts_at: inputs["startsAt"],
    timezone: inputs["timezone"] ?? DEFAULT_ZONE,
    variables: inputs["variables"] ?? {},
  };
}

/** Whether a schedule is the same as these inputs; for a list, the inputs are brought into their form once. */
export function sameScheduleAs(inputs: Dict): (wire: WireSchedule) => boolean {
  const wanted = canonicalSchedule(inputs);
  return (wire) => same(wanted, decodeSchedule(wire));
}
export const isSameSchedule = (inputs: Dict, wire: WireSchedule): boolean => sameScheduleAs(inputs)(wire);

export function scheduleOutputs(inputs: Dict, wire: WireSchedule): Dict {
  const { paused: _, ...rest } = scheduleInputsOf(inputs);
  const owner = parseOwner(inputs["owner"]);
  return {
    ...rest,
    ...(owner ? { stackToken: stackToken(owner) } : {}),
    stateVersion: STATE_VERSION,
    scheduleId: wire.id,
    status: wire.status,
    nextRunAt: wire.next_run_at ?? null,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
  };
}

/** A schedule is named by its flow and its own id, as there is no request for one alone (API §5.2). */
export const scheduleResourceId = (flowId: string, scheduleId: string): string => `${flowId}/${scheduleId}`;

export function splitScheduleId(id: string): { flowId: string; scheduleId: string } | undefined {
  const parts = id.split("/");
  return parts.length === 2 && parts[0] && parts[1] ? { flowId: parts[0], scheduleId: parts[1] } : undefined;
}

/** The id of the resource that `adopt` means; the schedule's own alone will do. */
export const adoptedId = (adopt: string, flowId: string): string =>
  splitScheduleId(adopt) ? adopt : scheduleResourceId(flowId, adopt);

/** What a paused schedule shows as an input, so that it stands out in a refresh. */
export const PAUSED_REASON =
  "PostHog paused this schedule, as it does when the audience of its flow changes; only delete and create wakes it";

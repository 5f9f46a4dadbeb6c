// The inputs and outputs of a schedule: read into types where they come in, and written as the engine keeps them, both here alone. And when two schedules are
// the same.
import type { WireSchedule, WireScheduleBody } from "../../api";
import { utcText } from "../../definition/canonical/local-time";
import { parseOwner, stackToken } from "../../definition/canonical/marker";
import { isDict, isUnknown, same, type Dict } from "../../definition/canonical/values";
import {
  parseRows,
  SCHEDULE_FLAGS,
  SCHEDULE_OUTPUTS,
  SCHEDULE_SETTINGS,
  type ScheduleFlags,
  type SchedulePassingFlags,
  type Values,
} from "../../definition/flags";
import { pick, STATE_VERSION, upgraded } from "../flow/state";

/** What PostHog stores of a schedule. */
export const SCHEDULE_CONTENT = ["rrule", "startsAt", "timezone", "variables"] as const;

/** What PostHog stores, in our words. Any of it may be unknown in a preview. */
export interface ScheduleContent {
  rrule?: string;
  startsAt?: string;
  timezone?: string;
  /** Values by variable. */
  variables?: unknown;
}

/** The inputs of a schedule. */
export interface ScheduleInputs extends ScheduleFlags, SchedulePassingFlags {
  content: ScheduleContent;
}

/** What PostHog answered last. */
type ScheduleAnswer = Values<typeof SCHEDULE_OUTPUTS>;

/** The inputs of the last `up` or refresh, and what the outputs add to them. In a check, the engine gives the inputs alone. */
export interface ScheduleState extends ScheduleInputs {
  answer: ScheduleAnswer;
  /** Nobody knows whether the last update arrived. States keep it under `unfinished`. */
  isPending: boolean;
}

const FLAG_KEYS = Object.keys(SCHEDULE_FLAGS) as (keyof ScheduleFlags | keyof SchedulePassingFlags)[];
const ANSWER_KEYS = Object.keys(SCHEDULE_OUTPUTS) as (keyof ScheduleAnswer)[];

export const parseScheduleInputs = (properties: Dict): ScheduleInputs => ({
  ...parseRows(SCHEDULE_FLAGS, FLAG_KEYS, properties),
  content: parseContent(properties),
});

function parseContent(properties: Dict): ScheduleContent {
  const content: ScheduleContent = {};
  for (const key of ["rrule", "startsAt", "timezone"] as const) {
    const text = properties[key];
    if (typeof text === "string") content[key] = text;
  }
  const { variables } = properties;
  return variables === undefined || variables === null ? content : { ...content, variables };
}

/** A state of any version, or old inputs. */
export function parseScheduleState(properties: Dict): ScheduleState {
  const current = upgraded(properties);
  return {
    ...parseScheduleInputs(current),
    answer: parseRows(SCHEDULE_OUTPUTS, ANSWER_KEYS, current),
    isPending: current["unfinished"] === true,
  };
}

/** `HogFlowSchedule.get` comes with its target alone, and a new resource has no old inputs. */
export const hasRule = ({ content }: ScheduleInputs): boolean => content.rrule !== undefined;

/** The part of a resource's properties that PostHog stores. */
export const scheduleContentOf = (properties: Dict): Dict => pick(properties, SCHEDULE_CONTENT);

const INPUT_KEYS = [...SCHEDULE_SETTINGS, "paused"];

export const encodeScheduleInputs = (inputs: ScheduleInputs): Dict => ({
  ...inputs.content,
  ...pick({ ...inputs }, INPUT_KEYS),
});

export const encodeScheduleState = (state: ScheduleState): Dict => ({
  ...encodeScheduleInputs(state),
  ...state.answer,
  ...(state.isPending ? { unfinished: true } : {}),
});

/** Every schedule's zone when it names none (API §5.1). */
const DEFAULT_ZONE = "UTC";

export const zoneOf = ({ timezone }: ScheduleContent): string =>
  timezone === undefined || isUnknown(timezone) ? DEFAULT_ZONE : timezone;

/** The shortest form: rule trimmed, moment in UTC, defaults dropped. A moment that cannot be read yet stays as it is. */
export function canonicalSchedule({ rrule, startsAt, timezone, variables }: ScheduleContent): ScheduleContent {
  const out: ScheduleContent = {};
  if (rrule !== undefined) out.rrule = rrule.trim();
  if (startsAt !== undefined) out.startsAt = startsAt;
  if (timezone !== undefined) out.timezone = timezone.trim();
  if (variables !== undefined && !(isDict(variables) && Object.keys(variables).length === 0)) out.variables = variables;
  if (startsAt !== undefined && !isUnknown(startsAt) && !isUnknown(timezone)) {
    try {
      out.startsAt = utcText(startsAt.trim(), zoneOf(out)) ?? startsAt;
    } catch {
      // An unknown zone is reported by check; until then the text stays.
    }
  }
  if (out.timezone === DEFAULT_ZONE) delete out.timezone;
  return out;
}

export function decodeSchedule(wire: WireSchedule): ScheduleContent {
  return canonicalSchedule({
    rrule: wire.rrule,
    startsAt: wire.starts_at,
    timezone: wire.timezone,
    variables: wire.variables,
  });
}

/** The body of a write. */
export const encodeSchedule = ({ rrule, startsAt, timezone, variables }: ScheduleContent): WireScheduleBody => ({
  rrule,
  starts_at: startsAt,
  timezone: timezone ?? DEFAULT_ZONE,
  variables: variables ?? {},
});

/** Whether a schedule is the same as this one; for a list, this one is brought into its form once. */
export function sameScheduleAs(content: ScheduleContent): (wire: WireSchedule) => boolean {
  const wanted = canonicalSchedule(content);
  return (wire) => same({ ...wanted }, { ...decodeSchedule(wire) });
}
export const isSameSchedule = (content: ScheduleContent, wire: WireSchedule): boolean => sameScheduleAs(content)(wire);

/** The outputs for these inputs, after this answer. A pause is an input of a refresh alone. */
export function scheduleOutputs(inputs: ScheduleInputs, wire: WireSchedule): ScheduleState {
  const owner = parseOwner(inputs.owner);
  return {
    ...inputs,
    paused: undefined,
    answer: {
      ...(owner ? { stackToken: stackToken(owner) } : {}),
      stateVersion: STATE_VERSION,
      scheduleId: wire.id,
      status: wire.status,
      nextRunAt: wire.next_run_at ?? null,
      createdAt: wire.created_at,
      updatedAt: wire.updated_at,
    },
    isPending: false,
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

/** What a paused schedule shows as an input, so that a refresh shows it. */
export const PAUSED_REASON =
  "PostHog paused this schedule because the audience of its flow changed; only deleting and creating it resumes it";

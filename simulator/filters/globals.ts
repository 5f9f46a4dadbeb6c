// What a filter, and the expression of `delayUntil`, sees (run time §5.2). Templates see something else (run time §6.3).
import type { Dict } from "../../definition/canonical/values";
import type { OptedOut } from "../input/people";

/** An event with its groups, ready for filters. */
export interface SignalEvent {
  event: string;
  distinctId: string;
  uuid: string;
  timestamp: string;
  properties: Dict;
}

export interface KnownPerson {
  id: string;
  distinctId: string;
  properties: Dict;
  /** Absent where memberships are not given. */
  cohorts?: ReadonlySet<number>;
  optedOut?: OptedOut;
}

export interface KnownGroup {
  type: string;
  index: number;
  key: string;
  properties: Dict;
}

export interface FilterGlobals {
  event: SignalEvent;
  person: KnownPerson | undefined;
  groups: readonly KnownGroup[];
  /** Absent for signals that are held against waits and goals: they know of no run (run time §3.5). */
  variables: Dict | undefined;
  /** Cohorts of the person; undefined where memberships are not looked up. */
  cohorts: ReadonlySet<number> | undefined | "unknown";
  now: number;
  /** A payload of Slack or GitHub, in which a dotted key is a path. */
  internal: boolean;
}

/** The globals under the names that Hog knows. */
export function hogGlobals({ event, person, groups, variables }: FilterGlobals): Dict {
  const globals: Dict = {
    event: event.event,
    properties: event.properties,
    distinct_id: event.distinctId,
    uuid: event.uuid,
    timestamp: event.timestamp,
    elements_chain: event.properties["$elements_chain"] ?? "",
    person: person ? { id: person.id, properties: person.properties } : null,
    pdi: person ? { distinct_id: event.distinctId, person: { id: person.id, properties: person.properties } } : null,
    ...(variables ? { variables } : {}),
  };
  for (let index = 0; index < 5; index += 1) {
    const group = groups.find((candidate) => candidate.index === index);
    globals[`group_${index}`] = { properties: group?.properties ?? {} };
    globals[`$group_${index}`] = group?.key ?? null;
  }
  return globals;
}

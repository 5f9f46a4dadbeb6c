// When runs can come to each step, as minutes of the week: by the start of the flow, and by what its delays, waits and time windows do with it (run time §3).
import { own } from "../definition/canonical/values";
import { MINUTE_MS } from "../definition/lengths";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import type { Edge } from "../definition/graph/flow-graph";
import { checkZone } from "../definition/schema/zones";
import { clampedDuration } from "../simulator/duration";
import {
  addTo,
  always,
  DAYS,
  differences,
  hours,
  isEmpty,
  later,
  minuteOf,
  never,
  through,
  union,
  within,
} from "./week";
import type { Day, Week } from "./week";

interface Clock {
  /** IANA zone of the sets. */
  zone: string;
  /** For differences between zones, which change within a year. */
  now: number;
}

type Config = Readonly<Record<string, unknown>>;

/** For each step that runs come to, when. `starts`: when runs start. */
export function arrivalsIn(flow: FlowView, starts: Week, clock: Clock): ReadonlyMap<string, Week> {
  const arrivals = new Map<string, Week>();
  if (flow.trigger === undefined || isEmpty(starts)) return arrivals;
  arrivals.set(flow.trigger.id, starts);
  const queue = [flow.trigger.id];
  while (queue.length > 0) {
    const id = queue.shift()!;
    for (const edge of flow.graph.from(id)) {
      const coming = departures(flow.graph.step(id), arrivals.get(id)!, { edge, clock });
      const known = arrivals.get(edge.to) ?? never();
      if (!addTo(known, coming)) continue;
      arrivals.set(edge.to, known);
      queue.push(edge.to);
    }
  }
  return arrivals;
}

/** When runs leave a step along an edge. */
function departures(step: unknown, arrives: Week, { edge, clock }: { edge: Edge; clock: Clock }): Week {
  const config = (own(step, "config") ?? {}) as Config;
  const leaves = left(String(own(step, "type")), config, { arrives, edge, clock });
  // Who does not match the filters of a step goes on at once.
  return own(step, "filters") === undefined ? leaves : union(leaves, arrives);
}

function left(
  type: string,
  config: Config,
  { arrives, edge, clock }: { arrives: Week; edge: Edge; clock: Clock },
): Week {
  switch (type) {
    case "delay":
      return config["delayUntil"] === undefined
        ? later(arrives, minutesOf(config["delayDuration"]))
        : // A moment of each person.
          always();
    case "wait_until_condition": {
      const longest = minutesOf(config["maxWaitDuration"]);
      return edge.index === undefined ? later(arrives, longest) : within(arrives, longest);
    }
    case "wait_until_time_window":
      return union(...openings(config, clock).map((open) => through(arrives, open)));
    default:
      return arrives;
  }
}

const minutesOf = (duration: unknown): number => (clampedDuration(duration) ?? 0) / MINUTE_MS;

const WORK_DAYS: readonly Day[] = DAYS.slice(0, 5);
const DAY_LISTS: Readonly<Record<string, readonly Day[]>> = {
  any: DAYS,
  weekday: WORK_DAYS,
  weekend: DAYS.filter((day) => !WORK_DAYS.includes(day)),
};

/**
 * When a time window is open on the clock of the sets: in another zone, once for each difference of the two within a year. A window in the recipient's own zone is
 * compared with the recipient's own hours, and with those of the zone of whoever has none.
 */
function openings(config: Config, { zone, now }: Clock): Week[] {
  const { day, time, timezone, usePersonTimezone, fallbackTimezone } = config;
  const days = Array.isArray(day) ? DAYS.filter((one) => day.includes(one)) : (DAY_LISTS[textOf(day) ?? ""] ?? []);
  const [from = 0, to = 0] = listOf(time).map(minuteOf);
  const open = hours(days, from, to);
  const isZone = (name: unknown): name is string => typeof name === "string" && checkZone(name).ok;
  const isPersonal = usePersonTimezone === true;
  const own = (isPersonal ? [fallbackTimezone, timezone] : [timezone]).find(isZone) ?? "UTC";
  const shifts = new Set([...(isPersonal ? [0] : []), ...differences(zone, own, now)]);
  return [...shifts].map((minutes) => later(open, minutes));
}

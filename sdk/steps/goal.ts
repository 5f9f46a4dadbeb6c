// The goal of a flow in the words of conditions and events.
import type { Dict } from "../../definition/canonical/values";
import {
  eventFilters,
  goalFilters,
  isCondition,
  isEventFilter,
  type Closed,
  type ConversionWindow,
  type EventFilter,
  type LiveCondition,
} from "../values";
import type { At } from "./at";
import { leaves, listOf } from "./leaves";

/**
 * What counts as a conversion.
 *
 * @example
 * ```ts
 * conversion: { events: event("subscribed"), window: "14d" }
 * ```
 */
export interface Goal {
  /** Events, any of which converts. */
  events?: EventFilter | readonly EventFilter[];
  /** State of the person that converts: all must match. */
  filters?: LiveCondition | readonly LiveCondition[];
  /** How long after the start a conversion counts, at most `365d`. Default `90d`. */
  window?: Closed<ConversionWindow>;
}

/** The goal in keyed form. */
export function goalOf(goal: Goal, at: At): Dict {
  return {
    ...(goal.events === undefined
      ? {}
      : {
          events: listOf(goal.events).map((event, i) => ({
            filters: eventFilters([event], at.at("events", i, "filters")),
          })),
        }),
    ...(goal.filters === undefined ? {} : { filters: goalFilters(goal.filters, at) }),
    ...leaves(goal as Dict, ["window"], at),
  };
}

/** Whether a conversion is in the words of events and conditions; the keyed form has plain objects. */
export function isGoal(value: unknown): value is Goal {
  if (typeof value !== "object" || value === null) return false;
  const { events, filters } = value as Goal;
  return [...listOf(events ?? []), ...listOf(filters ?? [])].some(
    (entry) => isEventFilter(entry) || isCondition(entry),
  );
}

// Events as values: what starts a flow, ends a wait, or counts as a conversion.
import { REFERENCE_AS_TEXT } from "../../provider/schema/as-text";
import { readsAs } from "./as-text";
import type { SignalCondition } from "./conditions";
import type { EventName } from "./registry";

declare const filter: unique symbol;

/** An event, with conditions of its own. */
export interface EventFilter {
  readonly [filter]: true;
}

const MARK = Symbol.for("pulumi-hogflow.event");

export interface EventData {
  list: "events" | "actions";
  id: string | number | null;
  name?: string;
  conditions: readonly unknown[];
}

export const eventOf = (value: unknown): EventData | undefined => (typeof value === "object" && value !== null ? (value as { [MARK]?: EventData })[MARK] : undefined);
const made = (data: EventData): EventFilter => Object.freeze(readsAs({ [MARK]: data }, REFERENCE_AS_TEXT)) as object as EventFilter;

/**
 * An event by its name; with conditions, only where all of them match.
 *
 * @param name The event's name; case counts.
 * @example
 * ```ts
 * waitUntil("bought", { events: event("order completed", eventProperty("amount").gt(0)), maxWaitDuration: "2h" })
 * ```
 */
export const event = (name: EventName, ...conditions: readonly SignalCondition[]): EventFilter => made({ list: "events", id: name, conditions });

/**
 * Any event at all that matches the conditions.
 *
 * @example
 * ```ts
 * on.event(anyEvent(eventProperty("$current_url").contains("/pricing")))
 * ```
 */
export const anyEvent = (...conditions: readonly [SignalCondition, ...SignalCondition[]]): EventFilter => made({ list: "events", id: null, conditions });

/**
 * A PostHog action, a named set of events, by its number.
 *
 * @param id The action's number, from its address in PostHog.
 * @param name A label. Default: the number.
 * @example
 * ```ts
 * on.event(postHogAction(12, "Signed up"))
 * ```
 */
export const postHogAction = (id: number, name?: string): EventFilter => made({ list: "actions", id, ...(name === undefined ? {} : { name }), conditions: [] });

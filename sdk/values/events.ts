// Events as values: what starts a flow, ends a wait, or counts as a conversion.
import { REFERENCE_AS_TEXT } from "../../definition/schema/as-text";
import { readsAs } from "./as-text";
import { conditionOf, type SignalCondition } from "./conditions";
import type { EventName } from "./registry";

declare const filter: unique symbol;

/** An event, with its conditions. */
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

export const eventOf = (value: unknown): EventData | undefined =>
  typeof value === "object" && value !== null ? (value as { [MARK]?: EventData })[MARK] : undefined;
const made = (data: EventData): EventFilter =>
  Object.freeze(readsAs({ [MARK]: data }, REFERENCE_AS_TEXT)) as object as EventFilter;

/** What an event has in PostHog's editor. */
export interface EventOptions {
  /** What the editor shows in place of the name, such as `Pageview` for `$pageview`. Default: the name. It means nothing to a run. */
  label: string;
}

type Conditions = readonly SignalCondition[];

/** Options and conditions, in whichever order the signatures below have them. */
function parts(given: readonly unknown[]): Pick<EventData, "name" | "conditions"> {
  const [first, ...rest] = given;
  const label = isOptions(first) ? first.label : undefined;
  return { ...(label === undefined ? {} : { name: label }), conditions: isOptions(first) ? rest : given };
}

const isOptions = (value: unknown): value is EventOptions =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  "label" in value &&
  conditionOf(value) === undefined;

/**
 * An event by its name; with conditions, only where all of them match.
 *
 * @param name The event's name; case counts.
 * @param given Conditions. Before them, where PostHog's editor shows another text than the name, `{ label }`.
 * @example
 * ```ts
 * waitUntil("bought", { events: event("order completed", eventProperty("amount").gt(0)), maxWaitDuration: "2h" })
 * ```
 * @example
 * ```ts
 * on.event(event("$pageview", { label: "Pageview" }, eventProperty("$pathname").is("/pricing")))
 * ```
 */
export const event = (name: EventName, ...given: Conditions | readonly [EventOptions, ...Conditions]): EventFilter =>
  made({ list: "events", id: name, ...parts(given) });

/**
 * Any event at all that matches the conditions.
 *
 * @param given Conditions, at least one. Where PostHog's editor shows a text for it, `{ label }` before them, and then they may be missing.
 * @example
 * ```ts
 * on.event(anyEvent(eventProperty("$current_url").contains("/pricing")))
 * ```
 */
export const anyEvent = (
  ...given: readonly [SignalCondition, ...Conditions] | readonly [EventOptions, ...Conditions]
): EventFilter => made({ list: "events", id: null, ...parts(given) });

/**
 * A PostHog action, a named set of events, by its number; with conditions, only where all of them match.
 *
 * @param id The action's number, from its address in PostHog.
 * @param name A label. Default: the number.
 * @example
 * ```ts
 * on.event(postHogAction(12, "Signed up"))
 * ```
 */
export const postHogAction = (id: number | `${number}`, name?: string, ...conditions: Conditions): EventFilter =>
  made({ list: "actions", id, ...(name === undefined ? {} : { name }), conditions });

// Steps that let time pass: for a while, until a moment of the person's, until the clock shows a time, until something happens.
import type * as pulumi from "@pulumi/pulumi";
import {
  conditionFilters,
  eventFilters,
  expressionText,
  type ClockTime,
  type Closed,
  type EventFilter,
  type Expression,
  type LiveCondition,
  type TimeZone,
  type WaitDuration,
  type WaitHelp,
} from "../values";
import type { Dict } from "../../definition/canonical/values";
import type { At } from "./at";
import { callerOf } from "./caller";
import type { CheckedPath, Id } from "./checks";
import { leaf, leaves, listOf } from "./leaves";
import * as nodes from "./node";
import { namesOf, RESULT_NAMES, STEP_NAMES, type ResultOptions, type StepOptions } from "./options";
import type { IdsOf, JumpsOf, Path, Step } from "./shape";

/** Options of `delay`. */
export interface DelayOptions extends StepOptions {
  /** Leaves the length to PostHog's editor: the program gives its first value. */
  editorOwns?: readonly "duration"[];
}

const DELAY_NAMES = namesOf<DelayOptions>({ ...STEP_NAMES, editorOwns: true });

/**
 * Waits. The wait counts from the moment of entry, so a changed length also applies to people who are waiting.
 *
 * @param id What the wait is for, such as `let_them_try`; never its length, which will change while people wait.
 * @param duration A number and a unit of `s`, `m`, `h`, `d`; at most `60s`, `60m`, `24h`, `30d`, without carry: `90m` would wait 60 minutes.
 * @example
 * ```ts
 * delay("let_them_try", "3d")
 * ```
 */
export function delay<const K extends string>(
  id: Id<K>,
  duration: WaitDuration<WaitHelp>,
  options: DelayOptions = {},
): Step<K, never, never, false> {
  return nodes.step({
    maker: "delay",
    key: id,
    type: "delay",
    location: callerOf(delay),
    options,
    known: DELAY_NAMES,
    editable: { duration: ["config", "delayDuration"] },
    config: (at) => ({ delayDuration: leaf(duration, at.at("delayDuration")) }),
  }) as object as Step<K, never, never, false>;
}

/** In which zone a time is read. */
interface ZoneOptions {
  /** IANA zone, such as `Europe/Berlin`. Default UTC. */
  timezone?: Closed<TimeZone>;
  /** Uses the person's time zone if it is known. Default false. */
  usePersonTimezone?: pulumi.Input<boolean>;
  /** Time zone if the person's is unknown. Default: `timezone`. */
  fallbackTimezone?: Closed<TimeZone>;
}
const ZONE_NAMES = { timezone: true, usePersonTimezone: true, fallbackTimezone: true } as const;
const zonesOf = (options: ZoneOptions, at: At): Dict => leaves(options as Dict, Object.keys(ZONE_NAMES), at);

/** Options of `delayUntil`. */
export interface DelayUntilOptions extends StepOptions, ZoneOptions {
  /** A Hog expression, or a property, that yields a date: a text in ISO form, or seconds since 1970. Without a usable date the run is aborted. */
  expression: Expression;
  /** Signed duration that is added, in full size: `-3d` is three days before. */
  offset?: pulumi.Input<string>;
  /** Longest wait; then the run continues. Default and maximum: `30d`. */
  maxDelayDuration?: WaitDuration<WaitHelp>;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("expression" | "offset" | "maxDelayDuration")[];
}

const DELAY_UNTIL_NAMES = namesOf<DelayUntilOptions>({
  ...STEP_NAMES,
  ...ZONE_NAMES,
  expression: true,
  offset: true,
  maxDelayDuration: true,
  editorOwns: true,
});

/**
 * Waits until a date that is computed for each person, such as three days before a renewal. If the date has passed, the run continues at once.
 *
 * @param id What the moment is, such as `before_renewal`.
 * @example
 * ```ts
 * delayUntil("before_renewal", { expression: person("renewal"), offset: "-3d", timezone: "Europe/Berlin" })
 * ```
 */
export function delayUntil<const K extends string>(
  id: Id<K>,
  options: DelayUntilOptions,
): Step<K, never, never, false> {
  return nodes.step({
    maker: "delayUntil",
    key: id,
    type: "delay",
    location: callerOf(delayUntil),
    options,
    known: DELAY_UNTIL_NAMES,
    editable: {
      expression: ["config", "delayUntil", "expression"],
      offset: ["config", "delayUntil", "offset"],
      maxDelayDuration: ["config", "maxDelayDuration"],
    },
    config: (at) => {
      const until = at.at("delayUntil");
      return {
        delayUntil: {
          expression: expressionText(options.expression, until.at("expression")),
          ...leaves(options as object as Dict, ["offset"], until),
          ...zonesOf(options, until),
        },
        ...leaves(options as object as Dict, ["maxDelayDuration"], at),
      };
    },
  }) as object as Step<K, never, never, false>;
}

type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** Options of `timeWindow`. */
export interface TimeWindowOptions extends StepOptions, ZoneOptions {
  /** `any`, `weekday` (Monday to Friday), `weekend`, or a list of days. Default `any`. */
  day?: "any" | "weekday" | "weekend" | readonly [Weekday, ...Weekday[]];
  /** `any`, or start and end, both included; an end before the start is past midnight. Default `any`. */
  time?: "any" | readonly [start: ClockTime, end: ClockTime];
  timezone: Closed<TimeZone>;
}

const TIME_WINDOW_NAMES = namesOf<TimeWindowOptions>({ ...STEP_NAMES, ...ZONE_NAMES, day: true, time: true });

/**
 * Waits until the clock is in the window; inside the window the run continues at once. There is no maximum wait.
 *
 * @param id What the window is for, such as `office_hours`.
 * @example
 * ```ts
 * timeWindow("office_hours", { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" })
 * ```
 */
export function timeWindow<const K extends string>(
  id: Id<K>,
  options: TimeWindowOptions,
): Step<K, never, never, false> {
  return nodes.step({
    maker: "timeWindow",
    key: id,
    type: "wait_until_time_window",
    location: callerOf(timeWindow),
    options,
    known: TIME_WINDOW_NAMES,
    config: (at) => ({
      day: leaf(options.day ?? "any", at.at("day")),
      time: leaf(options.time ?? "any", at.at("time")),
      ...zonesOf(options, at),
    }),
  }) as object as Step<K, never, never, false>;
}

/** An event that ends a wait, with a label in PostHog. */
export interface NamedEvent {
  name: string;
  event: EventFilter;
}

interface WaitUntilBase extends ResultOptions {
  /** Longest wait, as for `delay`. */
  maxWaitDuration: WaitDuration<WaitHelp>;
  /** Leaves the length to PostHog's editor: the program gives its first value. */
  editorOwns?: readonly "maxWaitDuration"[];
}
/** What is waited for: events, a condition, or whichever comes first. */
export type WaitUntilOptions = WaitUntilBase &
  (
    | {
        /** Events, any of which ends the wait. Only those count that come while somebody waits. */
        events: EventFilter | NamedEvent | readonly (EventFilter | NamedEvent)[];
        /** State of the person that ends the wait, also when it is so already. */
        condition?: LiveCondition | readonly LiveCondition[];
      }
    | { events?: undefined; condition: LiveCondition | readonly LiveCondition[] }
  );

const WAIT_UNTIL_NAMES = namesOf<WaitUntilOptions & { onMatch: 1; onTimeout: 1 }>({
  ...RESULT_NAMES,
  maxWaitDuration: true,
  events: true,
  condition: true,
  onMatch: true,
  onTimeout: true,
  editorOwns: true,
});

/**
 * Waits for an event or a state of the person, up to a maximum. Both branches rejoin after the wait, unless they end in `exit` or `goTo`; a branch that
 * is left out continues there.
 *
 * @param id What is waited for, such as `first_project`.
 * @example
 * ```ts
 * waitUntil("bought", { events: event("order completed"), maxWaitDuration: "2h", onMatch: [exit()] })
 * ```
 */
export function waitUntil<
  const K extends string,
  const M extends Path = readonly [false],
  const T extends Path = readonly [false],
>(
  id: Id<K>,
  options: WaitUntilOptions & {
    /** What happens when it came. */
    onMatch?: CheckedPath<M, K>;
    /** What happens when the time is out. */
    onTimeout?: CheckedPath<T, K | IdsOf<M>>;
  },
): Step<K, IdsOf<M> | IdsOf<T>, JumpsOf<M> | JumpsOf<T>, false> {
  return nodes.step({
    maker: "waitUntil",
    key: id,
    type: "wait_until_condition",
    location: callerOf(waitUntil),
    options,
    known: WAIT_UNTIL_NAMES,
    editable: { maxWaitDuration: ["config", "maxWaitDuration"] },
    branches: [
      nodes.branch({ kind: "match", path: options?.onMatch }),
      nodes.branch({ kind: "timeout", path: options?.onTimeout }),
    ],
    branchKinds: { branch: "match", rest: "timeout" },
    config: (at) => ({
      ...(options.condition === undefined
        ? {}
        : { condition: { filters: conditionFilters(options.condition, at.at("condition", "filters")) } }),
      ...(options.events === undefined
        ? {}
        : { events: listOf(options.events).map((entry, i) => waitEvent(entry, at.at("events", i))) }),
      ...leaves(options as object as Dict, ["maxWaitDuration"], at),
    }),
  }) as object as Step<K, IdsOf<M> | IdsOf<T>, JumpsOf<M> | JumpsOf<T>, false>;
}

function waitEvent(entry: EventFilter | NamedEvent, at: At): Dict {
  const named = typeof entry === "object" && entry !== null && "event" in entry && "name" in entry ? entry : undefined;
  return {
    ...(named ? { name: named.name } : {}),
    filters: eventFilters([named ? named.event : (entry as EventFilter)], at.at("filters")),
  };
}

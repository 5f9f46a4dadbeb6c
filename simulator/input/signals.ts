// What a scenario sends: events, requests, rows, recurrences.
import type { Moment } from "./moment";
import type { Properties } from "./people";

/** An event as it is ingested. Its `$set` and `$set_once` change the person at that moment. */
export interface SimulatedEvent {
  /** Its name, such as `user signed up`. */
  event: string;
  /** Default: none, but for `$groups` when the scenario has groups. */
  properties?: Properties;
  /** Default: the person's. */
  distinctId?: string;
  /** Default: made from the seed. */
  uuid?: string;
  /** When it was captured, where that is not when it arrives. */
  timestamp?: Moment;
}

/** An event after the trigger, of the person or of one of the others. */
export type LaterEvent = SimulatedEvent & {
  /** When it arrives. */
  at: Moment;
};

/** A request to the flow's public URL. */
export interface SimulatedRequest {
  /** Default POST; GET for a tracking pixel. Compared with the trigger's input `method`: a webhook or manual trigger without one answers 405 to every request. */
  method?: string;
  /** Default: none. The flow sees names in lower case, and neither cookies, `referer`, `x-csrftoken`, `proxy-authorization` nor what says where the request came from (`forwarded`, `x-real-ip`, `true-client-ip`, `x-forwarded-for`, `-host`, `-proto`, `-port`). */
  headers?: Record<string, string>;
  /** Default: none. */
  query?: Record<string, string>;
  /** Parsed JSON, or text. `$variables` in it gives variables their values. */
  body?: unknown;
  /** Default `127.0.0.1`. */
  ip?: string;
}

/**
 * What starts the flow: the name of an event, an event, a request, a warehouse row, or nothing for schedule and batch triggers.
 * An event given to a webhook trigger counts as the event that the trigger's inputs produce.
 *
 * @example
 * simulate(flow, { trigger: "user signed up" });
 * simulate(flow, { trigger: { event: "order placed", properties: { amount: 20 } } });
 * simulate(flow, { trigger: { request: { body: { event: "ticket opened", distinct_id: "person-1" } } } });
 */
export type Trigger = string | SimulatedEvent | { request: SimulatedRequest } | { row: Properties };

/** A recurrence that starts a schedule or batch flow. */
export interface SimulatedSchedule {
  /** RFC 5545, such as `FREQ=WEEKLY;BYDAY=MO`. */
  rrule: string;
  /** The first occurrence counts from here. */
  startsAt: Moment;
  /** The zone whose wall-clock time occurrences keep. Default UTC. */
  timezone?: string;
  /** Values for variables, over the flow's defaults. */
  variables?: Properties;
  /** How many occurrences from the simulation's start on. Default 1. */
  occurrences?: number;
}

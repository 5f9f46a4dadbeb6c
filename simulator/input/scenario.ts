// What a simulation is given besides the flow: people, signals, time, chance and the outside world.
import type { FlowStatus, PropertyFilter } from "../../provider/schema/types";
import type { FlowSource } from "./source";

/**
 * A moment: an offset from the start (`"+2h"`, `"+1d 6h"`), an ISO text (without an offset it is UTC), a Date, or Unix milliseconds.
 *
 * @example
 * const events = [{ event: "project created", at: "+1d 6h" }];
 */
export type Moment = string | number | Date;

export type Properties = Record<string, unknown>;

/** Somebody whom the flow may run for. */
export interface Person {
  /** Id in PostHog. Default: derived from the distinct id. */
  id?: string;
  /** The id that events come with. Default `person-1`. */
  distinctId?: string;
  /** Further ids of the same person. */
  distinctIds?: readonly string[];
  properties?: Properties;
}

/** A group of the events' `$groups`, by the name of its type in `groups`. */
export interface Group {
  /** Index of the group type, 0 to 4. Default: the place in `groups`. */
  index?: number;
  key: string;
  properties?: Properties;
}

/** An event as it is ingested. Its `$set` and `$set_once` change the person at that moment. */
export interface SimulatedEvent {
  event: string;
  properties?: Properties;
  /** Default: the person's. */
  distinctId?: string;
  uuid?: string;
  /** When it was captured, where that is not when it arrives. */
  timestamp?: Moment;
}

/** A request to the flow's public URL (run time §1.4). */
export interface SimulatedRequest {
  /** Default POST; GET for a tracking pixel. */
  method?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  ip?: string;
}

/**
 * What starts the flow: the name of an event, an event, a request, a warehouse row, or nothing for schedule and batch triggers.
 * An event given to a webhook trigger counts as what the trigger's inputs would have made.
 */
export type Trigger = string | SimulatedEvent | { request: SimulatedRequest } | { row: Properties };

/** An event after the trigger, of the person or of one of the others. */
export type LaterEvent = SimulatedEvent & { at: Moment };

/** A change of the person that does not come with an event (run time §3.5). */
export interface PersonUpdate {
  at: Moment;
  set?: Properties;
  unset?: readonly string[];
  /** Whose. Default: the person's. */
  distinctId?: string;
}

/** A change of a group's properties. */
export interface GroupUpdate {
  at: Moment;
  /** Name of the group type. */
  group: string;
  set: Properties;
}

/** A change of the live flow while people are in it (run time §4.3, §4.4). */
export interface FlowEdit {
  at: Moment;
  /** The whole new definition. */
  flow?: FlowSource;
  status?: FlowStatus | "deleted";
  /** PostHog's `action_redirects`: deleted step to its successor. */
  redirects?: Readonly<Record<string, string>>;
}

/** A request as a function step makes it. */
export interface OutgoingRequest {
  step: string;
  /** The step's template, such as `template-webhook`. */
  template: string;
  /** Absent for templates other than `template-webhook`: what they send is their own program's. */
  url?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** The rendered inputs; secret ones are left out. */
  inputs: Record<string, unknown>;
  /** 1 for the first try. */
  attempt: number;
}

/** An answer: a status alone, or with a body. `status: 0` is a network failure. */
export type StubbedAnswer = number | { status?: number; body?: unknown };
/** Answers by step id or by beginning of the URL, or a function. What is not named answers 200 with `{}`. */
export type HttpStub = Readonly<Record<string, StubbedAnswer | readonly StubbedAnswer[]>> | ((request: OutgoingRequest) => StubbedAnswer | undefined);

/** What people have said about messages, and what is known about addresses (run time §3.9). */
export interface Preferences {
  /** Categories that the person opted out of; `all` is all marketing. */
  optedOut?: readonly string[] | "all";
  /** Addresses on the suppression list. */
  suppressed?: readonly string[];
  /** Addresses that are predicted undeliverable. */
  undeliverable?: readonly string[];
}

/** A recurrence that starts a schedule or batch flow (run time §7.1). */
export interface SimulatedSchedule {
  rrule: string;
  startsAt: Moment;
  timezone?: string;
  variables?: Properties;
  /** How many occurrences. Default 1. */
  occurrences?: number;
}

/** Behaviour of an older PostHog (run time §0.1): V1, V2 and V4. Default: the newest. */
export interface OlderBehaviour {
  /** V1: waits are re-checked every ten minutes and no event wakes them. */
  waitsPollEvery10Minutes?: boolean;
  /** V2: a step without `onError` stops the run when it fails. */
  errorsStopByDefault?: boolean;
  /** V4: shares are of 100, and what is missing goes to the last one. */
  splitOutOf100?: boolean;
}

/**
 * Everything that happens around a flow. All of it is optional: by default one person without properties triggers the flow on Monday 2026-01-05 at
 * 09:00 UTC, every request answers 200, and nothing else happens.
 *
 * @example
 * simulate(flow, { person: { properties: { email: "ada@example.com", plan: "free" } }, trigger: "user signed up", events: [{ event: "project created", at: "+2h" }] });
 */
export interface Scenario {
  person?: Person | null;
  /** Others whose events appear in `events`, and who belong to a batch audience. */
  others?: readonly Person[];
  /** Groups of the person, by the name of their type. Events without `$groups` get these. */
  groups?: Readonly<Record<string, Group>>;
  trigger?: Trigger;
  events?: readonly LaterEvent[];
  personUpdates?: readonly PersonUpdate[];
  groupUpdates?: readonly GroupUpdate[];
  /** Distinct ids that become the person's later: a merge re-keys runs and wakes them for a re-check (run time §3.5). */
  merges?: readonly { at: Moment; distinctId: string }[];
  edits?: readonly FlowEdit[];
  /** Cancels all runs, as the API does. */
  cancelAt?: Moment;
  /** Occurrences that start a schedule or batch flow. Default: one, at the start. */
  schedule?: SimulatedSchedule;
  /** The start. Default 2026-01-05T09:00:00Z, a Monday. */
  clock?: Moment;
  /** Where the simulation stops. Default: ten years after the start. */
  until?: Moment;
  /** Seed, or numbers from 0 up to 1. Default seed 1. */
  random?: number | (() => number);
  /** Values for variables, as a webhook's `$variables` or a batch job's. */
  variables?: Properties;
  http?: HttpStub;
  preferences?: Preferences;
  /** Ids of the cohorts that the person is in. */
  cohorts?: readonly number[];
  /** The project's test-account filters, which people who are no test accounts match. */
  testAccounts?: readonly PropertyFilter[];
  /** PostHog actions by id: whether an event matches. */
  actions?: Readonly<Record<string, (event: SimulatedEvent) => boolean>>;
  /** Ids of the sender integrations that are verified. Default: every one. */
  senders?: readonly number[];
  /** Channels for which the person has a device token. Default: all. */
  pushChannels?: readonly number[];
  /** When the flow was saved last: relative dates in filters count from then (run time §5.4). Default: the start. */
  savedAt?: Moment;
  /** The project's zone, in which relative dates are written down. Default UTC. */
  projectTimezone?: string;
  /** How soon after an edit of timing waiting runs are looked at again; `false`: only at their old time (run time §4.4). Default one minute. */
  sweep?: string | false;
  /** The store of masking counters is unreachable: every hit is masked (run time §1.5). */
  maskingStoreDown?: boolean;
  older?: OlderBehaviour;
  /** Whether a failing step ends the run when the step after it says `onError: "abort"`, as PostHog's worker does (run time §2.5, quirk). Default true. */
  abortQuirk?: boolean;
  /** Values for outputs of the definition, by keyed path. */
  outputs?: Readonly<Record<string, unknown>>;
}

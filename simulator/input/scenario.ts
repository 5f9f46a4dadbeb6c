// What a simulation needs in addition to the flow: people, signals, time, chance and the outside world.
import type { FlowStatus, PropertyFilter } from "../../definition/schema/types";
import type { ReadFlow } from "./flow";
import type { HttpStub } from "./http";
import type { Moment } from "./moment";
import type { Group, GroupUpdate, Person, PersonUpdate, Preferences, Properties, Sending } from "./people";
import type { LaterEvent, SimulatedEvent, SimulatedSchedule, Trigger } from "./signals";

/** A change of the live flow while people are in it. */
export interface FlowEdit<Flow = object> {
  /** When. */
  at: Moment;
  /** The whole new flow, written like the one that is simulated. */
  flow?: Flow;
  /** The flow is switched on or off, archived or deleted. */
  status?: FlowStatus | "deleted";
  /** PostHog's `action_redirects`: deleted step to its successor. */
  redirects?: Readonly<Record<string, string>>;
}

// Run time §0.1: V1, V2 and V4.
/** Behaviour of an older PostHog. Default: the newest. */
export interface OlderBehaviour {
  /** V1: waits are re-checked every ten minutes and no event wakes them. */
  waitsPollEvery10Minutes?: boolean;
  /** V2: a step without `onError` stops the run when it fails. */
  errorsStopByDefault?: boolean;
  /** V4: shares are of 100, and the last one gets what is missing. */
  splitOutOf100?: boolean;
}

/**
 * Everything that happens around a flow. Everything is optional: by default one person without properties triggers the flow on Monday 2026-01-05 at
 * 09:00 UTC, every request answers 200, and nothing else happens.
 *
 * @example
 * simulate(flow, { person: { properties: { email: "ada@example.com", plan: "free" } }, trigger: "user signed up", events: [{ event: "project created", at: "+2h" }] });
 */
export interface Scenario<Flow = object> {
  /** Who it is about; `null` for nobody. Default: somebody without properties. */
  person?: Person | null;
  /** Others whose events appear in `events`, and who belong to a batch audience. Default: none. */
  others?: readonly Person[];
  /** Groups of the person, by the name of their type. Events without `$groups` get these. Default: none. */
  groups?: Readonly<Record<string, Group>>;
  /** What starts the flow. Default: the event that an event trigger names; schedule and batch triggers need none, others throw without. */
  trigger?: Trigger;
  /** What comes later. Events that match the trigger start further runs. Default: none. */
  events?: readonly LaterEvent[];
  /** Changes of people that come with no event. Default: none. */
  personUpdates?: readonly PersonUpdate[];
  /** Changes of groups. Default: none. */
  groupUpdates?: readonly GroupUpdate[];
  /** Distinct ids that become the person's later: a merge re-keys runs and wakes them for a re-check. Default: none. */
  merges?: readonly { at: Moment; distinctId: string }[];
  /** Changes of the live flow. Default: none. */
  edits?: readonly FlowEdit<Flow>[];
  /** Cancels all runs, as the API does. Default: never. */
  cancelAt?: Moment;
  /** Occurrences that start a schedule or batch flow. Default: one, at the start. */
  schedule?: SimulatedSchedule;
  /** The start. Default 2026-01-05T09:00:00Z, a Monday. */
  clock?: Moment;
  /** Where the simulation stops. Default: ten years after the start. */
  until?: Moment;
  /** Seed, or numbers from 0 up to 1. Default seed 1. */
  random?: number | (() => number);
  /** Values for variables, as a webhook's `$variables` or a batch job's. Events and rows bring none in PostHog; given for these, they count all the same, with a warning. Default: none. */
  variables?: Properties;
  /** Answers to the requests of the flow's steps. Default: 200 with `{}`. */
  http?: HttpStub;
  /** Opt-outs, suppressed and undeliverable addresses. Default: none. */
  preferences?: Preferences;
  /** Whether e-mail is sent at once. Default: it is. */
  sending?: Sending;
  /** Ids of the cohorts that the person is in. Without it, a flow that needs one says so. */
  cohorts?: readonly number[];
  /** The project's test-account filters, which people who are no test accounts match. Without it, a flow that needs them says so. */
  testAccounts?: readonly PropertyFilter[];
  /** PostHog actions by id: whether an event matches. Without it, a flow that needs one says so. */
  actions?: Readonly<Record<string, (event: SimulatedEvent) => boolean>>;
  /** Ids of the sender integrations that are verified, or their addresses by id: a flow's own `from` address counts only on its sender's domain. Default: every one is verified, and such an address is on its domain. */
  senders?: readonly number[] | Readonly<Record<number, string>>;
  /** Channels for which people have a device token; a run without a person reaches no device. Without it, a flow that sends pushes says so, and every channel counts as having one. */
  pushChannels?: readonly number[];
  /** When the flow was saved last: relative dates in filters count from then. Without it, a flow that has some says so, and the start is taken. */
  savedAt?: Moment;
  /** The project's zone, in which relative dates are written down. Default UTC. */
  projectTimezone?: string;
  /** How soon after an edit of timing waiting runs are checked again; `false`: only at their old time. Default one minute. */
  sweep?: string | false;
  /** The store of masking counters is unreachable: every hit is masked. Default false. */
  maskingStoreDown?: boolean;
  /** Behaviour of an older PostHog. Default: the newest. */
  older?: OlderBehaviour;
  /** Whether a failing step ends the run when the step after it says `onError: "abort"`, as PostHog's worker does. Default true. */
  abortQuirk?: boolean;
  /** Values for outputs of the definition, by keyed path such as `actions.tell.config.inputs.url.value`. Default: none, and an output throws. */
  outputs?: Readonly<Record<string, unknown>>;
}

/** A scenario whose flows have been read. */
export type ReadScenario = Scenario<ReadFlow>;

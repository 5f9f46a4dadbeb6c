// The people and groups of a scenario, what changes them, and what PostHog knows about messages to them.
import type { Moment } from "./moment";

export type Properties = Record<string, unknown>;

/** Categories of messages that somebody opted out of, by id; `all` is all marketing. */
export type OptedOut = readonly string[] | "all";

/** A person that the flow may run for. */
export interface Person {
  /** Id in PostHog. Default: derived from the distinct id. */
  id?: string;
  /** The id that events come with. Default `person-1`, and for `others` `person-2` and so on. */
  distinctId?: string;
  /** Further ids of the same person. */
  distinctIds?: readonly string[];
  /** As PostHog knows them at the start. Default: none, so no `email` either. */
  properties?: Properties;
  /** Ids of the cohorts that the person is in. Default: the scenario's `cohorts` for its `person`; for others it is not known, and a flow that needs it says so. */
  cohorts?: readonly number[];
  /** What the person opted out of. Default: `preferences.optedOut` for the scenario's `person`, nothing for others. */
  optedOut?: OptedOut;
}

/** A group of the events' `$groups`, by the name of its type in `groups`. */
export interface Group {
  /** Index of the group type, 0 to 4. Default: its position in `groups`. */
  index?: number;
  /** Its key, as in `$groups`. */
  key: string;
  /** Default: none. */
  properties?: Properties;
}

/** A change of the person that does not come with an event. */
export interface PersonUpdate {
  /** When. */
  at: Moment;
  /** Properties that get these values. */
  set?: Properties;
  /** Properties that are removed. */
  unset?: readonly string[];
  /** The person is deleted; from the next wake on, a run no longer finds it. */
  deleted?: boolean;
  /** Whose change it is. Default: the person's. */
  distinctId?: string;
}

/** A change of a group's properties. Waiting runs see it at their next wake. */
export interface GroupUpdate {
  /** When. */
  at: Moment;
  /** Name of the group type. */
  group: string;
  /** Properties that get these values. */
  set: Properties;
}

/** What people have said about messages, and what is known about addresses. */
export interface Preferences {
  /** Categories that the person opted out of. Runs without a person, such as a schedule's, ask it for their recipient. Default: none. */
  optedOut?: OptedOut;
  /** Addresses on the suppression list; upper and lower case are one. One among recipient, `cc` or `bcc` keeps back the whole e-mail. Default: none. */
  suppressed?: readonly string[];
  /** Addresses that are predicted undeliverable and left out for it. PostHog does so for some projects only, and sends all the same for the others. Default: none. */
  undeliverable?: readonly string[];
  /** Marketing is sent without tracking opens and clicks: the recipient has not given the consent that the project requires. Default false. */
  untracked?: boolean;
}

/** The state of the project's e-mail. Default: e-mail is sent at once. */
export interface Sending {
  /** The project's e-mail is suspended: every step that sends is skipped. */
  suspended?: boolean;
  /** The flow's e-mail is paused: every step that sends is skipped. */
  paused?: boolean;
  /** How long the project's sending cap or a throttled provider holds each e-mail back, such as `"10m"`. Default: not at all. */
  heldBack?: string;
}

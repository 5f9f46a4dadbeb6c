// From a signal to a run (run time §1): trigger filter, masking, then a run that is queued for now.
import type { Dict } from "../../definition/canonical/values";
import type { Filters } from "../../definition/schema/types";
import type { FilterGlobals, KnownPerson, SignalEvent } from "../filters/globals";
import { matches } from "../filters/match";
import { iso } from "../input/moment";
import { uuidOf } from "../input/random";
import { NotSimulated } from "../not-simulated";
import type { StartAttempt } from "../result/run";
import { isMasked } from "./masking";
import { displayName, groupsOf } from "./people";
import { stateNow } from "./observer";
import { metric, statusOf } from "./record";
import type { RunState, World } from "./state";
import { planWake } from "./park";

/** A signal that may start a run. */
export interface StartSignal {
  event: SignalEvent;
  person: KnownPerson | undefined;
  /** In words, for the timeline. */
  words: string;
  personless: boolean;
  /** Whether masking applies to this kind of start (run time §1.1). */
  masked: boolean;
  /** Whether the trigger's filter is checked. */
  filtered: boolean;
  /** Values for variables; they lie over the defaults. */
  variables: Dict;
  /** Scheduled and batch starts bring complete values, so that falsy defaults survive. */
  complete: boolean;
  answer?: { status: number };
}

export function tryStart(world: World, signal: StartSignal): void {
  const note = (outcome: StartAttempt["outcome"], what: string, run?: number): void => {
    world.attempts.push({
      at: iso(world.now),
      outcome,
      what,
      ...(run === undefined ? {} : { run }),
      ...(signal.answer ? { answer: signal.answer } : {}),
    });
  };
  try {
    if (world.live.status !== "active") return note("inactive", `${signal.words}: the flow is not active`);
    const { event, person } = signal;
    if (signal.filtered)
      world.observer.onStart?.(stateNow({ event, person, groups: groupsOf(world, { event }), variables: {} }));
    const problem = signal.filtered ? notMatched(world, signal) : undefined;
    if (problem) {
      metric({ world }, { kind: "other", name: problem.error ? "filtering_failed" : "filtered" });
      return note(
        problem.error ? "filtering_failed" : "filtered",
        `${signal.words}: the trigger's filter ${problem.error ? `fails (${problem.error})` : "does not match"}`,
      );
    }
    if (signal.masked && isMasked(world, signal.event, signal.person)) {
      metric({ world }, { kind: "other", name: "masked" });
      return note("masked", `${signal.words}: masked`);
    }
    noteDoubts(world, signal);
    metric({ world }, { kind: "other", name: "triggered" });
    if (signal.answer) metric({ world }, { kind: "billing", name: "billable_invocation" });
    const run = newRun(world, signal);
    planWake(world, run, world.now);
    note("started", signal.words, run.result.number);
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    world.notes.add(error.note);
    note("not_simulated", `${signal.words}: ${error.message}`);
  }
}

/** What PostHog may do differently with this start. */
function noteDoubts(world: World, { event, answer, complete, variables }: StartSignal): void {
  const delivery = JSON.stringify([event.uuid, event.distinctId]);
  if (world.delivered.has(delivery)) world.notes.add({ kind: "duplicate_delivery", uuid: event.uuid });
  world.delivered.add(delivery);
  if (!complete && answer === undefined && Object.keys(variables).length > 0)
    world.notes.add({ kind: "given_variables", variables: Object.keys(variables) });
}

/** Why the trigger does not take a signal; undefined where it does. */
export function notMatched(
  world: World,
  { event, person }: Pick<StartSignal, "event" | "person">,
): { error?: string } | undefined {
  const { trigger } = world.live.model;
  const filters = "filters" in trigger ? trigger.filters : undefined;
  const globals: FilterGlobals = {
    event,
    person,
    groups: groupsOf(world, { event }),
    variables: {},
    cohorts: undefined,
    now: world.now,
    internal: trigger.type === "internal-event",
  };
  const result = matches(filters as Filters | undefined, globals, world.context);
  return result.matched ? undefined : result.error === undefined ? {} : { error: result.error };
}

/** A run that has not been woken yet. */
export function newRun(
  world: World,
  {
    event,
    person,
    words,
    personless,
    variables,
    complete,
  }: Pick<StartSignal, "event" | "person" | "words" | "personless" | "variables" | "complete">,
): RunState {
  const number = world.runs.length;
  const values = startVariables(world, variables, complete);
  const id = uuidOf(world.random);
  const run: RunState = {
    result: {
      number,
      id,
      ...(person ? { person: person.distinctId } : {}),
      startedBy: words,
      started: iso(world.now),
      steps: [],
      messages: [],
      skipped: [],
      requests: [],
      variables: values,
      end: { how: "still_running", status: statusOf("still_running"), at: iso(world.now), after: 0, reason: "" },
      log: [],
      metrics: [],
      conversions: [],
    },
    event,
    personless,
    personId: personless ? undefined : person?.id,
    variables: values,
    startedAt: world.now,
    startedWords: `${person && !personless ? `for [Person:${person.id}|${displayName(person)}] ` : ""}on [Event:${event.uuid}|${event.event}|${event.timestamp}]`,
    fresh: true,
    position: undefined,
    enteredAt: world.now,
    visit: undefined,
    parkedStep: undefined,
    parkedUntil: undefined,
    wakeToken: 0,
    wakeFlag: undefined,
    conversionFlag: false,
    storedUntil: undefined,
    pending: undefined,
    watch: undefined,
    canceled: false,
    ended: false,
    burst: 0,
    burstAt: Number.NaN,
  };
  world.runs.push(run);
  return run;
}

/** Declared defaults, overlaid by what was given; keys that nobody declared are kept (run time §1.3). */
function startVariables(world: World, given: Dict, complete: boolean): Dict {
  const values: Dict = {};
  for (const [key, variable] of Object.entries(world.live.model.definition.variables ?? {})) {
    const value = variable.default ?? null;
    values[key] = complete ? value : value || null;
  }
  return { ...values, ...given };
}

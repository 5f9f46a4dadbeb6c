// Plays a change of a flow on people who are in it: the same days once without and once with the change, and what became of each run that was under way.
import type { Dict } from "../../definition/canonical/values";
import { FATES, type EffectKind, type Fate } from "../../definition/graph/effects";
import type { Effect } from "../../definition/graph/in-flight";
import { peopleEffects } from "../../provider/flow/in-flight";
import { simulate, type Run, type Simulation } from "../../testing";
import { random } from "../support/random-flow";
import { randomChange } from "./changes";
import { randomDefinition, randomScenario } from "./flows";

/** Ends before an exit. */
const EARLY: readonly string[] = ["conversion", "trigger_not_matched", "workflow_changed", "failed", "canceled"];

/** A request that is tried again takes seconds, which nobody waits for. */
const RETRIES_MS = 600_000;

export interface Played {
  seed: number;
  before: Dict;
  after: Dict;
  fields: string[];
  announced: Effect[];
  /** Runs that were under way. */
  runs: number;
  left: number;
  moved: number;
  stayed: number;
  retimed: number;
  /** What happened to somebody and was not announced, in words. */
  unannounced: string[];
  /** Announced kinds that came true. */
  happened: Set<EffectKind>;
  /** Somebody else starts than before, and no field says so. */
  unsaidStart: boolean;
}

export function play(seed: number): Played {
  const r = random(seed);
  const before = randomDefinition(r);
  const type = triggerTypeOf(before);
  const { after, fields, starts } = randomChange(r, before);
  const scenario = randomScenario(r, type);
  // No signal comes at this minute.
  const at = `+${r.int(48) * 60 + 7}m`;
  const [was, is] = [
    simulate(before, scenario),
    simulate(before, {
      ...scenario,
      edits: [
        {
          at,
          ...(after["status"] === undefined ? {} : { status: after["status"] as "draft" }),
          flow: after,
          redirects: redirects(before, after),
        },
      ],
    }),
  ];
  const announced = peopleEffects({ ...before, status: "active" }, after);
  const edited = new Date(Date.parse(was.started) + minutes(at)).toISOString();
  const played: Played = {
    seed,
    before,
    after,
    fields,
    announced,
    runs: 0,
    left: 0,
    moved: 0,
    stayed: 0,
    retimed: 0,
    unannounced: [],
    happened: new Set(),
    unsaidStart: false,
  };
  for (const [i, run] of was.runs.entries()) {
    if (run.started >= edited || (run.end.at < edited && run.end.how !== "still_running")) continue;
    played.runs += 1;
    judge(played, run, is.runs[i]!);
  }
  const comers = (of: Simulation): string =>
    JSON.stringify(of.attempts.filter((attempt) => attempt.at > edited).map(({ outcome }) => outcome));
  played.unsaidStart = !starts && comers(was) !== comers(is) && !JSON.stringify(before).includes('"value":"-');
  return played;
}

const minutes = (span: string): number => Number(/\d+/.exec(span)![0]) * 60_000;
const triggerTypeOf = (flow: Dict): string =>
  ((((flow["actions"] as Dict)["start"] as Dict)["config"] as Dict)["type"] as string) ?? "";

/** What PostHog notes for steps that are gone: the next one along the old continue edges that is still there (API §2.3 row 23). */
function redirects(before: Dict, after: Dict): Record<string, string> {
  const [was, is] = [before["actions"], after["actions"]] as Record<string, { next?: string }>[];
  const loose = (
    (before["leftover"] as { edges?: { from: string; to: string; type: string }[] } | undefined)?.edges ?? []
  ).filter(({ type }) => type === "continue");
  const next = (id: string): string | undefined => was![id]?.next ?? loose.find(({ from }) => from === id)?.to;
  const found: Record<string, string> = {};
  for (const id of Object.keys(was!)) {
    if (is![id]) continue;
    const seen = new Set([id]);
    let to = next(id);
    while (to !== undefined && !is![to] && !seen.has(to)) {
      seen.add(to);
      to = next(to);
    }
    if (to !== undefined && is![to]) found[id] = to;
  }
  return found;
}

/** Where two courses of one run part. */
interface Parting {
  /** The last step that both came to. */
  at: string | undefined;
  /** They go on at different steps. */
  moved: boolean;
  /** Before that, some step was left at another time. */
  retimed: boolean;
}

function parting(was: Run, is: Run): Parting {
  let retimed = false;
  for (let i = 0; ; i += 1) {
    const [a, b] = [was.steps[i], is.steps[i]];
    if (a === undefined || b === undefined) return { at: was.steps[i - 1]?.id, moved: false, retimed };
    if (a.id !== b.id) return { at: was.steps[i - 1]?.id, moved: true, retimed };
    if (
      [a, b].every(({ left, outcome }) => left !== undefined && outcome !== "ended") &&
      Math.abs(a.leftAfter! - b.leftAfter!) > RETRIES_MS
    )
      retimed = true;
  }
}

/** By what a run that ends early has been announced. */
const CAUSES: Readonly<Record<string, readonly EffectKind[]>> = {
  conversion: ["goal", "refixed", "meets"],
  trigger_not_matched: ["mismatch", "refixed", "meets"],
  canceled: ["off"],
  workflow_changed: ["ejected", "unrouted"],
  failed: ["aborts", "undated", "fails", "unrouted", "unsure"],
};

function judge(played: Played, was: Run, is: Run): void {
  const { announced } = played;
  const has = (...fates: Fate[]): boolean => announced.some(({ kind }) => fates.includes(FATES[kind]));
  const mark = (...kinds: readonly EffectKind[]): boolean => {
    const found = announced.filter(({ kind }) => kinds.includes(kind));
    for (const { kind } of found) played.happened.add(kind);
    return found.length > 0;
  };
  const { at, moved, retimed } = parting(was, is);
  const [wasEarly, isEarly] = [was.end, is.end].map(({ how }) => EARLY.includes(how));
  const left = isEarly! && (!wasEarly || is.end.after < was.end.after - RETRIES_MS);
  const stayed = wasEarly! && (!isEarly || is.end.after > was.end.after + RETRIES_MS);
  if (retimed) played.retimed += 1;
  // Who wakes at another time, or goes another way, meets the world as it is there and then.
  const second = retimed || moved;
  if (retimed) {
    for (const kind of ["retimed", "paced", "outlasted", "resorted"] as const) mark(kind);
    if (!has("time", "moves", "outcome", "leaves")) played.unannounced.push(`retimed at ${at}`);
  }
  if (moved) {
    played.moved += 1;
    const here = announced.filter(
      (effect) => effect.id === at && ["moves", "outcome", "leaves"].includes(FATES[effect.kind]),
    );
    for (const { kind } of here) played.happened.add(kind);
    if (here.length === 0 && !(retimed && has("time", "moves", "outcome")) && !mark("results") && !mark("moved"))
      played.unannounced.push(
        `moved at ${at}, from ${was.steps.map(({ id }) => id).join(" ")} to ${is.steps.map(({ id }) => id).join(" ")}`,
      );
  }
  if (left) {
    played.left += 1;
    // What ends the run is then a step that it would not have come to, or not with this result.
    if (!mark(...CAUSES[is.end.how]!) && !(is.end.how === "failed" && second && has("time", "moves", "outcome")))
      played.unannounced.push(`left by ${is.end.how} at ${is.end.step}: ${is.end.reason}`);
  }
  if (stayed) {
    played.stayed += 1;
    mark("remains", "recovers");
    if (announced.length === 0)
      played.unannounced.push(`stayed, instead of ${was.end.how} at ${was.end.step}: ${was.end.reason}`);
  }
}

export interface Totals {
  changes: number;
  runs: number;
  left: number;
  moved: number;
  stayed: number;
  retimed: number;
  /** Changes in which each kind was announced, and in how many of them it came true for one of the people. */
  kinds: Map<EffectKind, { announced: number; happened: number }>;
  fields: Map<string, number>;
  unannounced: Played[];
  unsaidStarts: Played[];
}

export function playAll(from: number, changes: number): Totals {
  const totals: Totals = {
    changes,
    runs: 0,
    left: 0,
    moved: 0,
    stayed: 0,
    retimed: 0,
    kinds: new Map(),
    fields: new Map(),
    unannounced: [],
    unsaidStarts: [],
  };
  for (let seed = from; seed < from + changes; seed += 1) {
    const played = play(seed);
    for (const key of ["runs", "left", "moved", "stayed", "retimed"] as const) totals[key] += played[key];
    if (played.runs > 0) {
      for (const kind of new Set(played.announced.map((effect) => effect.kind))) {
        const count = totals.kinds.get(kind) ?? { announced: 0, happened: 0 };
        totals.kinds.set(kind, {
          announced: count.announced + 1,
          happened: count.happened + (played.happened.has(kind) ? 1 : 0),
        });
      }
    }
    for (const field of played.fields) totals.fields.set(field, (totals.fields.get(field) ?? 0) + 1);
    if (played.unannounced.length > 0) totals.unannounced.push(played);
    if (played.unsaidStart) totals.unsaidStarts.push(played);
  }
  return totals;
}

// Our story of a step beside the worker's: what is the same, what is not, and what cannot be compared.
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { SECRET } from "../../definition/canonical/secrets";
import { MINUTE_MS } from "../../definition/lengths";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { stepTemplate } from "../../definition/canonical/step-template";
import { notSimulatedText, type NotSimulatedNote } from "../../simulator/notes";
import type { OneStepResult } from "../../simulator/one-step";
import { callOf, isKnownProgram, ourParts, theirParts, type Parts } from "./calls";
import type { WorkerStory } from "./worker-answer";

/** What a step does next, as both sides tell it. */
export interface Outcome {
  how: "moves" | "pauses" | "ends" | "fails" | "stays out" | "stays" | "sends nothing" | "sends" | "refused";
  /** The step that follows. */
  to?: string;
  /** ISO in UTC. */
  until?: string;
  /** The error, in the words of whoever failed. */
  error?: string;
}

/** One thing that differs. */
export interface Difference {
  /** `outcome`, `until`, or a part of what is sent, such as `subject` or `body.plan`. */
  part: string;
  ours: unknown;
  posthog: unknown;
}

/** Why a step, or a part of it, is not compared. */
export type Untested =
  | { why: "kind"; type: string }
  | { why: "random" }
  | { why: "held back"; lines: string[] }
  | { why: "cut" }
  | { why: "unreadable" }
  | { why: "unknown here"; notes: string[] }
  | { why: "no matching" }
  | { why: "unchecked"; error: string }
  | { why: "worker"; error: string }
  | { why: "refused" }
  | { why: "budget" }
  | { why: "limit"; error: string };

/** What came of the comparison. */
export type Comparison =
  | { verdict: "agrees"; open: Open[] }
  | { verdict: "differs"; differences: Difference[] }
  | { verdict: "untested"; untested: Untested };

/** What of a step that agrees was left out: what its program sends, parts that depend on the time or on chance, the trigger's filter. */
export type Open =
  { open: "program"; template: string } | { open: "time"; part: string } | { open: "trigger"; type: string };

export interface Compared {
  /** In keyed form. */
  definition: Dict;
  step: string;
  /** The same step a little before the request and a little after it, with another seed: what differs between the two depends on the time or on chance. */
  ours: readonly [OneStepResult, OneStepResult];
  theirs: WorkerStory;
  /** When it was asked; Unix milliseconds. */
  at: number;
}

/** What is not known here of a step, and yet does not decide what a test run shows of it. */
const HARMLESS: ReadonlySet<NotSimulatedNote["kind"]> = new Set([
  "utm_tags",
  "device_tokens",
  "sender_domain",
  "captured_event",
  "step_result",
  "failed_step_result",
  "program",
  "shared_address",
  "broadcast_address",
]);

export function compare(compared: Compared): Comparison {
  const { definition, step: id, ours, theirs } = compared;
  const step = own(definition["actions"], id);
  const found = isSplit(step) ? splitComparison(compared) : (heldBack(compared, step) ?? compareStep(compared, step));
  const notes = ours[0].notes.filter(({ kind }) => !HARMLESS.has(kind));
  // Where it is not known here what comes of it, a difference is none of the flow's.
  if (found.verdict === "differs" && notes.length > 0)
    return { verdict: "untested", untested: { why: "unknown here", notes: notes.map(notSimulatedText) } };
  if (
    found.verdict === "differs" &&
    own(step, "type") === "wait_until_condition" &&
    !theirs.isMatchedAgainst &&
    theirs.error === undefined
  )
    return { verdict: "untested", untested: { why: "no matching" } };
  return found;
}

const isSplit = (step: unknown): boolean => own(step, "type") === "random_cohort_branch";

/** Whom chance puts where is not compared; that it puts them somewhere where the flow goes on is. */
function splitComparison(compared: Compared): Comparison {
  const { definition, step: id, theirs } = compared;
  const step = own(definition["actions"], id);
  const branches = own(step, "branches");
  const targets = Array.isArray(branches) ? branches : [];
  const isThere = theirs.error === undefined && targets.includes(theirs.next);
  if (isThere && new Set(targets).size > 1) return { verdict: "untested", untested: { why: "random" } };
  return outcomeComparison(compared, outcomeOf(theirs, step, id));
}

/** PostHog knows recipients that get nothing: that is no difference of the flow. */
function heldBack(
  { ours: [{ how, to, inputs, isFiltered }], theirs }: Compared,
  step: unknown,
): Comparison | undefined {
  const isMessage = stepKindOf(own(step, "type"))?.channel !== undefined;
  const isHeld =
    isMessage &&
    how === "moves" &&
    inputs !== undefined &&
    !isFiltered &&
    theirs.calls.length === 0 &&
    theirs.error === undefined &&
    !theirs.isFiltered &&
    theirs.next === to &&
    theirs.lines.length > 0;
  return isHeld ? { verdict: "untested", untested: { why: "held back", lines: theirs.lines } } : undefined;
}

function compareStep(compared: Compared, step: unknown): Comparison {
  const {
    step: id,
    ours: [one, other],
    theirs,
    definition,
  } = compared;
  const outcome = outcomeOf(theirs, step, id);
  // A mocked call goes through whatever is in it; the worker looks at it only where it makes it.
  if (one.how === "fails" && one.inputs !== undefined && outcome.how === "moves" && theirs.calls.length > 0)
    return { verdict: "untested", untested: { why: "unchecked", error: one.error ?? "" } };
  const found = outcomeComparison(compared, outcome);
  if (found.verdict !== "agrees") return found;
  const template = stepTemplate(step);
  if (typeof template !== "string" || own(step, "type") === "trigger") return triggerNote(definition, id);
  if (one.how !== "moves") return found;
  return sendingComparison({ template, step, one, other, theirs });
}

/** Only the filter of an event trigger is looked at in a test run. */
function triggerNote(definition: Dict, id: string): Comparison {
  const step = own(definition["actions"], id);
  const type = own(own(step, "config"), "type");
  return {
    verdict: "agrees",
    open: own(step, "type") === "trigger" && type !== "event" ? [{ open: "trigger", type: String(type) }] : [],
  };
}

/** What the worker did with the step. */
function outcomeOf(theirs: WorkerStory, step: unknown, id: string): Outcome {
  const { status, next, error, pausesUntil } = theirs;
  const type = own(step, "type");
  const to = next === undefined || next === id ? {} : { to: next };
  if (error !== undefined || status === "error") return { how: "fails", ...to, error: error ?? "" };
  if (type === "trigger" && (status === "skipped" || next === id)) return { how: "stays out" };
  if (type === "exit" && (next === id || next === undefined)) return { how: "ends" };
  // An older worker names the step after a delay, and waits before it.
  if (pausesUntil !== undefined) return { how: "pauses", until: new Date(pausesUntil).toISOString() };
  return next === id || next === undefined ? { how: "stays" } : { how: "moves", ...to };
}

/** So far the worker's clock may be from this one, and its answer from its question. */
const TOLERANCE_MS = 2 * MINUTE_MS;
/** A wait looks again after so long, however long it may last. */
const LOOKS_AGAIN_MS = 10 * MINUTE_MS;

function outcomeComparison({ definition, step, ours, at }: Compared, theirs: Outcome): Comparison {
  const isWait = own(own(definition["actions"], step), "type") === "wait_until_condition";
  const [first, second] = ours.map((mine) => outcomeDifference(ourOutcome(mine), theirs, isWait ? at : undefined));
  // Both moments are right: the worker's own is between them.
  return first === undefined || second === undefined
    ? { verdict: "agrees", open: [] }
    : { verdict: "differs", differences: [first] };
}

/** @param lookedAt When a wait was looked at: the worker looks again after a while, and says that it pauses until then. */
function outcomeDifference(ours: Outcome, theirs: Outcome, lookedAt: number | undefined): Difference | undefined {
  if (ours.how !== theirs.how || ours.to !== theirs.to) return { part: "outcome", ours, posthog: theirs };
  if (theirs.until === undefined || ours.until === undefined) return undefined;
  const until = Date.parse(theirs.until);
  const isNear = (instant: number): boolean => Math.abs(until - instant) <= TOLERANCE_MS;
  const expected = Date.parse(ours.until);
  const isLook = lookedAt !== undefined && until < expected && isNear(lookedAt + LOOKS_AGAIN_MS);
  return isNear(expected) || isLook ? undefined : { part: "until", ours: ours.until, posthog: theirs.until };
}

const ourOutcome = ({ how, to, until, error }: OneStepResult): Outcome => ({
  how: how === "unknown" ? "stays" : how,
  ...(to === undefined ? {} : { to }),
  ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  ...(error === undefined ? {} : { error }),
});

interface Sending {
  template: string;
  step: unknown;
  one: OneStepResult;
  other: OneStepResult;
  theirs: WorkerStory;
}

function sendingComparison({ template, step, one, other, theirs }: Sending): Comparison {
  const sends = (isSent: boolean): Outcome => ({ how: isSent ? "sends" : "sends nothing" });
  const isSent = one.inputs !== undefined && !one.isFiltered;
  if (isSent === theirs.isFiltered)
    return {
      verdict: "differs",
      differences: [{ part: "outcome", ours: sends(isSent), posthog: sends(!theirs.isFiltered) }],
    };
  if (!isSent) return { verdict: "agrees", open: [] };
  if (!isKnownProgram(template)) return { verdict: "agrees", open: [{ open: "program", template }] };
  const call = callOf(template, theirs.calls);
  if (call === undefined)
    return { verdict: "differs", differences: [{ part: "outcome", ours: sends(true), posthog: sends(false) }] };
  if (call.isCut) return { verdict: "untested", untested: { why: "cut" } };
  if (call.args === undefined) return { verdict: "untested", untested: { why: "unreadable" } };
  const isSigned = own(own(own(step, "config"), "inputs"), "signing_secret") !== undefined;
  const posthog = leavesOf(theirParts(template, call.args));
  const mine = leavesOf(ourParts(template, one.inputs!));
  const later = leavesOf(ourParts(template, other.inputs ?? {}));
  const differences: Difference[] = [];
  const open: Open[] = [];
  for (const part of new Set([...mine.keys(), ...posthog.keys()])) {
    const value = mine.get(part);
    if (value !== later.get(part)) open.push({ open: "time", part });
    // PostHog signs what it sends with a header of its own.
    else if (isSigned && value === undefined && part.startsWith("headers.")) continue;
    else if (!isSame(value, posthog.get(part)))
      differences.push({ part, ours: value ?? null, posthog: posthog.get(part) ?? null });
  }
  return differences.length > 0 ? { verdict: "differs", differences } : { verdict: "agrees", open };
}

/** All texts and numbers of what is sent, by their path. What is absent, null or empty is left out. */
function leavesOf(parts: Parts): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((item, i) => walk(item, `${path}[${i}]`));
    else if (isDict(value))
      for (const [key, item] of Object.entries(value)) walk(item, path === "" ? key : `${path}.${key}`);
    else if (value !== undefined && value !== null && value !== "") leaves.set(path, value);
  };
  walk(parts, "");
  return leaves;
}

/** Where a text has what only PostHog knows: links to unsubscribe, to the workflow, and credentials. */
const HOLES =
  /https:\/\/unsubscribe\.invalid\/[^\s"'<>)\]]*|https:\/\/posthog\.invalid\/workflows\/[^\s"'<>)\]]*|\[secret\]/g;
/** What the worker writes for a credential that it knows. */
const REDACTED = "***REDACTED***";
/** What may be in a hole. */
const FILLING = /^[^\s"'<>]+$/;

function isSame(ours: unknown, theirs: unknown): boolean {
  if (typeof ours !== "string" || typeof theirs !== "string") return ours === theirs;
  if (ours === theirs) return true;
  const parts = ours.split(HOLES);
  if (parts.length === 1) return false;
  let rest = theirs.replaceAll(REDACTED, SECRET);
  for (const [i, part] of parts.entries()) {
    const at = i === parts.length - 1 && part === "" ? rest.length : rest.indexOf(part);
    if (at === -1 || (i === 0 ? at !== 0 : !FILLING.test(rest.slice(0, at)))) return false;
    rest = rest.slice(at + part.length);
  }
  return rest === "";
}

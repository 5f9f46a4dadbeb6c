// Requests and their answers, from the scenario; what may pass is tried three times, with a pause that grows (run time §3.8).
import type { HttpStub, OutgoingRequest, StubbedAnswer } from "../input/http";
import type { World } from "../world/state";
import { park, type StepResult, type StepRun } from "./step";

const MAX_ATTEMPTS = 3;
/** PostHog adds up to as much again by chance, which is left out here: a test can say when a try comes. */
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** 0 means no answer at all. */
const RETRIED: ReadonlySet<number> = new Set([0, 408, 429, 500, 502, 503, 504]);

export interface Answer {
  status: number;
  body: unknown;
}

/** One try. While further ones are to come, the run parks; each of them is a separate wake. */
export function tried(
  { world }: Pick<StepRun, "world">,
  request: Omit<OutgoingRequest, "attempt">,
  attempt: number,
): { answer: Answer; again?: StepResult } {
  const { status, body } = answerTo(world, { ...request, attempt });
  const answer = { status: status === 0 ? 500 : status, body };
  if (!RETRIED.has(status) || attempt >= MAX_ATTEMPTS) return { answer };
  return {
    answer,
    again: park(
      world.now + Math.min(PAUSE_MS * attempt, MAX_PAUSE_MS),
      `tries again: ${status === 0 ? "no answer" : `the answer was ${status}`}`,
    ),
  };
}

/** What the outside world says to a request. */
export function answerTo(world: World, request: OutgoingRequest): Answer {
  const answer = stubbed(world, world.scenario.http, request);
  return typeof answer === "number"
    ? { status: answer, body: {} }
    : { status: answer?.status ?? 200, body: read(answer?.body ?? {}) };
}

/** What comes is a text, which PostHog reads as JSON where it is that. */
function read(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function stubbed(world: World, stub: HttpStub | undefined, request: OutgoingRequest): StubbedAnswer | undefined {
  if (stub === undefined) return undefined;
  if (typeof stub === "function") return stub(request);
  const keys = Object.keys(stub).filter((key) => key === request.step || request.url?.startsWith(key) === true);
  // The step itself, else the longest beginning of the URL.
  const key = keys.find((candidate) => candidate === request.step) ?? keys.sort((a, b) => b.length - a.length)[0];
  const answers = key === undefined ? undefined : stub[key];
  if (key === undefined || !Array.isArray(answers)) return answers as StubbedAnswer | undefined;
  const given = world.answersGiven.get(key) ?? 0;
  world.answersGiven.set(key, given + 1);
  return (answers as readonly StubbedAnswer[])[Math.min(given, answers.length - 1)];
}

// Requests and their answers, from the scenario; what may pass is tried three times, with a pause that grows (run time §3.8).
import type { HttpStub, OutgoingRequest, StubbedAnswer } from "../input/http";
import type { World } from "../world/state";
import { park, type StepResult, type StepRun } from "./step";

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** Which statuses are tried again is known only roughly (run time §10, 5). */
const isRetriable = (status: number): boolean => status === 0 || status === 429 || status >= 500;

export interface Answer {
  status: number;
  body: unknown;
}

/** One try. While further ones are to come, the run parks; each of them is a wake of its own. */
export function tried({ world, id }: Pick<StepRun, "world" | "id">, request: Omit<OutgoingRequest, "attempt">, attempt: number): { answer: Answer; again?: StepResult } {
  const { status, body } = answerTo(world, { ...request, attempt });
  const answer = { status: status === 0 ? 500 : status, body };
  if (!isRetriable(status) || attempt >= MAX_ATTEMPTS) return { answer };
  world.notes.add(`how soon exactly a failing request is tried again, and after which answers: after no answer, 429 and 5xx here, in ${PAUSE_MS / 1000} s and then ${(2 * PAUSE_MS) / 1000} s (${id})`);
  return { answer, again: park(world.now + Math.min(PAUSE_MS * attempt, MAX_PAUSE_MS), `tries again: ${status === 0 ? "no answer" : `the answer was ${status}`}`) };
}

/** What the outside world says to a request. */
export function answerTo(world: World, request: OutgoingRequest): Answer {
  const answer = stubbed(world, world.scenario.http, request);
  return typeof answer === "number" ? { status: answer, body: {} } : { status: answer?.status ?? 200, body: answer?.body ?? {} };
}

function stubbed(world: World, stub: HttpStub | undefined, request: OutgoingRequest): StubbedAnswer | undefined {
  if (stub === undefined) return undefined;
  if (typeof stub === "function") return stub(request);
  const keys = Object.keys(stub).filter((key) => key === request.step || request.url?.startsWith(key) === true);
  // The step itself, else the longest beginning of the URL.
  const key = keys.find((candidate) => candidate === request.step) ?? keys.sort((a, b) => b.length - a.length)[0];
  const answers = key === undefined ? undefined : stub[key];
  if (key === undefined || !Array.isArray(answers)) return answers as StubbedAnswer | undefined;
  const asked = world.asked.get(key) ?? 0;
  world.asked.set(key, asked + 1);
  return (answers as readonly StubbedAnswer[])[Math.min(asked, answers.length - 1)];
}

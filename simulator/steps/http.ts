// Answers of the outside world, from the scenario (run time §3.8). Tries take no virtual time here: PostHog pauses a second or two between them.
import type { HttpStub, OutgoingRequest, StubbedAnswer } from "../input/scenario";
import type { World } from "../world/state";

export const MAX_ATTEMPTS = 3;

/** Which statuses are tried again is known only roughly (run time §10, 5). */
const isRetriable = (status: number): boolean => status === 0 || status === 429 || status >= 500;

export interface Answer {
  status: number;
  body: unknown;
  attempts: number;
}

export function answered(world: World, request: Omit<OutgoingRequest, "attempt">): Answer {
  let answer = { status: 200, body: {} as unknown };
  for (let attempt = 1; ; attempt += 1) {
    answer = shaped(answerOf(world, world.scenario.http, { ...request, attempt }));
    if (!isRetriable(answer.status) || attempt === MAX_ATTEMPTS) return { status: answer.status === 0 ? 500 : answer.status, body: answer.body, attempts: attempt };
  }
}

const shaped = (answer: StubbedAnswer | undefined): { status: number; body: unknown } =>
  typeof answer === "number" ? { status: answer, body: {} } : { status: answer?.status ?? 200, body: answer?.body ?? {} };

function answerOf(world: World, stub: HttpStub | undefined, request: OutgoingRequest): StubbedAnswer | undefined {
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

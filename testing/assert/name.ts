// How tests name steps, branches and ends: by id or by title, whichever reads better.
import type { Run, StepVisit } from "../../simulator/result/run";
import type { Message, SentRequest } from "../../simulator/result/sent";
import type { Simulation } from "../../simulator/result/simulation";

const equal = (a: string | undefined, b: string): boolean => a !== undefined && a.toLowerCase() === b.toLowerCase();

/** A message by its step's id or title, or by its subject or a part of it. */
export const isMessage =
  (name: string) =>
  (message: Message): boolean =>
    message.step === name || equal(message.stepName, name) || message.subject?.includes(name) === true;

/** A request by its step's id or title, or by the beginning of its URL. */
export const isRequest =
  (name: string) =>
  (request: SentRequest): boolean =>
    request.step === name || equal(request.stepName, name) || request.url?.startsWith(name) === true;

export const isStep =
  (name: string) =>
  (visit: StepVisit): boolean =>
    visit.id === name || equal(visit.name, name);

const OTHERWISE = ["next", "otherwise", "timeout", "timed out"];

/** A branch by its name, its index, the step it leads to, `matched`, or for the continue edge `otherwise`, `next` or `timed out`. */
export function isBranch(visit: StepVisit, branch: string | number): boolean {
  if (typeof branch === "number") return visit.branch === branch;
  if (equal(visit.branchName, branch) || visit.to === branch) return true;
  if (branch === "matched") return visit.outcome === "matched";
  return OTHERWISE.includes(branch) && visit.branch === undefined && visit.to !== undefined;
}

/** An end by its kind, or by the id or title of the step where it was. */
export function isEnd(run: Pick<Run, "end" | "steps">, end: string): boolean {
  const last = run.steps[run.steps.length - 1];
  return (
    run.end.how === end || run.end.step === end || (run.end.how === "exit" && last !== undefined && isStep(end)(last))
  );
}

export const visitsOf = ({ runs }: Simulation): StepVisit[] => runs.flatMap(({ steps }) => steps);

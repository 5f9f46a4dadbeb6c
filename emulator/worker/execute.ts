/** Makes the run of one step, and puts the worker's answer together. */
import { loadHog } from "../hog/parser";
import { isObject, type JsonObject } from "../json";
import type { Templates } from "../templates";
import { filterGlobals } from "./globals";
import { linkTo, nextStep, note, stepById, stepsOf, type Outcome, type Run } from "./run";
import { HANDLERS, isSkipped, noteMatch } from "./steps";
import { storeResult } from "./variables";

export interface TestRun {
  /** Content of the flow, secrets in clear, and its name; empty for one that is stored nowhere and was not sent. */
  flow: JsonObject;
  flowId: string | undefined;
  projectId: string;
  timezone: string;
  siteUrl: string;
  templates: Templates;
  globals: JsonObject;
  /** Default: the trigger. */
  stepId: string | undefined;
  mocked: boolean;
  /** Milliseconds since the epoch. */
  now: number;
  random(): number;
}

/** What the worker answers. */
export interface TestAnswer {
  nextActionId?: string | null;
  status: "success" | "error" | "skipped";
  errors: string[];
  logs: JsonObject[];
  variables: JsonObject;
  execResult: unknown;
}

export async function executeStep(test: TestRun): Promise<TestAnswer> {
  const { flow, stepId, now } = test;
  const hog = await loadHog();
  const variables = { ...defaultsOf(flow.variables), ...(isObject(test.globals.variables) && test.globals.variables) };
  const globals = filterGlobals({ ...test.globals, variables });
  const run: Run = {
    ...test,
    hog,
    variables,
    filters: { hog, globals, now, timezone: test.timezone },
    eventMatched: false,
    log: [],
    callLog: [],
  };
  const id: unknown = stepId ?? stepsOf(flow).find((step) => step.type === "trigger")?.id;
  const ended = execute(run, id, stepId !== undefined);
  return {
    ...(ended.at === undefined ? {} : { nextActionId: ended.at }),
    status: ended.error === undefined ? (ended.at === null ? "skipped" : "success") : "error",
    errors: ended.error === undefined ? [] : [ended.error],
    logs: [...run.log, ...run.callLog].map((line) => ({ ...line })),
    variables: run.variables,
    execResult: ended.result ?? null,
  };
}

/** A default that is empty in any way counts as none (run time §1.3). */
const defaultsOf = (variables: unknown): JsonObject =>
  Object.fromEntries(
    (Array.isArray(variables) ? variables.filter(isObject) : []).map(({ key, default: value }) => [key, value || null]),
  );

interface End {
  /** The step that the run is at now; null when the trigger let nobody in. */
  at?: string | null;
  error?: string;
  result?: unknown;
}

function execute(run: Run, id: unknown, asked: boolean): End {
  let step: JsonObject;
  try {
    step = stepById(run.flow, id);
  } catch (error) {
    return { ...(typeof id === "string" && { at: id }), error: (error as Error).message };
  }
  try {
    if (asked && step.type === "wait_until_condition") noteMatch(run, step);
    if (isSkipped(run, step)) {
      note(run, "info", `${linkTo(step)} Skipped due to filter conditions`);
      return { at: moved(run, nextStep(run.flow, step)) };
    }
    note(run, "debug", `Executing action ${linkTo(step)}`);
    const handler = HANDLERS[step.type as string];
    if (!handler) throw new Unsupported(`Action type '${step.type}' not supported`);
    return settled(run, step, handler(run, step));
  } catch (error) {
    if (!(error instanceof Unsupported)) note(run, "error", `${linkTo(step)} Errored: ${String(error)}`);
    const said = error instanceof Error ? error.message : String(error);
    return { at: afterError(run, step), error: said };
  }
}

/** An error that the worker has before it is at a step's own work. */
class Unsupported extends Error {}

function settled(run: Run, step: JsonObject, outcome: Outcome): End {
  if (outcome.skipped) return { at: null };
  if (outcome.result) storeResult(run, step, outcome.result);
  if (outcome.parkUntil !== undefined)
    note(run, "info", `Workflow will pause until ${new Date(outcome.parkUntil).toISOString()}`);
  return { at: outcome.next ? moved(run, outcome.next) : String(step.id), result: outcome.result };
}

function moved(run: Run, to: JsonObject): string {
  note(run, "info", `Workflow moved to action ${linkTo(to)}`);
  return String(to.id);
}

/** A run goes on after an error unless the step says `abort` (run time §2.5). */
function afterError(run: Run, step: JsonObject): string {
  if (step.on_error === "abort") return String(step.id);
  try {
    const next = nextStep(run.flow, step);
    note(run, "info", `${linkTo(step)} Continuing to next action ${linkTo(next)} despite the error`);
    return moved(run, next);
  } catch {
    return String(step.id);
  }
}

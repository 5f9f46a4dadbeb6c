/** A run of one step, as PostHog's worker makes it for a test (run time §1.7): the step's answer, or the error that it ends in, and its log. */
import type { HogReader } from "../hog/parser";
import { isObject, type JsonObject } from "../json";
import type { Templates } from "../templates";
import type { FilterWorld } from "./filters";

export interface LogLine {
  level: "debug" | "info" | "warn" | "error";
  timestamp: string;
  message: string;
}

/** A run that has one step ahead of it. */
export interface Run {
  hog: HogReader;
  templates: Templates;
  /** Steps, edges and variables of the flow that is tested, secrets in clear. */
  flow: JsonObject;
  flowId: string | undefined;
  projectId: string;
  siteUrl: string;
  /** `event`, `person`, `groups`. */
  globals: JsonObject;
  filters: FilterWorld;
  variables: JsonObject;
  /** Milliseconds since the epoch: when the run reached its step, which is now. */
  now: number;
  random(): number;
  /** The event that came with the test is one that the wait waits for. */
  eventMatched: boolean;
  mocked: boolean;
  /** Of the step, and of the functions that it called. */
  log: LogLine[];
  callLog: LogLine[];
}

/** What a step leads to; `null` as the next one is the end of the run. */
export interface Outcome {
  next?: JsonObject;
  /** Milliseconds since the epoch. */
  parkUntil?: number;
  finished?: boolean;
  skipped?: boolean;
  result?: unknown;
}

export function note(run: Run, level: LogLine["level"], message: string, to: LogLine[] = run.log): void {
  to.push({ level, timestamp: new Date(run.now).toISOString(), message });
}

/** As log lines name a step. */
export const linkTo = (step: JsonObject): string => `[Action:${step.id}]`;

export const stepsOf = (flow: JsonObject): JsonObject[] =>
  Array.isArray(flow.actions) ? flow.actions.filter(isObject) : [];

const edgesOf = (flow: JsonObject): JsonObject[] => (Array.isArray(flow.edges) ? flow.edges.filter(isObject) : []);

export function stepById(flow: JsonObject, id: unknown): JsonObject {
  const found = stepsOf(flow).find((step) => step.id === id);
  if (!found) throw new Error(`Action ${String(id)} not found`);
  return found;
}

/** The step behind the continue edge, or behind the branch with an index. */
export function nextStep(flow: JsonObject, from: JsonObject, branch?: number): JsonObject {
  const edge = edgesOf(flow).find(
    (each) =>
      each.from === from.id &&
      (branch === undefined ? each.type === "continue" : each.type === "branch" && each.index === branch),
  );
  if (!edge) throw new Error(`No next action found for action ${from.id}`);
  return stepById(flow, edge.to);
}

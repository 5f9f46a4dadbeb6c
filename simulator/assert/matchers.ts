// Matchers for vitest. What `toSend` found is narrowed by what follows it in the chain.
import type { Moment } from "../input/scenario";
import type { Many } from "../many/many";
import type { Message } from "../result/run";
import type { Simulation } from "../simulate";
import { calls, coversAllSteps, endsWith, narrowed, sends, takes, visits, type Check, type Expected } from "./checks";

/** The messages that the chain is about. A chain is written in one go, so the latest one is meant. */
const chosen = new WeakMap<object, readonly Message[]>();

function simulationOf(received: unknown, matcher: string): Simulation {
  if (typeof received === "object" && received !== null && "runs" in received && "timeline" in received) return received as Simulation;
  throw new TypeError(`${matcher} is about the result of simulate(…)`);
}

function start(received: unknown, name: string): Check {
  const simulation = simulationOf(received, "toSend");
  const { messages, ...check } = sends(simulation, name);
  chosen.set(simulation, messages);
  return check;
}

function narrow(received: unknown, matcher: string, expected: Expected): Check {
  const simulation = simulationOf(received, matcher);
  const before = chosen.get(simulation);
  if (!before) throw new TypeError(`${matcher} follows toSend: expect(run).toSend("Welcome").${matcher}(…)`);
  const { messages, ...check } = narrowed(simulation, before, expected);
  chosen.set(simulation, messages);
  return check;
}

/** For `expect.extend`. */
export const matchers = {
  toSend: (received: unknown, name: string): Check => start(received, name),
  containing: (received: unknown, containing: string | RegExp): Check => narrow(received, "containing", { containing }),
  addressedTo: (received: unknown, to: string): Check => narrow(received, "addressedTo", { to }),
  times: (received: unknown, times: number): Check => narrow(received, "times", { times }),
  toCall: (received: unknown, name: string): Check => calls(simulationOf(received, "toCall"), name),
  toVisit: (received: unknown, step: string): Check => visits(simulationOf(received, "toVisit"), step),
  toTake: (received: unknown, way: readonly [string, string | number]): Check => takes(simulationOf(received, "toTake"), way),
  toEndWith: (received: unknown, end: string): Check => endsWith(simulationOf(received, "toEndWith"), end),
  toCoverAllSteps: (received: unknown): Check => coversAllSteps(received as Many),
};

/** `at` is a word that vitest's own chains know, so it cannot be added in the common way. */
export const atMoment = (received: unknown, at: Moment): Check => narrow(received, "at", { at });

/** What the matchers add to an assertion. */
export interface HogflowMatchers<Assertion> {
  /** A message is sent: by the id or title of its step, or a part of its subject. With `not`, by no run at all. */
  toSend(name: string): Assertion;
  /** After `toSend`: when, from the start of its run (`"+2h"`), or an absolute moment. */
  at(moment: Moment): Assertion;
  /** After `toSend`: text of the subject or body. */
  containing(text: string | RegExp): Assertion;
  /** After `toSend`: the recipient. */
  addressedTo(recipient: string): Assertion;
  /** After `toSend`: how often, over all runs. */
  times(count: number): Assertion;
  /** A step asks the outside world: by its id or title, or the beginning of the URL. */
  toCall(name: string): Assertion;
  /** A run comes to this step. */
  toVisit(step: string): Assertion;
  /** A step is left by this branch: its name, its index, or the step where it leads; `matched`, `otherwise`, `timed out`. */
  toTake(way: readonly [step: string, branch: string | number]): Assertion;
  /** How the first run ends: a kind such as `exit` or `conversion`, or the exit's id or title. */
  toEndWith(end: string): Assertion;
  /** For `simulateMany`: every step and branch is reached. */
  toCoverAllSteps(): Assertion;
}

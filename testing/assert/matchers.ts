// What `expect` learns: each matcher is a check, and those that follow `toSend` narrow the messages that it found.
import type { Moment } from "../../simulator/input/moment";
import type { Many } from "../../simulator/many/result";
import type { Message } from "../../simulator/result/sent";
import type { Simulation } from "../../simulator/result/simulation";
import { calls, coversAllSteps, endsWith, narrowed, sends, takes, visits, type Check, type Expected } from "./checks";

/** A check, and the messages that the rest of the chain is about. */
type Matched = Check & { messages?: readonly Message[] };
/** `before` is what the chain was about until now. */
type Matcher = (received: unknown, before: readonly Message[] | undefined, ...args: any[]) => Matched;

function simulationOf(received: unknown, matcher: string): Simulation {
  if (typeof received === "object" && received !== null && "runs" in received && "timeline" in received)
    return received as Simulation;
  throw new TypeError(`${matcher} takes the result of simulate(…)`);
}

function narrow(
  received: unknown,
  before: readonly Message[] | undefined,
  matcher: string,
  expected: Expected,
): Matched {
  const simulation = simulationOf(received, matcher);
  const messages = before ?? (latest?.simulation === simulation ? latest.messages : undefined);
  if (!messages) throw new TypeError(`${matcher} follows toSend: expect(run).toSend("Welcome").${matcher}(…)`);
  return narrowed(simulation, messages, expected);
}

/** What the latest `toSend` found, for an `expect` that was extended by `matchers` and keeps nothing along a chain. */
let latest: { simulation: Simulation; messages: readonly Message[] } | undefined;

export const MATCHERS: { [Name in keyof HogflowMatchers<unknown>]: Matcher } = {
  toSend: (received, _, name: string, expected?: Expected) => sends(simulationOf(received, "toSend"), name, expected),
  at: (received, before, at: Moment) => narrow(received, before, "at", { at }),
  containing: (received, before, containing: string | RegExp) => narrow(received, before, "containing", { containing }),
  addressedTo: (received, before, to: string) => narrow(received, before, "addressedTo", { to }),
  times: (received, before, times: number) => narrow(received, before, "times", { times }),
  toCall: (received, _, name: string) => calls(simulationOf(received, "toCall"), name),
  toVisit: (received, _, step: string) => visits(simulationOf(received, "toVisit"), step),
  toTake: (received, _, taken: readonly [string, string | number]) => takes(simulationOf(received, "toTake"), taken),
  toEndWith: (received, _, end: string) => endsWith(simulationOf(received, "toEndWith"), end),
  toCoverAllSteps: (received) => coversAllSteps(received as Many),
};

/**
 * The matchers as functions, for an `expect` other than vitest's own, such as Jest's: `expect.extend(matchers)`. Put what you expect of a message into the second
 * argument of `toSend` there: `expect(run).toSend("Welcome", { at: "+0s" })`. Each returns whether it holds, with the timeline as its message.
 *
 * @throws TypeError for anything but a result of `simulate`.
 * @example
 * const { pass, message } = matchers.toSend(run, "Welcome", { at: "+0s", to: "ada@example.com" });
 * if (!pass) console.log(message());
 */
export const matchers = {
  toSend: (received: unknown, name: string, expected?: Expected): Check => {
    const { pass, message, messages = [] } = MATCHERS.toSend(received, undefined, name, expected);
    latest = { simulation: received as Simulation, messages };
    return { pass, message };
  },
  toCall: (received: unknown, name: string): Check => MATCHERS.toCall(received, undefined, name),
  toVisit: (received: unknown, step: string): Check => MATCHERS.toVisit(received, undefined, step),
  toTake: (received: unknown, taken: readonly [step: string, branch: string | number]): Check =>
    MATCHERS.toTake(received, undefined, taken),
  toEndWith: (received: unknown, end: string): Check => MATCHERS.toEndWith(received, undefined, end),
  toCoverAllSteps: (received: unknown): Check => MATCHERS.toCoverAllSteps(received, undefined),
};

/** What the matchers add to an assertion. `not` applies to the next matcher only. */
export interface HogflowMatchers<Assertion> {
  /** A message is sent: by the id or title of its step, or a part of its subject; and as it is expected to be. With `not`, by no run at all. */
  toSend(name: string, expected?: Expected): Assertion;
  /** After `toSend`: when, from the start of its run (`"+2h"`), or an absolute moment. */
  at(moment: Moment): Assertion;
  /** After `toSend`: text of the subject or body. */
  containing(text: string | RegExp): Assertion;
  /** After `toSend`: the recipient. */
  addressedTo(recipient: string): Assertion;
  /** After `toSend`: how often, over all runs. */
  times(count: number): Assertion;
  /** A step calls the outside world: by its id or title, or the beginning of the URL. */
  toCall(name: string): Assertion;
  /** A run comes to this step. */
  toVisit(step: string): Assertion;
  /** A step is left by this branch: its name, its index, or the step where it leads; `matched`, `otherwise`, `timed out`. */
  toTake(taken: readonly [step: string, branch: string | number]): Assertion;
  /** How the first run ends: a kind such as `exit` or `conversion`, or the exit's id or title. */
  toEndWith(end: string): Assertion;
  /** For `simulateMany`: every step and branch is reached. */
  toCoverAllSteps(): Assertion;
}

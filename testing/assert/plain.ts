// Assertions for any test runner: they throw node's own AssertionError, with a message that describes the run.
import { AssertionError } from "node:assert";
import type { Many } from "../../simulator/many/result";
import type { Simulation } from "../../simulator/result/simulation";
import { calls, coversAllSteps, endsWith, sends, takes, visits, type Check, type Expected } from "./checks";

function must({ pass, message }: Check, expected = true): void {
  if (pass !== expected) throw new AssertionError({ message: message(), stackStartFn: must });
}

/**
 * The message is sent, and is as expected.
 *
 * @param name Id or title of its step, or a part of its subject.
 * @throws AssertionError with the timeline.
 * @example
 * assertSends(run, "Welcome", { at: "+0s", containing: "Hi Ada", times: 1 });
 */
export function assertSends(simulation: Simulation, name: string, expected: Expected = {}): void {
  must(sends(simulation, name, expected));
}

/**
 * The message is not sent, by any run.
 *
 * @param name Id or title of its step, or a part of its subject.
 * @throws AssertionError with the timeline.
 * @example
 * assertSendsNot(run, "Upgrade");
 */
export const assertSendsNot = (simulation: Simulation, name: string): void => must(sends(simulation, name), false);

/**
 * A step asks the outside world.
 *
 * @param name Id or title of the step, or the beginning of the URL.
 * @throws AssertionError with the timeline.
 * @example
 * assertCalls(run, "https://crm.example.com");
 */
export const assertCalls = (simulation: Simulation, name: string): void => must(calls(simulation, name));

/**
 * A run comes to the step.
 *
 * @param step Id or title of the step.
 * @throws AssertionError with the timeline.
 * @example
 * assertVisits(run, "tips");
 */
export const assertVisits = (simulation: Simulation, step: string): void => must(visits(simulation, step));

/**
 * A step is left by this branch: its name, its index, or the step where it leads; `matched`, `otherwise`, `timed out`.
 *
 * @param taken The step's id or title, and the branch.
 * @throws AssertionError with the timeline.
 * @example
 * assertTakes(run, ["Plan", "pro"]);
 */
export const assertTakes = (simulation: Simulation, taken: readonly [step: string, branch: string | number]): void =>
  must(takes(simulation, taken));

/**
 * How the first run ends: a kind such as `exit`, `conversion`, `failed`, or the exit's id or title.
 *
 * @param end The kind, id or title.
 * @throws AssertionError with the timeline.
 * @example
 * assertEndsWith(run, "conversion");
 */
export const assertEndsWith = (simulation: Simulation, end: string): void => must(endsWith(simulation, end));

/**
 * Together, the simulations come through every step and every branch.
 *
 * @param many What `simulateMany` answers.
 * @throws AssertionError with what was not reached, and the table of counts.
 * @example
 * assertCoversAllSteps(simulateMany(flow, arbitrary(flow)));
 */
export const assertCoversAllSteps = (many: Many): void => must(coversAllSteps(many));

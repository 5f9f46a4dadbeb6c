// People and histories made from a flow's own filters, so that every branch is taken by somebody. Seeded: the same every time.
import { DEFAULT_START } from "../input/moment";
import { seeded } from "../input/random";
import type { Scenario } from "../input/scenario";
import { readFlow, type FlowSource } from "../input/source";
import { modelOf } from "../world/flow-model";
import { explored } from "./explore";
import { questionsOf } from "./questions";
import { somebody } from "./somebody";

/** How many scenarios are made, and of what. */
export interface ArbitraryOptions {
  /** How many scenarios. Default 500; a flow with many branches needs as many as it has at least. */
  count?: number;
  /** Another seed makes other people. Default 1. */
  seed?: number;
  /** What all of them have, for example `clock` or `testAccounts`. Default: nothing. */
  base?: Scenario;
}

/**
 * Scenarios from the flow's own filters: values that decide each condition one way and the other, the events that its waits wait for, answers that fail,
 * and for branches that none of these takes, people who are led there step by step. The same flow, count and seed always give the same.
 *
 * @returns `count` scenarios. What they do not reach, `simulateMany` names with the reason; a Hog expression, for example, is answered by nobody.
 * @throws Error when the flow cannot be read.
 * @example
 * const many = simulateMany(flow, arbitrary(flow, { count: 200, base: { testAccounts: [] } }));
 * many.coverage.branches.missed; // branches that nobody took, and why
 */
export function arbitrary(flow: FlowSource, { count = 500, seed = 1, base = {} }: ArbitraryOptions = {}): Scenario[] {
  const model = modelOf(readFlow(flow, base.outputs));
  const questions = questionsOf(model, DEFAULT_START);
  const random = seeded(seed);
  const made = Array.from({ length: count }, (_, i) => somebody(model, questions, random, seed * 100_003 + i, base));
  return explored(model, questions, random, made);
}

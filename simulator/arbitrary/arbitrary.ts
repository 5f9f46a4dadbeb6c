// People and histories made from a flow's own filters, so that every branch is taken by somebody. Seeded: the same every time.
import { DEFAULT_START } from "../input/moment";
import { seeded } from "../input/random";
import type { ReadScenario, Scenario } from "../input/scenario";
import type { FlowModel } from "../world/flow-model";
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

/** As many scenarios as asked for; the same flow, count and seed always give the same. */
export function peopleFor(
  model: FlowModel,
  { count, seed, base }: { count: number; seed: number; base: ReadScenario },
): ReadScenario[] {
  const makings = { model, questions: questionsOf(model, DEFAULT_START), random: seeded(seed) };
  const made = Array.from({ length: count }, (_, i) => somebody(makings, seed * 100_003 + i, base));
  return explored(makings, made);
}

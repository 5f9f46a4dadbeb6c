// A promise of README's, and how one is put to the test.
import type { World } from "./world";

export interface Promised {
  /** For `--only` and the report. */
  id: string;
  /** The promise, as a sentence. */
  says: string;
  /** The page that makes it. */
  page: string;
  /** Only with `--live`: it makes a flow active. */
  live?: boolean;
  /** Finds out. What does not hold goes to `world.differs`, or is thrown; what cannot be tried here is an `Untried`. */
  keeps(world: World): Promise<void>;
}

/** The promise cannot be tried with this key or this PostHog. */
export class Untried extends Error {}

/** The promise is broken, and there is nothing more to try. */
export class Broken extends Error {}

export type Verdict = "kept" | "broken" | "untried";

export interface Outcome {
  promised: Promised;
  verdict: Verdict;
  /** What differed, or why it was not tried. */
  words: string[];
  /** What else whoever reads the report should know. */
  notes: string[];
  /** That PostHog got. */
  requests: number;
  seconds: number;
}

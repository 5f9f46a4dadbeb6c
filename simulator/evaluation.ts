// What evaluating a text gives: a value, or the error with which the step, filter or expression fails in PostHog.

export type Evaluation<T = unknown> = { ok: true; value: T } | { ok: false; error: string };

/** Time and chance, as the simulation has them. */
export interface Surroundings {
  /** Unix milliseconds. */
  now: number;
  /** A number from 0 up to 1. */
  random: () => number;
  /**
   * Told of each expression that has nothing to show, or shows its default: `expression` as it is written, `shows` what is sent in its place, `at` the index
   * in the rendered text, where it is known.
   */
  unfilled?: (expression: string, shows: string, at?: number) => void;
}

export const value = <T>(found: T): Evaluation<T> => ({ ok: true, value: found });
export const failure = (error: string): Evaluation<never> => ({ ok: false, error });

// The options that every step has, and the table of names that catches a misspelt one in programs that nobody type-checks.
import type * as pulumi from "@pulumi/pulumi";
import type { OnError } from "../../definition/schema/types";
import type { Leaves } from "../inputs";
import type { LiveCondition, OutputRef } from "../values";

/** Options of every step. */
export interface StepOptions {
  /** Title in PostHog, at most 400 characters. Default: a readable form of the id. You can change it at any time. */
  name?: string;
  /**
   * Pins the id in PostHog if it must differ from the first argument: for a step that was built in the editor, or that was renamed in the program
   * while people wait in it. Default: the first argument.
   */
  id?: string;
  /** Text for people. Default empty. */
  description?: pulumi.Input<string>;
  /** What happens after the step fails: `continue` (the default) continues the run, `abort` ends it. */
  onError?: Leaves<OnError>;
  /** Runs the step only for those who match all of these; the others go on without it. */
  filters?: LiveCondition | readonly LiveCondition[];
}

/** What steps take that have a result. */
export interface ResultOptions extends StepOptions {
  /** Variables that take the step's result, such as `vars.score.from("body.score")`. */
  outputVariable?: OutputRef | readonly OutputRef[];
}

type KeysOf<T> = T extends unknown ? keyof T : never;

/** The names of all options of a step. One that is missing here does not compile. */
export const namesOf = <T>(names: Record<KeysOf<T> & string, true>): readonly string[] => Object.keys(names);

export const STEP_NAMES = { name: true, id: true, description: true, onError: true, filters: true } as const;
export const RESULT_NAMES = { ...STEP_NAMES, outputVariable: true } as const;

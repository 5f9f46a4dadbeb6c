// How each kind of step runs. A kind without a row does not compile.
import type { ActionType } from "../../definition/schema/types";
import { conditionalBranch, randomSplit } from "./branch";
import { delay } from "./delay";
import { email } from "./email";
import { functionStep } from "./function";
import { push, sms } from "./sms-and-push";
import type { StepResult, StepRun } from "./step";
import { timeWindow } from "./time-window";
import { wait } from "./wait";

type Handlers = { [T in Exclude<ActionType, "trigger">]: (context: StepRun<T>) => StepResult };

const HANDLERS: Handlers = {
  function: functionStep,
  function_email: email,
  function_sms: sms,
  function_push: push,
  delay,
  wait_until_condition: wait,
  wait_until_time_window: timeWindow,
  conditional_branch: conditionalBranch,
  random_cohort_branch: randomSplit,
  exit: () => ({ kind: "finished" }),
};

/** The handler of a step by its type; undefined for one that nobody knows. */
export const handlerOf = (type: string): ((context: StepRun) => StepResult) | undefined =>
  Object.hasOwn(HANDLERS, type) ? (HANDLERS[type as keyof Handlers] as (context: StepRun) => StepResult) : undefined;

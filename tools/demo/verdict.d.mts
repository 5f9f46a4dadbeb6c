// Types of verdict.mjs, for TypeScript.
import type { Act, Command, Outcome, World } from "./perform.mjs";

export function countRequests(requests: Outcome["requests"]): Record<string, number>;
/** Every way in which the command did not go as it said. */
export function judgeCommand(command: Command, outcome: Outcome): string[];
export function judgeAct(act: Act, world: World, outcomes: Outcome[]): string[];

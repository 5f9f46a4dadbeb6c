// Types of the demo: what an act is, and what performing it gives.
import type { Emulator, RequestRecord } from "../../emulator/index";
import type { Narrator } from "./narration.mjs";

export interface Command {
  /** Of `pulumi`. */
  args: string[];
  /** Said before it, when the act's own words are not enough. */
  why?: string;
  /** Those that are well. Default: 0. */
  exitCodes?: number[];
  /** What the API may get meanwhile: exactly these writes, and at most so many reads. */
  requests: { reads?: number; POST?: number; PUT?: number; PATCH?: number; DELETE?: number };
  /** Texts that the engine's output holds. */
  says?: string[];
  /** Pulumi checks the program's types before it runs it. Default: no, which saves seconds. */
  typeChecked?: boolean;
  /** The lines that are printed instead of the whole output. */
  digest?: (outcome: Outcome) => string[];
}

export interface CommandResult {
  /** -1 when the command was ended. */
  code: number;
  stdout: string;
  /** With stderr. */
  output: string;
}

export interface Outcome extends CommandResult {
  /** What the API got meanwhile. */
  requests: Pick<RequestRecord, "method" | "path" | "query" | "status">[];
}

/** What acts look at and remember. */
export interface World {
  emulator: Emulator;
  [key: string]: any;
}

export interface Act {
  title: string;
  /** Said before it: what comes, and why. */
  why: string;
  /** For the summary. */
  expected: string;
  /** What happens before the commands: an edit, told as it is made. */
  prepare?: (world: World, narrator: Narrator) => void;
  commands: Command[] | ((world: World) => Command[]);
  /** What is wrong with what is live afterwards. Falsy entries do not count. */
  check: (world: World, outcomes: Outcome[]) => (string | false | undefined)[];
}

export interface ActResult {
  problems: string[];
  requests: number;
  seconds: number;
}

export interface Stage {
  world: World;
  run: (args: string[], options: { typeChecked?: boolean; onLine?: (line: string) => void }) => Promise<CommandResult>;
  narrator: Narrator;
  /** Milliseconds. Default: Date.now. */
  now?: () => number;
}

/** One result for each act that was played: the first that does not go as it said is the last. */
export function performActs(acts: Act[], stage: Stage): Promise<{ ok: boolean; results: ActResult[] }>;

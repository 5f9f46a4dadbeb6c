// A command as data: its name, arguments, options, examples, and the function behind it. From this come the parser, the help and the reference.
import type { Command as Parser } from "commander";
import type { PostHogClient } from "../api";
import type { Clock } from "../api";
import { FLOW_NAMES, type NamedFlow } from "../operate/find-flow";
import type { StackState } from "../operate/stack-state";
import type { Workspace } from "../operate/workspace";
import type { ExitCode } from "./exit-codes";
import type { Io } from "./io";

/** Reads a value; throws an Error with a message that ends the sentence "<option> …". */
export type Parse<T> = (text: string) => T;

export interface Option<T> {
  /** The value in the help, such as `<n>`; a flag has none. */
  value?: string;
  description: string;
  parse?: Parse<unknown>;
  choices?: readonly string[];
  /** What a shell completes it with, where it takes more than one of a list. */
  offers?: readonly string[];
  many?: boolean;
  default?: T;
  /** Only in the type. */
  readonly type?: T;
}

export interface Argument<T> {
  description: string;
  optional?: boolean;
  many?: boolean;
  choices?: readonly string[];
  /** What a shell completes it with, where it takes more than one of a list. */
  offers?: readonly string[];
  /** Only in the type. */
  readonly type?: T;
}

export const flag = (description: string): Option<boolean> => ({ description, default: false });

export function option(value: string, description: string): Option<string | undefined>;
export function option(value: string, description: string, more: { default: string }): Option<string>;
export function option(
  value: string,
  description: string,
  more: { default?: string } = {},
): Option<string | undefined> {
  return { value, description, ...more };
}

/** An option with a text that `parse` reads. */
export function parsed<T>(value: string, description: string, parse: Parse<T>): Option<T | undefined>;
export function parsed<T>(value: string, description: string, parse: Parse<T>, fallback: T): Option<T>;
export function parsed<T>(value: string, description: string, parse: Parse<T>, fallback?: T): Option<T | undefined> {
  return { value, description, parse, default: fallback };
}

export function choice<const C extends string>(
  value: string,
  description: string,
  choices: readonly C[],
): Option<C | undefined>;
export function choice<const C extends string>(
  value: string,
  description: string,
  choices: readonly C[],
  fallback: C,
): Option<C>;
export function choice<const C extends string>(
  value: string,
  description: string,
  choices: readonly C[],
  fallback?: C,
): Option<C | undefined> {
  return { value, description, choices, default: fallback };
}

/** An option that may be repeated. */
export const repeated = (value: string, description: string): Option<string[]> => ({
  value,
  description,
  many: true,
  default: [],
});

const argument = (description: string): Argument<string> => ({ description });
/** One of a list. */
export const choiceArgument = <const C extends string>(description: string, choices: readonly C[]): Argument<C> => ({
  description,
  choices,
});
export const optionalArgument = (description: string): Argument<string | undefined> => ({
  description,
  optional: true,
});
/** None or more. */
export const optionalList = (description: string): Argument<string[]> => ({ description, optional: true, many: true });

/** A flow, which every command takes by the same names. */
export const flowArgument = (): Argument<string> => argument(`the flow: ${FLOW_NAMES}`);
export const flowList = (note = ""): Argument<string[]> => optionalList(`flows, each by ${FLOW_NAMES}${note}`);
/** A flow, or a file with one. */
export const flowOrFile = (): Argument<string> =>
  argument(`the flow: ${FLOW_NAMES}; or a JSON file with a flow (\`-\` is standard input)`);
export const flowsOrFiles = (note = ""): Argument<string[]> =>
  optionalList(`flows, each by ${FLOW_NAMES}, or a JSON file with a flow (\`-\` is standard input)${note}`);

/** What every command gets. */
export interface Context {
  io: Io;
  /** The parser of all commands. */
  parser: Parser;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  clock: Clock;
  /** The folder that --cwd names, or the current one. */
  cwd: string;
  /** The Pulumi project and stack (`--cwd`, `--stack`). */
  workspace(): Workspace;
  /** A client for the configured host and project (`--host`, `--project`). */
  connect(): Promise<PostHogClient>;
  /** The state of that stack, without the values of its secrets. Read once. */
  stackState(): Promise<StackState>;
  /** The flow that an argument names, and a client for the place where it lives. */
  flow(text: string): Promise<NamedFlow & { client: PostHogClient }>;
  /** The flows that arguments name, all in the configured project, and its client. */
  flows(texts: readonly string[]): Promise<{ client: PostHogClient; ids: string[] }>;
  /** Prints the answer: with --json as one JSON document, otherwise the text. */
  print(data: unknown, text: () => string): void;
  /** Prints one of several answers, such as a line of a log: with --json as one line of JSON. */
  printLine(data: unknown, text: () => string): void;
  /** Whether there is --yes. */
  confirmed: boolean;
  /** Asks before something that cannot be undone, unless there is --yes. */
  confirm(...will: string[]): Promise<void>;
}

type Values<Fields> = {
  [K in keyof Fields]: Fields[K] extends Option<infer T> ? T : Fields[K] extends Argument<infer T> ? T : never;
};

/** What a command needs in addition to its own options: these bring theirs along. */
export type Need =
  | "stack" // --cwd and --stack
  | "posthog" // the same, and --host and --project
  | "consent"; // --yes

export interface Definition<A extends Record<string, Argument<unknown>>, O extends Record<string, Option<unknown>>> {
  /** Words as they are typed, such as `metrics totals`. */
  name: string;
  /** One line for the list of commands, without a full stop. */
  summary: string;
  /** What it does, as paragraphs. */
  description: string;
  /** In their order; the key is the name in the help. */
  arguments?: A;
  /** Each by its name in camelCase: `dryRun` is typed as --dry-run. */
  options?: O;
  needs?: readonly Need[];
  /** What `--json` prints. */
  json: string;
  /** What exit codes mean here, where it is more than the general table says. */
  exitCodes?: Partial<Record<ExitCode, string>>;
  examples: ReadonlyArray<{ command: string; does: string }>;
  run(context: Context, values: Values<A> & Values<O> & { host?: string; project?: string }): Promise<ExitCode | void>;
}

/** A command whose own types are of no concern any more. */
export type Command = Definition<any, any>;

/** Groups such as `batch`, which are no commands themselves. */
export interface Group {
  name: string;
  summary: string;
}

export function defineCommand<
  A extends Record<string, Argument<unknown>> = {},
  O extends Record<string, Option<unknown>> = {},
>(definition: Definition<A, O>): Command {
  return definition;
}

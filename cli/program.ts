// From definitions to a parser: the `hogflow` program, its help, and how a command is run and ended.
import {
  Argument as ParserArgument,
  Command as Parser,
  CommanderError,
  InvalidArgumentError,
  Option as ParserOption,
} from "commander";
import { packageVersion } from "../definition/package";
import { OFFERS } from "./completion/words";
import { createContext, type CommonOptions } from "./context";
import type { Argument, Command, Group, Need, Option } from "./define";
import { EXIT_CODES, FAILED, INTERRUPTED, USAGE, DONE, type ExitCode } from "./exit-codes";
import { Misuse, failureOf } from "./failure";
import { Io, type Streams } from "./io";
import { plainText } from "../definition/plain-text";

export interface ProgramOptions {
  streams: Streams;
  commands: readonly Command[];
  groups: readonly Group[];
  signal: AbortSignal;
}

const NEEDED: Readonly<Record<Need, readonly [flags: string, description: string][]>> = {
  stack: [
    ["--stack <name>", "Pulumi stack (default: the selected one)"],
    ["--cwd <dir>", "folder of the Pulumi project (default: the current one)"],
  ],
  posthog: [
    ["--stack <name>", "Pulumi stack to take the configuration from (default: the selected one)"],
    ["--cwd <dir>", "folder of the Pulumi project (default: the current one)"],
    ["--host <url>", "PostHog's address, instead of the configured one; a key must be configured for it"],
    ["--project <id>", "PostHog project, instead of the configured one"],
  ],
  consent: [["-y, --yes", "do it without asking"]],
};

const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Runs the command that `args` (without node and file) name; fulfilled with the exit code. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  let code: ExitCode = DONE;
  const program = buildProgram(options, (given) => (code = given));
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE;
    throw error;
  }
}

/** @public For the page of commands (tools/docs/commands.mjs). */
export function buildProgram(options: ProgramOptions, end: (code: ExitCode) => void): Parser {
  const { streams, commands, groups } = options;
  const program = configured(new Parser("hogflow"), streams);
  program
    .description("Review and operate PostHog Workflows that are kept in Git.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", () => `\n${generalHelp()}`);
  const parents = new Map<string, Parser>([["", program]]);
  const summaries = new Map(groups.map(({ name, summary }) => [name, summary]));
  for (const command of [...commands].sort((a, b) => a.name.split(" ").length - b.name.split(" ").length)) {
    const words = command.name.split(" ");
    const last = words.pop()!;
    let parent = program;
    let at = "";
    for (const word of words) {
      at = at === "" ? word : `${at} ${word}`;
      let next = parents.get(at);
      if (!next) {
        next = configured(parent.command(word), streams)
          .description(asSentence(summaries.get(at) ?? at))
          .summary(summaries.get(at) ?? "");
        next.helpCommand(false);
        parents.set(at, next);
      }
      parent = next;
    }
    const child = configured(parent.command(last), streams);
    child.helpCommand(false);
    parents.set(command.name, child);
    addCommand(child, command, { ...options, parser: program }, end);
  }
  return program;
}

/** Errors are thrown instead of ending the process, and help has a fixed width where there is no terminal. */
function configured(parser: Parser, streams: Streams): Parser {
  const width = (stream: Streams["stdout"]) => (stream.isTTY ? stream.columns : undefined) ?? 100;
  return (
    parser
      .exitOverride()
      // `metrics` is a command beside `metrics totals`, with options of the same names: what follows the second word belongs to that.
      .enablePositionalOptions()
      .configureOutput({
        writeOut: (text) => void streams.stdout.write(text),
        writeErr: (text) => void streams.stderr.write(text),
        getOutHelpWidth: () => width(streams.stdout),
        getErrHelpWidth: () => width(streams.stderr),
        getOutHasColors: () => false,
        getErrHasColors: () => false,
        outputError: (text, write) =>
          write(
            `${plainText(text)
              .replace(/^error: /, "hogflow: ")
              .trimEnd()}\n`,
          ),
      })
      .showHelpAfterError("(--help shows how to use it)")
      .configureHelp({ sortSubcommands: true })
      .helpOption("-h, --help", "show this help")
  );
}

function addCommand(
  parser: Parser,
  command: Command,
  options: ProgramOptions & { parser: Parser },
  end: (code: ExitCode) => void,
): void {
  parser.summary(command.summary).description(command.description);
  const argumentNames = Object.keys(command.arguments ?? {});
  const own = Object.entries((command.options ?? {}) as Record<string, Option<unknown>>);
  for (const [name, argument] of Object.entries((command.arguments ?? {}) as Record<string, Argument<unknown>>)) {
    const text = `${kebab(name)}${argument.many ? "..." : ""}`;
    const made = new ParserArgument(argument.optional ? `[${text}]` : `<${text}>`, argument.description);
    parser.addArgument(argument.choices ? made.choices([...argument.choices]) : made);
    if (argument.offers) OFFERS.set(made, argument.offers);
  }
  for (const [name, option] of own) parser.addOption(parserOption(name, option));
  const flags = new Map<string, string>();
  for (const need of command.needs ?? []) for (const [text, description] of NEEDED[need]) flags.set(text, description);
  for (const [text, description] of flags)
    parser.addOption(new ParserOption(text, description).helpGroup("Common options:"));
  parser.addOption(new ParserOption("--json", `print JSON: ${command.json}`).helpGroup("Common options:"));
  parser.addHelpOption(new ParserOption("-h, --help", "show this help").helpGroup("Common options:"));
  parser.addHelpText("after", () => `\n${detailedHelp(command)}`);
  parser.action(async (...given: unknown[]) => {
    const silent = Object.fromEntries(
      own.flatMap(([name, { default: fallback }]) => (goesWithoutSaying(fallback) ? [[name, fallback]] : [])),
    );
    const values: CommonOptions & Record<string, unknown> = { ...silent, ...parser.opts() };
    for (const [i, name] of argumentNames.entries()) values[name] = given[i];
    end(await runCommand(command, values, options));
  });
}

/** Defaults that the help does not mention: a flag is off, a list is empty. */
const goesWithoutSaying = (fallback: unknown): boolean =>
  fallback === false || (Array.isArray(fallback) && fallback.length === 0);

function parserOption(
  name: string,
  { value, description, parse, choices, offers, many, default: fallback }: Option<unknown>,
): ParserOption {
  const made = new ParserOption(`--${kebab(name)}${value === undefined ? "" : ` ${value}`}`, description);
  if (choices) made.choices([...choices]);
  if (offers) OFFERS.set(made, offers);
  if (parse) {
    made.argParser((text: string) => {
      try {
        return parse(text);
      } catch (error) {
        throw new InvalidArgumentError(`It ${(error as Error).message}.`);
      }
    });
  }
  if (many) made.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
  if (fallback !== undefined && !goesWithoutSaying(fallback)) made.default(fallback);
  return made;
}

/** Runs a command's function; whatever it throws is reported, and is an exit code. */
async function runCommand(
  command: Command,
  values: CommonOptions & Record<string, unknown>,
  { streams, signal, parser }: ProgramOptions & { parser: Parser },
): Promise<ExitCode> {
  const io = new Io(streams, values.json === true);
  try {
    return (await command.run(createContext({ io, parser }, values, signal), values)) ?? DONE;
  } catch (error) {
    if (signal.aborted) {
      io.note("Interrupted.");
      return INTERRUPTED;
    }
    const failure = failureOf(error, io.env);
    if (values.json) io.noteJson({ error: failure });
    else io.note(`${io.noteStyle(`hogflow ${command.name}:`, "red", "bold")} ${failure.message}`);
    return error instanceof Misuse ? USAGE : FAILED;
  } finally {
    io.clearProgress();
  }
}

function detailedHelp({ examples, exitCodes }: Command): string {
  const lines = ["Examples:", ...examples.flatMap(({ command, does }) => [`  $ ${command}`, `      ${does}`])];
  const codes = Object.entries(exitCodes ?? {});
  if (codes.length > 0) lines.push("", "Exit codes:", ...codes.map(([code, meaning]) => `  ${code}  ${meaning}`));
  return lines.join("\n");
}

function generalHelp(): string {
  return [
    "Exit codes:",
    ...Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code.padEnd(5)}${meaning}`),
    "",
    "Configuration, the first wins:",
    "  key      posthog:apiKeys of the stack (by host), POSTHOG_API_KEY, posthog:apiKey of the stack",
    "  host     --host, posthog:host of the stack, POSTHOG_HOST, https://us.posthog.com",
    "  project  --project, posthog:projectId of the stack, POSTHOG_PROJECT_ID",
    "Of a stack that the plugin serves, hogflow:apiKeys, hogflow:apiKey, hogflow:host and hogflow:projectId come before those of posthog.",
    "",
    "The stack is --stack, PULUMI_STACK, or the selected one of the Pulumi project in --cwd. Encrypted values are read with `pulumi`.",
    "NO_COLOR=1 turns colours off.",
  ].join("\n");
}

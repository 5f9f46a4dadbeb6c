// What can be completed, as data, from the parser that runs the commands: each command by its words, with what may follow it.
import type { Command as Parser } from "commander";

/** An option as it is typed. */
export interface OptionWords {
  long: string;
  short?: string;
  description: string;
  takesValue: boolean;
  /** Its values, where they are listed. */
  choices: readonly string[];
}

/** A command, a group, or the program itself. */
export interface CommandWords {
  /** Its words, such as `metrics totals`; empty for the program. */
  path: string;
  /** Words that may follow: commands of a group. */
  commands: ReadonlyArray<{ name: string; description: string }>;
  options: readonly OptionWords[];
  /** Values of its arguments, where they are listed. */
  choices: readonly string[];
  /** Whether its arguments are names or files, of which a shell can complete files. */
  takesArguments: boolean;
}

/** Values of options and arguments that the parser does not know as choices, because several may be given at once. */
export const OFFERS = new WeakMap<object, readonly string[]>();

/** The program and everything below it, the shorter paths first. */
export function completionWords(parser: Parser, path = ""): CommandWords[] {
  const commands = parser.commands.filter((command) => command.name() !== "help");
  const below = (name: string): string => (path === "" ? name : `${path} ${name}`);
  const help: OptionWords = {
    long: "--help",
    short: "-h",
    description: "show this help",
    takesValue: false,
    choices: [],
  };
  const own: CommandWords = {
    path,
    commands: commands.map((command) => ({ name: command.name(), description: command.summary() })),
    options: [
      ...parser.options.map((option) => {
        const { long, short, description, required, optional } = option;
        return {
          long: long ?? "",
          ...(short === undefined ? {} : { short }),
          description,
          takesValue: required || optional,
          choices: choicesOf(option),
        };
      }),
      help,
    ],
    choices: parser.registeredArguments.flatMap(choicesOf),
    takesArguments: parser.registeredArguments.length > 0,
  };
  return [own, ...commands.flatMap((command) => completionWords(command, below(command.name())))];
}

const choicesOf = (taken: { argChoices?: string[] | undefined }): readonly string[] =>
  taken.argChoices ?? OFFERS.get(taken) ?? [];

/** All paths but the program's own, in which a shell finds where a line has got to. */
export const pathsIn = (words: readonly CommandWords[]): string[] =>
  words.flatMap(({ path }) => (path === "" ? [] : [path]));

/** Text between single quotes, for bash and zsh. */
export const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

/** The names of an option. */
export const optionNames = ({ long, short }: OptionWords): string[] => [long, ...(short === undefined ? [] : [short])];

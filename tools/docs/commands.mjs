// docs/commands.md: the help of every command, as the built command prints it.
import { createRequire } from "node:module";
import path from "node:path";
import { REPOSITORY } from "../setup.mjs";

const WIDTH = 100;

export function commandsPage() {
  const require = createRequire(import.meta.url);
  const dist = (name) => require(path.join(REPOSITORY, "dist/cli", name));
  const { COMMANDS, GROUPS } = dist("commands/index.js");
  const { buildProgram } = dist("program.js");
  const streams = {
    stdin: process.stdin,
    stdout: { columns: WIDTH, write: () => true },
    stderr: { columns: WIDTH, write: () => true },
    env: {},
  };
  const program = buildProgram(
    { streams, commands: COMMANDS, groups: GROUPS, signal: new AbortController().signal },
    () => undefined,
  );
  const help = (words) => {
    let parser = program;
    for (const word of words) parser = parser.commands.find((child) => child.name() === word);
    let text = "";
    parser.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => WIDTH });
    parser.outputHelp();
    return text.trimEnd();
  };
  const names = COMMANDS.map(({ name }) => name).sort();
  const lines = [
    "# Commands",
    "",
    "What `hogflow --help` and the help of each command say. Made by `npm run docs`.",
    "",
    "| Command | |",
    "|---|---|",
    ...names.map(
      (name) =>
        `| [\`hogflow ${name}\`](#hogflow-${name.replace(/ /g, "-")}) | ${COMMANDS.find((command) => command.name === name).summary} |`,
    ),
    "",
    "## hogflow",
    "",
    "```text",
    help([]),
    "```",
    ...names.flatMap((name) => ["", `## hogflow ${name}`, "", "```text", help(name.split(" ")), "```"]),
    "",
  ];
  return { file: "docs/commands.md", text: lines.join("\n") };
}

// The completion script for fish.
import { pathsIn, type CommandWords } from "./words";

/** Text between single quotes. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;

export function fishScript(words: readonly CommandWords[]): string {
  const lines = words.flatMap(({ path, commands, options, choices, takesArguments }) => {
    const here = `complete -c hogflow -n ${quoted(`__hogflow_at ${quoted(path)}`)}`;
    return [
      ...commands.map(({ name, description }) => `${here} -f -a ${quoted(name)} -d ${quoted(description)}`),
      ...(choices.length > 0 ? [`${here} -f -a ${quoted(choices.join(" "))}`] : []),
      ...(takesArguments && choices.length === 0 ? [`${here} -F`] : []),
      ...options.map(
        ({ long, short, description, takesValue, choices: of }) =>
          `${here} -l ${long.slice(2)}${short === undefined ? "" : ` -s ${short.slice(1)}`}${takesValue ? " -r" : ""}${of.length > 0 ? ` -f -a ${quoted(of.join(" "))}` : ""} -d ${quoted(description)}`,
      ),
    ];
  });
  return [
    "# fish completion for hogflow. Load it in ~/.config/fish/config.fish with: hogflow completion fish | source",
    "function __hogflow_at",
    "    set -l at ''",
    "    for word in (commandline -opc)[2..-1]",
    '        set -l longer (string trim -- "$at $word")',
    `        if contains -- $longer ${pathsIn(words).map(quoted).join(" ")}`,
    "            set at $longer",
    "        end",
    "    end",
    '    test "$at" = "$argv[1]"',
    "end",
    "complete -c hogflow -f",
    ...lines,
    "",
  ].join("\n");
}

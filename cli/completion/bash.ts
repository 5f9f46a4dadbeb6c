// The completion script for bash, also the 3.2 of macOS: no other program runs while one types.
import { optionNames, pathsIn, quoted, type CommandWords } from "./words";

export function bashScript(words: readonly CommandWords[]): string {
  const values = words.flatMap(({ path, options }) =>
    options.flatMap((option) =>
      option.takesValue
        ? optionNames(option).map((name) => `    ${quoted(`${path} ${name}`)}) ${reply(option.choices)}; return ;;`)
        : [],
    ),
  );
  const options = words.map(
    (command) => `      ${quoted(command.path)}) ${reply(command.options.flatMap(optionNames))} ;;`,
  );
  const next = words.map(
    ({ path, commands, choices }) =>
      `    ${quoted(path)}) ${reply([...commands.map(({ name }) => name), ...choices])} ;;`,
  );
  return [
    "# bash completion for hogflow. Load it in ~/.bashrc with: source <(hogflow completion bash)",
    "_hogflow() {",
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" at="" i',
    "  COMPREPLY=()",
    "  # --option=value comes in three words.",
    '  if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev="${COMP_WORDS[COMP_CWORD-2]}"; fi',
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    '    case "${at:+$at }${COMP_WORDS[i]}" in',
    `      ${pathsIn(words).map(quoted).join("|")}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;`,
    "    esac",
    "  done",
    '  case "$at $prev" in',
    ...values,
    "  esac",
    "  if [[ $cur == -* ]]; then",
    '    case "$at" in',
    ...options,
    "    esac",
    "    return",
    "  fi",
    '  case "$at" in',
    ...next,
    "  esac",
    "}",
    "# Where there is nothing to offer, files are.",
    "complete -o bashdefault -o default -F _hogflow hogflow",
    "",
  ].join("\n");
}

const reply = (list: readonly string[]): string =>
  list.length === 0 ? ":" : `COMPREPLY=($(compgen -W ${quoted(list.join(" "))} -- "$cur"))`;

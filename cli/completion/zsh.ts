// The completion script for zsh.
import { optionNames, pathsIn, quoted, type CommandWords } from "./words";

export function zshScript(words: readonly CommandWords[]): string {
  const values = words.flatMap(({ path, options }) =>
    options.flatMap((option) =>
      option.takesValue
        ? optionNames(option).map(
            (name) =>
              `    ${quoted(`${path} ${name}`)}) ${option.choices.length > 0 ? `compadd -- ${option.choices.map(quoted).join(" ")}` : "_files"}; return ;;`,
          )
        : [],
    ),
  );
  const options = words.map(
    (command) =>
      `      ${quoted(command.path)}) list=(${command.options.flatMap((option) => optionNames(option).map((name) => described(name, option.description))).join(" ")}) ;;`,
  );
  const next = words.map(
    ({ path, commands, choices }) =>
      `    ${quoted(path)}) list=(${[...commands.map(({ name, description }) => described(name, description)), ...choices.map(quoted)].join(" ")}) ;;`,
  );
  return [
    "#compdef hogflow",
    "# zsh completion for hogflow. Load it in ~/.zshrc, after compinit, with: source <(hogflow completion zsh)",
    "_hogflow() {",
    '  local at="" i',
    "  local -a list",
    "  for ((i = 2; i < CURRENT; i++)); do",
    '    case "${at:+$at }${words[i]}" in',
    `      ${pathsIn(words).map(quoted).join("|")}) at="\${at:+$at }\${words[i]}" ;;`,
    "    esac",
    "  done",
    '  case "$at ${words[CURRENT-1]}" in',
    ...values,
    "  esac",
    '  if [[ "${words[CURRENT]}" == -* ]]; then',
    '    case "$at" in',
    ...options,
    "    esac",
    "    _describe -o option list",
    "    return",
    "  fi",
    '  case "$at" in',
    ...next,
    "  esac",
    "  if (( $#list )); then _describe command list; else _files; fi",
    "}",
    "compdef _hogflow hogflow",
    "",
  ].join("\n");
}

const described = (name: string, description: string): string =>
  quoted(`${name.replace(/:/g, "\\:")}:${description.replace(/\s+/g, " ")}`);

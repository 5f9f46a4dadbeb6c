// `hogflow completion`: a script that completes commands, options and their values in a shell.
import { bashScript } from "../completion/bash";
import { fishScript } from "../completion/fish";
import { completionWords, type CommandWords } from "../completion/words";
import { zshScript } from "../completion/zsh";
import { choiceArgument, defineCommand } from "../define";

const SHELLS = ["bash", "zsh", "fish"] as const;
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (words: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export const completion = defineCommand({
  name: "completion",
  summary: "print a script that completes commands in a shell",
  description:
    "Prints a completion script for bash, zsh or fish: commands, options, and the values of options that have a list. The script is complete in itself and runs nothing while you type; " +
    "load it again after an update of the package.",
  arguments: { shell: choiceArgument("the shell", SHELLS) },
  json: "{shell, script}",
  examples: [
    { command: "source <(hogflow completion bash)", does: "completes in this bash; in ~/.bashrc, in every new one" },
    { command: "source <(hogflow completion zsh)", does: "the same for zsh, after compinit" },
    { command: "hogflow completion fish | source", does: "the same for fish" },
  ],
  async run({ print, parser }, { shell }) {
    const script = SCRIPTS[shell](completionWords(parser));
    print({ shell, script }, () => script.trimEnd());
  },
});

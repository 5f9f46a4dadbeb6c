// The state of the stack with the values of its secrets, for commands that compare it with PostHog: from `pulumi`, or from a file that it has written.
import { readTextFile } from "../definition/text-file";
import { parseStackExport, readStack, type StackState } from "../operate/stack-state";
import { option, type Context } from "./define";

/** `need`: what comes before it, such as `with --drift, `. */
export const stateOption = (need = "") =>
  option(
    "<file>",
    `${need}read the state from the output of \`pulumi stack export --show-secrets\`, or - for standard input, instead of asking pulumi`,
  );

export async function readStateOf({ io, signal, workspace }: Context, file: string | undefined): Promise<StackState> {
  if (file === undefined) return readStack(workspace(), { secrets: true, env: io.env, signal });
  return parseStackExport(file === "-" ? await io.readAll() : readTextFile(file));
}

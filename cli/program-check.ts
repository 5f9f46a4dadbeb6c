// Runs the program of the workspace for a command, and says meanwhile what goes on.
import type { CheckedProgram } from "../operate/program/validate-program";
import type { Context } from "./define";
import { counted } from "./texts";

/** After this, a program that is still running is spoken of: milliseconds. */
const LONG_MS = 15_000;

/**
 * Whatever runs the program; `onResource` is to be told how many flows and schedules there are by now.
 *
 * @param interrupt What Ctrl-C does.
 */
export async function whileProgramRuns<T>(
  { io, workspace }: Context,
  interrupt: string,
  run: (onResource: (made: number) => void) => Promise<T>,
): Promise<T> {
  if (workspace().project !== undefined && workspace().stack === undefined)
    io.note(
      "No stack is selected, so the configuration is that of the project alone, and which PostHog project the flows belong to is not checked. Name a stack with --stack.",
    );
  io.progress("Running the program …");
  let made = 0;
  const long = setInterval(
    () =>
      io.meanwhile(
        `The program is still running, with ${counted(made, "flow or schedule", "flows and schedules")} so far. Ctrl-C ${interrupt}.`,
      ),
    LONG_MS,
  );
  try {
    return await run((checked) => {
      made = checked;
      io.progress(`Running the program: ${counted(made, "flow or schedule", "flows and schedules")} …`);
    });
  } finally {
    clearInterval(long);
  }
}

export async function runAndCheck(context: Context): Promise<CheckedProgram> {
  // Not before it is needed: it brings the life-cycle along, which every command would wait for.
  const { checkProgram } = await import("../operate/program/validate-program.js");
  const { io, clock, signal, workspace } = context;
  return whileProgramRuns(context, "ends it and shows the findings so far", (onResource) =>
    checkProgram(workspace(), { env: io.env, signal, clock, onResource }),
  );
}

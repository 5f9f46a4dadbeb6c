// Runs and checks the program of the workspace for a command, and says meanwhile what goes on.
import type { ProgramReport } from "../operate/program/validate-program";
import type { Context } from "./define";
import { counted } from "./texts";

/** After this, a program that is still running is spoken of: milliseconds. */
const LONG_MS = 15_000;

export async function runAndCheck({ io, clock, signal, workspace }: Context): Promise<ProgramReport> {
  // Not before it is needed: it brings the life-cycle along, which every command would wait for.
  const { validateProgram } = await import("../operate/program/validate-program.js");
  if (workspace().project !== undefined && workspace().stack === undefined)
    io.note(
      "No stack is selected, so the configuration is that of the project alone, and which PostHog project the flows belong to is not checked. Name a stack with --stack.",
    );
  io.progress("Running the program …");
  let made = 0;
  const long = setInterval(
    () =>
      io.meanwhile(
        `The program is still running, with ${counted(made, "flow or schedule", "flows and schedules")} so far. Ctrl-C ends it and shows the findings so far.`,
      ),
    LONG_MS,
  );
  try {
    return await validateProgram(workspace(), {
      env: io.env,
      signal,
      clock,
      onResource: (checked) => {
        made = checked;
        io.progress(`Running the program: ${counted(made, "flow or schedule", "flows and schedules")} …`);
      },
    });
  } finally {
    clearInterval(long);
  }
}

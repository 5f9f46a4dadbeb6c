// The flows of the workspace's program for a command: what is wrong with the program is said, and where there is none, why.
import { OperateError } from "../operate/errors";
import { shownOfProgram } from "../operate/findings/shown";
import type { ProjectFlow } from "../operate/project-flows";
import type { Context } from "./define";
import { failureOf } from "./failure";
import { findingLines } from "./findings-text";
import { whileProgramRuns } from "./program-check";

/** What a program makes. */
export interface ProgramFlows {
  flows: ProjectFlow[];
  /** Whether it ran to its end, and each of its flows could be read. */
  isWhole: boolean;
}

/** Runs the program without checking its types; `none` says why there is nothing to run. */
export async function programFlows(context: Context): Promise<ProgramFlows | { none: OperateError }> {
  const { io, clock, signal, workspace } = context;
  const { checkProgram } = await import("../operate/program/validate-program.js");
  const { flowsOfProgram } = await import("../operate/project-flows.js");
  try {
    const program = await whileProgramRuns(context, "ends it", (onResource) =>
      checkProgram(workspace(), { env: io.env, signal, clock, onResource, transpileOnly: true }),
    );
    signal.throwIfAborted();
    const problems = program.findings.filter(
      ({ resource, severity }) => resource === undefined && severity === "error",
    );
    for (const line of findingLines(shownOfProgram({ findings: problems }, workspace().programDir, process.cwd()), io))
      io.note(line);
    const { flows, unread } = flowsOfProgram(program);
    for (const { title, why } of unread) io.note(`“${title}” could not be read: ${why}`);
    return { flows, isWhole: program.isFinished && unread.length === 0 };
  } catch (error) {
    if (error instanceof OperateError) return { none: error };
    throw error;
  }
}

/** Of the program; of the stack, as last deployed, where no program can be run. */
export async function allFlows(context: Context): Promise<ProgramFlows> {
  const { workspace, io } = context;
  const program = await programFlows(context);
  if (!("none" in program)) return program;
  if (workspace().project === undefined || workspace().stack === undefined) throw program.none;
  const { flowsOfState } = await import("../operate/project-flows.js");
  const state = await context.stackState().catch((error: unknown) => {
    io.note(`The stack was not read: ${failureOf(error, io.env).message}`);
    throw program.none;
  });
  io.note(`The flows are as the stack deployed them last. The program was not run: ${program.none.message}`);
  return { flows: flowsOfState(state), isWhole: true };
}

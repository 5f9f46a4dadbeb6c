// The flow that an argument names, for commands that need no more than its definition: from a file, the program, the stack or PostHog, in this order.
import { isFileName, isFlowId, type FoundFlow } from "../operate/flow-source";
import type { ProjectFlow } from "../operate/project-flows";
import type { Context } from "./define";
import { failureOf } from "./failure";
import { programFlows, type ProgramFlows } from "./program-flows";
import { readDefinition } from "./read-definition";

/** Where it was found. */
export type Named = { program: ProjectFlow } | { found: FoundFlow };

/**
 * Finds flows by name; the program is run once, at the first name that may be one of its flows.
 *
 * @throws OperateError when nothing has the name, or several have.
 */
export function namedFlows(context: Context): (named: string) => Promise<Named> {
  const { workspace, io } = context;
  let program: Promise<Awaited<ReturnType<typeof programFlows>>> | undefined;
  return async (named) => {
    if (isFileName(named) || isFlowId(named) || workspace().project === undefined)
      return { found: await readDefinition(context, named) };
    const made = await (program ??= programFlows(context));
    if ("none" in made) {
      try {
        return { found: await readDefinition(context, named) };
      } catch (error) {
        context.signal.throwIfAborted();
        io.note(`The program was not looked at: ${made.none.message}`);
        throw error;
      }
    }
    return inProgram(context, made, named);
  };
}

async function inProgram(context: Context, { flows }: ProgramFlows, named: string): Promise<Named> {
  const { projectFlow, unknownProjectFlow } = await import("../operate/project-flows.js");
  const flow = projectFlow(flows, named);
  if (flow !== undefined) return { program: flow };
  try {
    return { found: await readDefinition(context, named) };
  } catch (error) {
    context.signal.throwIfAborted();
    throw unknownProjectFlow(flows, named, failureOf(error, context.io.env).message);
  }
}

// The definition of a flow that an argument names, for commands that look at it without changing it: from a file, the stack's state, or PostHog.
import { readTextFile } from "../definition/text-file";
import {
  flowFromJson,
  flowFromServer,
  flowFromStack,
  isFileName,
  isFlowId,
  type FoundFlow,
} from "../operate/flow-source";
import { flowIn, flowsNamed } from "../operate/stack-state";
import type { Context } from "./define";

/** A flow of the stack as last deployed, without a request; any other as it is in PostHog. */
export async function readDefinition(context: Context, name: string): Promise<FoundFlow> {
  if (isFileName(name)) return flowFromJson(name === "-" ? await context.io.readAll() : readTextFile(name), name);
  if (!isFlowId(name) && context.workspace().stack !== undefined) {
    // Without a state that can be read, the flow may still be in PostHog; when it is not there either, the error says both.
    const state = await context.stackState().catch(() => undefined);
    if (state && flowsNamed(state, name).length > 0) return flowFromStack(flowIn(state, name));
  }
  const { client, id } = await context.flow(name);
  return flowFromServer(client, id);
}

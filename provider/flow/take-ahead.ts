// Takes the draft that was made ahead of a deletion into the creation that it was made for.
import type { WireFlow } from "../../api";
import { additionsOf } from "../../definition/canonical/additions";
import { same } from "../../definition/canonical/values";
import { claimOf } from "../ownership/ownership";
import type { Connection, Session } from "../session";
import type { Draft } from "./ahead-drafts";
import { liveContent } from "./content";
import { outputsAfterWrite } from "./outputs";
import type { FlowInputs } from "./state";
import { writeContent } from "./write";

/** The draft that was made ahead for these inputs, with their content: what the editor wrote last may have been read only since. */
export async function takeAhead(
  session: Session,
  connection: Connection,
  inputs: FlowInputs,
): Promise<Draft | undefined> {
  const ahead = await session.ahead.take(inputs);
  if (!ahead) return undefined;
  const { flow, taken } = ahead;
  const sent = ahead.inputs.content;
  if (same(sent, inputs.content)) return { flow, taken };
  const written: WireFlow = await writeContent(connection, {
    id: flow.id,
    wanted: inputs,
    claim: claimOf(inputs),
    before: ahead.inputs,
    additions: additionsOf(sent, liveContent(flow, sent)),
    liveStatus: flow.status,
    version: flow.version,
    stamp: flow.updated_at,
    partial: (pendingWrite) => outputsAfterWrite(inputs, flow, pendingWrite),
  });
  return { flow: written, taken };
}

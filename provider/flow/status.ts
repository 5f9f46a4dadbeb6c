// Changes nothing but the status of a flow: activation is a request of its own, so that a flow is complete before it can send (design L5).
import type { FlowStatus, WireFlow } from "../../api";
import { didNothing, isConflict, isUnknownOutcome, PartialError, errorText } from "../errors";
import { additionsIn } from "./content";
import { outputsAfterWrite } from "./outputs";
import { encodeFlowState, type FlowInputs, type FlowState } from "./state";
import { conflict, unseenEdits } from "./write";
import { claimOf, ownerError, ownerRefusal, refusalText } from "../ownership/ownership";
import type { Connection, Session } from "../session";

const TRIES = 5;

export interface Activation {
  id: string;
  /** With the status that the flow shall have. */
  inputs: FlowInputs;
  /** What is known of the flow: the state that stays where the change fails. */
  outs: FlowState;
  /** The `updated_at` that the change is made on. */
  stamp: string;
  /** Nothing else was written before. */
  isAlone?: boolean;
}

/**
 * Brings the flow to the status of the inputs. After a write of ours, whatever fails keeps the id and what was written; a change of status alone that
 * was refused did nothing, so its error is a plain one (design L6).
 */
export async function activate(
  session: Session,
  connection: Connection,
  { id, inputs, outs, stamp, isAlone = false }: Activation,
): Promise<WireFlow> {
  const wanted = inputs.status as FlowStatus;
  let current = stamp;
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await connection.api.patchFlow(id, {
        status: wanted,
        base_updated_at: current,
      });
      connection.reader.forget(id);
      return answer;
    } catch (error) {
      connection.reader.forget(id);
      const undecided = isConflict(error) || isUnknownOutcome(error);
      const now = undecided ? await connection.api.getFlow(id).catch(() => undefined) : undefined;
      const foreign = now && ownerRefusal(id, now.description, claimOf(inputs));
      if (foreign && isAlone) throw ownerError(foreign);
      const edits = now ? unseen(now, inputs, outs) : [];
      if (now && now.status === wanted && edits.length === 0 && !foreign) return now;
      if (now && tries < TRIES && edits.length === 0 && !foreign) {
        current = now.updated_at;
        if (isUnknownOutcome(error)) await session.clock.sleep(500 * tries);
        continue;
      }
      if (isAlone && now && isConflict(error))
        throw conflict({ before: { ...inputs, status: undefined }, wanted: inputs }, now, edits);
      if (isAlone && didNothing(error)) throw error;
      // A status that somebody chose meanwhile stays unseen, so that the next up stops at it and names it.
      throw new PartialError(
        id,
        encodeFlowState(
          now && edits.length === 0 ? { ...outs, answer: { ...outs.answer, liveStatus: now.status } } : outs,
        ),
        `The flow ${id} was written, but its status could not be changed to ${wanted}: ${foreign ? refusalText(foreign) : errorText(error)} The next pulumi up tries again.`,
      );
    }
  }
}

const unseen = (now: WireFlow, inputs: FlowInputs, outs: FlowState) =>
  unseenEdits(now, {
    wanted: inputs,
    before: inputs,
    additions: additionsIn(outs),
    liveStatus: outs.answer.liveStatus,
  });

/** A change of status and of nothing else. */
export async function changeStatus(
  session: Session,
  connection: Connection,
  change: Omit<Activation, "isAlone">,
): Promise<FlowState> {
  return outputsAfterWrite(change.inputs, await activate(session, connection, { ...change, isAlone: true }));
}

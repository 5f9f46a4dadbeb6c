// Changes nothing but the status of a flow: activation is a request of its own, so that a flow is complete before it can send (design L5).
import type { WireFlow } from "../../api";
import type { Dict } from "../../definition/canonical/values";
import { didNothing, isConflict, isUnknownOutcome, PartialError, textOf } from "../errors";
import { additionsIn, contentOf, outputsAfterWrite } from "./state";
import { conflict, unseenEdits } from "./write";
import { claimOf, ownerError, ownerRefusal, refusalText } from "../ownership/ownership";
import type { Connection, Session } from "../session";

const TRIES = 5;

/**
 * Brings the flow to the status of the inputs. After a write of ours, whatever fails keeps the id and what was written; a change of status alone that
 * was refused did nothing, so its error is a plain one (design L6).
 */
export async function activate(
  session: Session,
  connection: Connection,
  id: string,
  inputs: Dict,
  outs: Dict,
  flow: WireFlow,
  options: { alone?: boolean } = {},
): Promise<WireFlow> {
  const wanted = String(inputs["status"]);
  let current = flow;
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await connection.api.patchFlow(id, {
        status: wanted,
        base_updated_at: current.updated_at,
      } as never);
      connection.reader.forget(id);
      return answer;
    } catch (error) {
      connection.reader.forget(id);
      const undecided = isConflict(error) || isUnknownOutcome(error);
      const now = undecided ? await connection.api.getFlow(id).catch(() => undefined) : undefined;
      const foreign = now && ownerRefusal(id, now.description, claimOf(inputs));
      if (foreign && options.alone) throw ownerError(foreign);
      const edits = now ? unseen(now, inputs, outs) : [];
      if (now && now.status === wanted && edits.length === 0 && !foreign) return now;
      if (now && tries < TRIES && edits.length === 0 && !foreign) {
        current = now;
        if (isUnknownOutcome(error)) await session.clock.sleep(500 * tries);
        continue;
      }
      if (options.alone && now && isConflict(error))
        throw conflict({ before: { ...inputs, status: undefined }, wanted: inputs }, now, edits);
      if (options.alone && didNothing(error)) throw error;
      // A status that somebody chose meanwhile stays unseen, so that the next up stops at it and names it.
      throw new PartialError(
        id,
        now && edits.length === 0 ? { ...outs, liveStatus: now.status } : outs,
        `The flow ${id} is in PostHog as it should be, but its status could not be changed to ${wanted}: ${foreign ? refusalText(foreign) : textOf(error)} The next pulumi up tries again.`,
      );
    }
  }
}

const unseen = (now: WireFlow, inputs: Dict, outs: Dict) =>
  unseenEdits(now, { wanted: inputs, before: inputs, additions: additionsIn(outs), liveStatus: outs["liveStatus"] });

/** A change of status and of nothing else. */
export async function changeStatus(
  session: Session,
  connection: Connection,
  id: string,
  inputs: Dict,
  outs: Dict,
  stamp: string,
): Promise<Dict> {
  const flow = await activate(session, connection, id, inputs, outs, { updated_at: stamp } as WireFlow, {
    alone: true,
  });
  return outputsAfterWrite(inputs, contentOf(inputs), flow);
}

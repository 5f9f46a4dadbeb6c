// Makes the draft of a replacement before the old flow is deleted: what PostHog refuses, in another project or in the same one, must not cost the flow that
// was there. A draft sends nothing, so two live copies never exist (design L18).
import { containsUnknown } from "../../definition/canonical/values";
import { guarded, Secrets } from "../boundary";
import { plainError, errorText } from "../errors";
import type { Connection, Session } from "../session";
import { draftOf } from "./create";
import { refuseDeletion } from "./protected-write";
import { encodeFlowInputs, type FlowState } from "./state";

/**
 * Makes the draft of what replaces this flow, before it or one of its schedules is deleted. Throws where PostHog does not take it: then nothing may be
 * deleted.
 * @param state The state of the flow, where it is the flow itself that is deleted, and nobody is in it who is protected.
 */
export async function makeAhead(session: Session, id: string, state?: FlowState): Promise<void> {
  const successor = session.ahead.successorOf(id, state);
  if (!successor) return;
  const { olds, inputs: wanted, moves } = successor;
  const adopt = wanted.adopt;
  // It takes over a flow that is there already, and its check has seen it.
  if (typeof adopt === "string" && adopt !== id) return;
  const where = moves ? `project ${wanted.projectId} on ${wanted.host}` : "the same project";
  if (containsUnknown(wanted)) {
    if (!moves) return;
    throw plainError(
      `Nothing was deleted: flow ${id} is to move to ${where}, but its new content is not known yet. Run pulumi up again.`,
    );
  }
  await session.ahead.draftFor(id, wanted, () =>
    guarded(new Secrets([olds, wanted].map(encodeFlowInputs)), async () => {
      try {
        const before = session.connection(olds);
        // Its own draft is none that an interrupted run has left.
        before.leftBehind.settled(id);
        // Whoever deletes the flow itself has just asked.
        if (!state) await askOldTarget(before, id, olds.protectInFlight === true);
        const connection = session.connection(wanted);
        const draft = await draftOf(session, connection, wanted);
        connection.made.add(draft.flow.id);
        connection.leftBehind.settled(draft.flow.id);
        const marked =
          wanted.owner !== undefined
            ? ""
            : " Without a marker (marker: false) a later run does not recognise it: if this run is interrupted, delete the draft by hand, or take it over with adopt.";
        session.ports.note(
          `Draft ${draft.flow.id} in ${where} replaces flow ${id}. It was created before anything is deleted.${marked}`,
        );
        return { ...draft, inputs: wanted };
      } catch (error) {
        throw plainError(
          `Nothing was deleted: flow ${id} is to be replaced by one in ${where}, but that one could not be created as a draft. ${errorText(error)} Fix this and run pulumi up again.`,
        );
      }
    }),
  );
}

/** What prevents the deletion of the old flow is found before the new one is made. */
async function askOldTarget(connection: Connection, id: string, isProtected: boolean): Promise<void> {
  const found = await connection.reader.fresh(id);
  if (isProtected) await refuseDeletion(connection, id, found);
}

// Deletes a flow, or archives it where that is asked for or all that PostHog allows (design L11).
import { isGone, type WireFlow, type WireFlowRow } from "../../api";
import { unmarked } from "../../definition/canonical/marker";
import { makeAhead } from "./ahead";
import { isServerError, plainError, errorText } from "../errors";
import { ownedPaths, withEditorsValues } from "./content";
import { archivesOnDelete } from "./outputs";
import type { FlowState } from "./state";
import { refuseDeletion } from "./protected-write";
import { claimOfState, foreignMarker, holderOf, isHeldByAnother, ownerWords, strangeRun } from "../ownership/ownership";
import type { Lookup } from "../reader";
import type { Connection, Session } from "../session";

export async function deleteFlow(session: Session, id: string, state: FlowState): Promise<void> {
  const connection = session.connection(state);
  if (connection.adopted.has(id) || isHeldByAnother(session, id, state)) {
    session.ports.note(`Flow ${id} was not deleted: another resource of this program has it, by \`adopt\`.`);
    return;
  }
  if (connection.resumed.has(id)) {
    // A replacement that is made before the old one is deleted finds it by its marker: the flow is both.
    session.ports.note(`Flow ${id} was not deleted: the resource that replaces it has it again, as it is.`);
    return;
  }
  const found = await lookUp(connection, id, state);
  const reason = found.kind === "gone" ? undefined : otherOwner(session, found.flow, state);
  if (reason !== undefined) {
    // Success would take the flow out of the state, and the next run would make a second one.
    if (session.ahead.successorOf(id, state))
      throw plainError(
        `Nothing was deleted: flow ${id} is to be replaced, but this resource no longer manages it: ${reason} A second one would send everything twice. Run pulumi refresh: the next preview says how to take it back.`,
      );
    session.leftAlone.add(String(holderOf(state)));
    session.ports.warn(`Flow ${id} was left unchanged, and is no longer in this stack's state: ${reason}`);
    return;
  }
  const last = await lastOf(connection, id, state, found);
  await makeAhead(session, id, state);
  connection.leftBehind.settled(id);
  try {
    if (archivesOnDelete(state)) await archive(connection, id);
    else await remove(session, connection, id);
  } catch (error) {
    if (!isGone(error)) throw plainError(errorText(error));
    // Gone is success, but only in a project that answers.
    const found = await connection.reader.fresh(id);
    if (found.kind !== "gone") throw plainError(errorText(error));
  } finally {
    connection.reader.forget(id);
  }
  connection.deleted.add(id);
  session.managed.flowDeleted(id);
  session.editorsValues.keep(last);
}

/** The flow before it is deleted: in full where something in it decides, otherwise from a list that many deletions share. */
async function lookUp({ reader }: Connection, id: string, state: FlowState): Promise<Lookup> {
  try {
    return await (state.protectInFlight === true || ownedPaths(state).length > 0
      ? reader.fresh(id)
      : reader.beforeDeletion(id));
  } catch (error) {
    throw plainError(`${errorText(error)} It is not known who manages flow ${id}. Nothing was deleted.`);
  }
}

/** Why the flow is not this resource's to delete; throws where nobody can say. */
function otherOwner(session: Session, flow: WireFlow | WireFlowRow, state: FlowState): string | undefined {
  const claim = claimOfState(state);
  const marker = foreignMarker(flow.description, claim);
  if (marker) return `the marker in its description says that ${ownerWords(marker, claim.owners)} manages it.`;
  const strange = strangeRun(state, session);
  if (strange !== undefined) throw plainError(`Flow ${flow.id} was not deleted: ${strange}`);
  return undefined;
}

/** The flow's properties with what the editor wrote last, once it is certain that nobody leaves with it who is protected. */
async function lastOf(connection: Connection, id: string, state: FlowState, found: Lookup): Promise<FlowState> {
  const isOwned = ownedPaths(state).length > 0;
  if (state.protectInFlight === true) await refuseDeletion(connection, id, found);
  return isOwned && found.kind !== "gone" ? withEditorsValues(state, found.flow) : state;
}

async function remove(session: Session, connection: Connection, id: string): Promise<void> {
  try {
    await connection.api.deleteFlow(id);
  } catch (error) {
    if (!isServerError(error)) throw error;
    const jobs = await connection.api.listBatchJobs(id).catch(() => []);
    if (jobs.length === 0) throw error;
    // A flow that ever ran a batch cannot be deleted (API §6.1); archived, it sends nothing more.
    await archive(connection, id);
    session.ports.warn(
      `Flow ${id} could not be deleted, because PostHog keeps its ${jobs.length} batch job${jobs.length === 1 ? "" : "s"}. It was archived instead and sends nothing more. It stays in PostHog's list of archived workflows.`,
    );
  }
}

/** Archives, and takes the owner's marker off: nothing in code manages this flow any more. */
async function archive(connection: Connection, id: string): Promise<void> {
  const row = await rowOf(connection, id);
  const description = row?.description ?? "";
  try {
    await connection.api.patchFlow(
      id,
      {
        status: "archived",
        ...(row && unmarked(description) !== description ? { description: unmarked(description) } : {}),
      },
      { retryUnknown: true },
    );
  } catch (error) {
    // Every answer that shows a flow stored incomplete is a 500, also after the save; its row still says it (API §1.3).
    if (!isServerError(error)) throw error;
    const now = await rowOf(connection, id);
    if (now?.status !== "archived" || unmarked(now.description) !== now.description) throw error;
  }
}

const rowOf = async (connection: Connection, id: string): Promise<WireFlowRow | undefined> =>
  (await connection.api.listFlows({ id, limit: 1 })).results.find((found) => found.id === id);

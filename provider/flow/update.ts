// Updates a flow with as few requests as the change needs: none for lifecycle flags, one for content, one for the status (design §5).
import type { FlowStatus, WireFlow, WireFlowRow } from "../../api";
import { isGone } from "../../api";
import { goneOf } from "../../definition/canonical/additions";
import { differences } from "../../definition/canonical/compare";
import { markerOf, tokensOf } from "../../definition/canonical/marker";
import { isServerError, plainError } from "../errors";
import {
  claimOfUpdate,
  foreignMarker,
  isOwnerInDoubt,
  refuseForeign,
  takeoverNote,
  type Claim,
} from "../ownership/ownership";
import type { Connection, Session } from "../session";
import { additionsIn, liveContent, ownedPaths, withEditorsValues, withOwned } from "./content";
import { effectsOf } from "./in-flight";
import { flowOutputs, knownStatus, outputsAfterWrite, overwritesUnseen } from "./outputs";
import { writeFlow } from "./protected-write";
import type { FlowInputs, FlowState } from "./state";
import { activate, changeStatus } from "./status";
import { warnAfterWrite } from "./warnings";
import type { Write } from "./write";

export async function updateFlow(
  session: Session,
  id: string,
  olds: FlowState,
  wanted: FlowInputs,
): Promise<FlowState> {
  const { needsContent, needsStatus } = needsOf(olds, wanted);
  const dropsDraft = wanted.discardStagedDraft !== undefined && wanted.discardStagedDraft !== olds.discardStagedDraft;
  const claim = claimOfUpdate(olds, wanted, session.settings);
  const inDoubt = isOwnerInDoubt(olds, wanted, claim);
  if (!needsContent && !needsStatus && !dropsDraft && !inDoubt) return flagsOnly(olds, wanted);
  const connection = session.connection(wanted);
  try {
    const live = inDoubt ? await ownFlow(connection, id, claim) : undefined;
    const known = live
      ? { ...olds, answer: { ...olds.answer, markerTokens: tokensOf(markerOf(live.description)) } }
      : olds;
    const takesOver = live !== undefined && foreignMarker(live.description, claim) !== undefined;
    let outs = await write(session, connection, {
      id,
      olds: known,
      wanted,
      claim,
      needsContent: needsContent || takesOver,
      needsStatus,
    });
    const note = live && takeoverNote(id, live.description, claim);
    if (note) session.ports.note(note);
    if (dropsDraft) outs = await discardDraft(session, connection, { id, wanted, outs, claim });
    return outs;
  } catch (error) {
    if (isGone(error)) await explainGone(connection, id, error);
    throw error;
  }
}

/** What an update must send. */
export function needsOf(olds: FlowState, wanted: FlowInputs): { needsContent: boolean; needsStatus: boolean } {
  const needsStatus = wanted.status !== undefined && wanted.status !== knownStatus(olds);
  // Whoever agrees to overwrite an edit means its content, too.
  return {
    needsContent: contentChanged(olds, wanted) || (needsStatus && wanted.overwriteDrift !== undefined),
    needsStatus,
  };
}

/** Whether anything differs that only a write of the whole content can bring about. */
function contentChanged(olds: FlowState, wanted: FlowInputs): boolean {
  return (
    olds.pendingWrite !== undefined ||
    olds.owner !== wanted.owner ||
    goneOf(olds.answer.serverAdditions).length > 0 ||
    differences(olds.content, withOwned(wanted, olds.content, olds).content).length > 0
  );
}

/** The state after a change of lifecycle flags, which reach PostHog in no request. */
const flagsOnly = (olds: FlowState, wanted: FlowInputs): FlowState => ({ ...wanted, answer: olds.answer });

interface Change {
  id: string;
  olds: FlowState;
  wanted: FlowInputs;
  claim: Claim;
  needsContent: boolean;
  needsStatus: boolean;
}

async function write(
  session: Session,
  connection: Connection,
  { id, olds, wanted, claim, needsContent, needsStatus }: Change,
): Promise<FlowState> {
  const stamp = String(olds.answer.updatedAt);
  if (!needsContent && !needsStatus) return flagsOnly(olds, wanted);
  // Switching off is sent with the content, so that nothing runs on half of a change; switching on waits until the content is there. The edit that is
  // overwritten may have switched the flow on.
  const overwrites = overwritesUnseen(olds, wanted);
  const { status } = wanted;
  const offBody =
    status !== undefined && status !== "active" && (needsStatus || overwrites)
      ? { status: status as FlowStatus }
      : undefined;
  if (!needsContent && !(wanted.protectInFlight === true && offBody)) {
    const answer = { ...olds.answer, liveStatus: knownStatus(olds) };
    return changeStatus(session, connection, { id, inputs: wanted, outs: { ...wanted, answer }, stamp });
  }
  const live = ownedPaths(wanted).length > 0 ? await editorsFlow(connection, id) : undefined;
  if (live) refuseForeign(live, claim);
  // What the editor owns is sent as it is live (design L17).
  const sent = live ? withOwned(wanted, liveContent(live, olds.content), olds) : wanted;
  const content: Write = {
    id,
    wanted: sent,
    claim,
    before: olds,
    additions: additionsIn(olds),
    liveStatus: olds.answer.liveStatus,
    version: Number(olds.answer.version),
    stamp,
    ...(olds.pendingWrite ? { pendingWrite: olds.pendingWrite } : {}),
    ...(offBody ? { body: offBody } : {}),
    partial: (pendingWrite) => ({
      ...olds,
      pendingWrite: { ...pendingWrite, ...(olds.owner === wanted.owner ? {} : { owner: wanted.owner }) },
    }),
  };
  // What is live and not in the state, an edit to overwrite or a pending write of ours, may hold people in steps that the state does not have.
  const mayMove = effectsOf(olds.content, sent.content).length > 0 || olds.pendingWrite !== undefined || overwrites;
  const flow = await writeFlow(connection, content, { mayMove });
  // A refresh of this run may have read another marker, or none.
  session.managed.describe(id, flow.description);
  const written = withEditorsValues(sent, flow);
  const outs = outputsAfterWrite(written, flow);
  warnAfterWrite(session, flow, outs, olds);
  if (status === undefined || flow.status === status) return outs;
  return outputsAfterWrite(
    written,
    await activate(session, connection, { id, inputs: written, outs, stamp: flow.updated_at }),
  );
}

async function liveFlow(connection: Connection, id: string): Promise<WireFlow> {
  connection.reader.forget(id);
  return connection.api.getFlow(id);
}

/** The flow as it is, unless it is somebody else's. */
async function ownFlow(connection: Connection, id: string, claim: Claim): Promise<WireFlow | WireFlowRow> {
  const found = await connection.reader.fresh(id);
  if (found.kind === "gone") throw found.error;
  refuseForeign(found.flow, claim);
  return found.flow;
}

/** Where the editor's values are taken from: of a flow that PostHog cannot show because it is stored incomplete, the list has them. */
async function editorsFlow(connection: Connection, id: string): Promise<WireFlow | WireFlowRow> {
  try {
    return await liveFlow(connection, id);
  } catch (error) {
    if (!isServerError(error)) throw error;
    const found = await connection.reader.fresh(id);
    if (found.kind === "gone") throw error;
    return found.flow;
  }
}

/** Drops the staged draft that the user has seen, and no later one (design L8). */
async function discardDraft(
  session: Session,
  connection: Connection,
  { id, wanted, outs, claim }: { id: string; wanted: FlowInputs; outs: FlowState; claim: Claim },
): Promise<FlowState> {
  const live = await liveFlow(connection, id);
  refuseForeign(live, claim);
  if (live.draft === null) return outs;
  if (live.draft_updated_at !== wanted.discardStagedDraft) {
    session.ports.warn(
      `Flow ${id}: the staged draft of ${String(live.draft_updated_at)} is not the one that discardStagedDraft names, so it was left alone.`,
    );
    return outs;
  }
  const flow = await connection.api.discardDraft(id);
  connection.reader.forget(id);
  return flowOutputs(wanted, flow, { additions: additionsIn(outs) });
}

/** A flow that is gone, told from a project that cannot be reached. */
async function explainGone(connection: Connection, id: string, error: unknown): Promise<void> {
  const found = await connection.reader.fresh(id);
  if (found.kind !== "gone") throw error;
  throw plainError(
    `Flow ${id} was deleted in PostHog. Run pulumi refresh, which removes it from the state; the next pulumi up creates it again. Nothing was written.`,
  );
}

// Updates a flow with as few requests as the change needs: none for settings, one for content, one for the status (design §5).
import type { WireFlow, WireFlowRow } from "../../api";
import { goneOf } from "../../definition/canonical/additions";
import { differences } from "../../definition/canonical/compare";
import { isDict, type Dict } from "../../definition/canonical/values";
import { markerOf, tokensOf } from "../../definition/canonical/marker";
import { isServerError, plainError } from "../errors";
import {
  additionsIn,
  contentOf,
  flowOutputs,
  inputsOf,
  knownStatus,
  liveContent,
  outputsAfterWrite,
  overwritesUnseen,
  ownedPaths,
  pick,
  withEditorsValues,
  withOwned,
  type Attempt,
} from "./state";
import { activate, changeStatus } from "./status";
import { warnAfterWrite } from "./warnings";
import { writeFlow } from "./protected-write";
import type { Write } from "./write";
import {
  claimOfUpdate,
  foreignMarker,
  isOwnerInDoubt,
  refuseForeign,
  takeoverNote,
  type Claim,
} from "../ownership/ownership";
import { effectsOf } from "./in-flight";
import { isGone } from "../../api";
import type { Connection, Session } from "../session";

/** Settings that are kept in the outputs and reach PostHog in no request. */
const KEPT_OUTPUTS = [
  "stateVersion",
  "liveStatus",
  "version",
  "url",
  "webhookUrl",
  "createdAt",
  "updatedAt",
  "billableActionTypes",
  "serverAdditions",
  "markerTokens",
  "stagedDraft",
] as const;

export async function updateFlow(session: Session, id: string, olds: Dict, news: Dict): Promise<Dict> {
  const before = inputsOf(olds);
  const wanted = inputsOf(news);
  const { needsContent, needsStatus } = needsOf(olds, wanted);
  const dropsDraft =
    typeof wanted["discardStagedDraft"] === "string" && wanted["discardStagedDraft"] !== before["discardStagedDraft"];
  const claim = claimOfUpdate(olds, wanted, session.settings);
  const inDoubt = isOwnerInDoubt(olds, wanted, claim);
  if (!needsContent && !needsStatus && !dropsDraft && !inDoubt) return settingsOnly(olds, wanted);
  const connection = session.connection(wanted);
  try {
    const live = inDoubt ? await ownFlow(connection, id, claim) : undefined;
    const known = live ? { ...olds, markerTokens: tokensOf(markerOf(live.description)) } : olds;
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
    if (dropsDraft) outs = await discardDraft(session, connection, id, { wanted, outs, claim });
    return outs;
  } catch (error) {
    if (isGone(error)) await explainGone(connection, id, error);
    throw error;
  }
}

/** What an update must send. */
export function needsOf(olds: Dict, wanted: Dict): { needsContent: boolean; needsStatus: boolean } {
  const needsStatus = wanted["status"] !== undefined && wanted["status"] !== knownStatus(olds);
  // Whoever agrees to overwrite an edit means its content, too.
  return {
    needsContent: contentChanged(olds, wanted) || (needsStatus && wanted["overwriteDrift"] !== undefined),
    needsStatus,
  };
}

/** Whether anything differs that only a write of the whole content can bring about. */
function contentChanged(olds: Dict, wanted: Dict): boolean {
  const before = contentOf(olds);
  return (
    olds["attempt"] !== undefined ||
    olds["owner"] !== wanted["owner"] ||
    goneOf(olds["serverAdditions"]).length > 0 ||
    differences(before, withOwned(contentOf(wanted), before, { news: wanted, olds })).length > 0
  );
}

function settingsOnly(olds: Dict, wanted: Dict): Dict {
  const kept: Dict = {};
  for (const key of KEPT_OUTPUTS) if (olds[key] !== undefined) kept[key] = olds[key];
  return { ...wanted, ...kept };
}

interface Change {
  id: string;
  olds: Dict;
  wanted: Dict;
  claim: Claim;
  needsContent: boolean;
  needsStatus: boolean;
}

async function write(
  session: Session,
  connection: Connection,
  { id, olds, wanted, claim, needsContent, needsStatus }: Change,
): Promise<Dict> {
  const stamp = String(olds["updatedAt"]);
  if (!needsContent && !needsStatus) return settingsOnly(olds, wanted);
  // Switching off goes out with the content, so that nothing runs on half of a change; switching on waits until the content is there. The edit that is
  // overwritten may have switched the flow on.
  const overwrites = overwritesUnseen(olds, wanted);
  const status = wanted["status"];
  const offBody = status !== undefined && status !== "active" && (needsStatus || overwrites) ? { status } : undefined;
  if (!needsContent && !(wanted["protectInFlight"] === true && offBody)) {
    const { liveStatus: _, ...kept } = settingsOnly(olds, wanted);
    return changeStatus(
      session,
      connection,
      id,
      wanted,
      { ...kept, ...pick({ liveStatus: knownStatus(olds) }, ["liveStatus"]) },
      stamp,
    );
  }
  const live = ownedPaths(wanted).length > 0 ? await editorsFlow(connection, id) : undefined;
  if (live) refuseForeign(live, claim);
  // What the editor owns goes out as it is live (design L17).
  const sent = live ? withOwned(wanted, liveContent(live, contentOf(olds)), { news: wanted, olds }) : wanted;
  const content: Write = {
    id,
    wanted: sent,
    claim,
    before: olds,
    additions: additionsIn(olds),
    liveStatus: olds["liveStatus"],
    version: Number(olds["version"]),
    stamp,
    ...(isDict(olds["attempt"]) ? { attempt: olds["attempt"] as unknown as Attempt } : {}),
    ...(offBody ? { body: offBody } : {}),
    partial: (attempt) => ({
      ...olds,
      attempt: { ...attempt, ...(olds["owner"] === wanted["owner"] ? {} : { owner: wanted["owner"] }) },
    }),
  };
  // What is live besides the state, an edit to overwrite or an attempt of ours, may hold people in steps that the state does not have.
  const mayMove = effectsOf(contentOf(olds), contentOf(sent)).length > 0 || olds["attempt"] !== undefined || overwrites;
  const flow = await writeFlow(connection, content, { mayMove });
  const written = withEditorsValues(sent, flow);
  const outs = outputsAfterWrite(written, contentOf(written), flow);
  warnAfterWrite(session, wanted, flow, outs, olds);
  if (wanted["status"] === undefined || flow.status === wanted["status"]) return outs;
  const activated = await activate(session, connection, id, written, outs, flow);
  return outputsAfterWrite(written, contentOf(written), activated);
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
  id: string,
  { wanted, outs, claim }: { wanted: Dict; outs: Dict; claim: Claim },
): Promise<Dict> {
  const live = await liveFlow(connection, id);
  refuseForeign(live, claim);
  if (live.draft === null) return outs;
  if (live.draft_updated_at !== wanted["discardStagedDraft"]) {
    session.ports.warn(
      `Flow ${id}: the staged draft of ${String(live.draft_updated_at)} is another one than discardStagedDraft names, so it was left alone.`,
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
    `Flow ${id} was deleted in PostHog. Run pulumi refresh, which takes it out of the state; the next pulumi up creates it again. Nothing was written.`,
  );
}

// Under `protectInFlight`, writes or deletes what would move or eject people only when nobody is in flight (design L9): PostHog counts them for a staged
// draft alone, so the change is staged, counted, and then published or dropped. Where somebody else has staged a draft, nothing is done. Whether anybody
// can be in flight is decided by the status that PostHog has, never by one that the state believes in.
import type { WireFlow } from "../../api";
import { differences } from "../../definition/canonical/compare";
import { decode } from "../../definition/canonical/decode";
import { isSameDescription } from "../../definition/canonical/marker";
import { same, type Dict } from "../../definition/canonical/values";
import { isUnknownOutcome, PartialError, plainError, errorText } from "../errors";
import { flowBody, liveContent } from "./content";
import { outputsAfterWrite } from "./outputs";
import { encodeFlowState, type FlowInputs } from "./state";
import { fencedFlow, shownBy, writeContent, type Write } from "./write";
import { effectsOf } from "./in-flight";
import { contentHash, isWhatWeSent } from "./server-made";
import type { Lookup } from "../reader";
import type { Connection } from "../session";

/** How often a draft of ours is dropped when the answers are lost. */
const TRIES = 3;

/** Content keys of a draft (API §7.1); name, description and status would go live at once. */
const LIVE_AT_ONCE = ["name", "description", "status"];

/** Whether anybody is in flight; the staged draft that had to be made for the question is there afterwards, under this stamp and token. */
interface Staged {
  inFlight: number | null;
  token: string | null;
}

/** The stamp of the draft that this write staged, once it is known. */
interface OurDraft {
  stamp?: string | null;
}

/** A write that went ahead because nobody could be in flight has found the flow active. */
class FoundActive extends Error {}

/** Writes content, and the status in its body. `mayMove`: whether it could move or eject anybody who is in the flow of the state. */
export async function writeFlow(
  connection: Connection,
  write: Write,
  { mayMove }: { mayMove: boolean },
): Promise<WireFlow> {
  if (write.wanted.protectInFlight !== true) return writeContent(connection, write);
  if (write.liveStatus !== "active") return writeUnlessActive(connection, write);
  return write.body || mayMove ? writeCounted(connection, write) : writeContent(connection, write);
}

/** Straight, because nobody is in flight in a flow that is not active. The fence notices when it has become so. */
async function writeUnlessActive(connection: Connection, write: Write): Promise<WireFlow> {
  try {
    return await writeContent(connection, {
      ...write,
      stopsAt: (now) => (now.status === "active" ? new FoundActive() : undefined),
    });
  } catch (error) {
    if (error instanceof FoundActive) return writeCounted(connection, write);
    throw error;
  }
}

async function writeCounted(connection: Connection, write: Write): Promise<WireFlow> {
  const { reader } = connection;
  const { flow: found, unreadable } = await fencedFlow(connection, write);
  if (found.status !== "active") return writeUnlessActive(connection, write);
  const status = write.body?.status;
  if (status !== undefined) {
    await refuseSwitchingOff(connection, write, { found, unreadable, status });
    return writeContent(connection, { ...write, stamp: await stampAfterCounting(connection, write, found) });
  }
  const { content } = write.wanted;
  if (effectsOf(liveContent(found, content), content).length === 0) return writeContent(connection, write);
  if (unreadable) throw uncountable();
  const live = await withoutForeignDraft(connection, write, found);
  const draft: OurDraft = {};
  let now: WireFlow;
  try {
    const staged = await stage(connection, write, live, draft);
    if (staged.inFlight !== 0) {
      throw plainError(
        `protectInFlight: ${howMany(staged.inFlight)} in this flow, and the change would move or eject them (the preview says which steps). ` +
          "Nothing live was changed. Run pulumi up again when nobody waits, keep the ids and wiring of the steps that people wait in, or remove protectInFlight.",
      );
    }
    now = await publish(connection, write, live, staged.token);
  } catch (error) {
    if (!(error instanceof PartialError))
      await dropOurs(connection, write.id, { draft, isOurs: (content) => holds(content, write), cause: error });
    throw error;
  } finally {
    reader.forget(write.id);
  }
  return writeTitle(connection, write, now);
}

async function refuseSwitchingOff(
  connection: Connection,
  write: Write,
  { found, unreadable, status }: { found: WireFlow; unreadable: boolean; status: string },
): Promise<void> {
  if (unreadable) throw uncountable();
  const inFlight = await countInFlight(connection, await withoutForeignDraft(connection, write, found), {
    isForeign: false,
  });
  if (inFlight === 0) return;
  throw plainError(
    `protectInFlight: ${howMany(inFlight)} in this flow, and all of them would leave it when it becomes ${status}. Nothing live was changed. Run pulumi up again when nobody waits, or remove protectInFlight.`,
  );
}

/** Staging and dropping a draft move the stamp. Anything else that has changed since is an edit, which the old one fences. */
async function stampAfterCounting({ api }: Connection, write: Write, found: WireFlow): Promise<string> {
  const now = await api.getFlow(write.id);
  const isFound = found.updated_at === write.stamp || found.updated_at === write.wanted.overwriteDrift;
  return isFound && same(decode(found), decode(now)) ? now.updated_at : write.stamp;
}

/** Refuses to delete or archive a flow while anybody is in it, or nobody can say. The flow stays as it was. */
export async function refuseDeletion(connection: Connection, id: string, found: Lookup): Promise<void> {
  if (found.kind === "gone" || found.flow.status !== "active") return;
  const wayOn =
    "Run it again when nobody waits; or set protectInFlight: false on the flow, run pulumi up, and delete it then. A deletion uses what the last pulumi up put into the state.";
  if (found.kind !== "detail")
    throw plainError(
      `protectInFlight: flow ${id} is stored incomplete, so PostHog cannot show it (500) or count the people in it, who would all leave it. Nothing was deleted. Fix the incomplete step in PostHog's editor. ${wayOn}`,
    );
  let inFlight: number | null;
  try {
    inFlight = await countInFlight(connection, found.flow, {
      isForeign: found.flow.draft !== null && !changesNothing(found.flow.draft, found.flow),
    });
  } catch (error) {
    throw plainError(
      `protectInFlight: the people in flow ${id}, who would all leave it, could not be counted: ${errorText(error)} Nothing was deleted. ${wayOn}`,
    );
  }
  if (inFlight !== 0)
    throw plainError(
      `protectInFlight: ${howMany(inFlight)} in flow ${id}, and all of them would leave it with the flow. PostHog does not say where they wait or for how long. Nothing was deleted. ${wayOn}`,
    );
}

/**
 * How many people are in an active flow; null when PostHog does not know. It is asked of the staged draft that is there, which stays when it is somebody
 * else's, or of one that changes nothing.
 */
async function countInFlight(
  connection: Connection,
  live: WireFlow,
  { isForeign }: { isForeign: boolean },
): Promise<number | null> {
  const { id } = live;
  if (isForeign) return (await connection.api.previewPublish(id)).in_flight_runs;
  const draft: OurDraft = live.draft === null ? {} : { stamp: live.draft_updated_at };
  const isOurs = (staged: unknown): boolean => changesNothing(staged, live);
  let inFlight: number | null;
  try {
    if (live.draft === null)
      draft.stamp = (
        await connection.api.patchFlow(id, {
          exit_condition: live.exit_condition,
          stage_draft: true,
          base_updated_at: live.updated_at,
        })
      ).draft_updated_at;
    inFlight = (await connection.api.previewPublish(id)).in_flight_runs;
  } catch (error) {
    await dropOurs(connection, id, { draft, isOurs, cause: error });
    throw error;
  }
  await dropOurs(connection, id, { draft, isOurs });
  return inFlight;
}

/** Whether publishing the draft would change nothing. */
function changesNothing(draft: unknown, live: WireFlow): boolean {
  const { name: _n, description: _d, status: _s, ...content } = decode(live);
  const { name: _dn, description: _dd, status: _ds, ...staged } = decode(draft as Dict);
  return differences(content, staged).length === 0;
}

/** Every request that stages or counts answers with the flow, and PostHog cannot show this one (API §1.3). */
const uncountable = (): Error =>
  plainError(
    "protectInFlight: the flow is stored incomplete, so PostHog cannot show it (500) or count the people in it, whom the change would move or eject. Nothing was changed. " +
      "Fix the incomplete step in PostHog's editor, or remove protectInFlight, and run pulumi up again: it writes the whole flow.",
  );

const howMany = (count: number | null): string =>
  count === null ? "PostHog could not say how many people are" : `${count} ${count === 1 ? "person is" : "people are"}`;

/** The flow without a draft of somebody else: dropped when the program names it (design L8), otherwise nothing is done. */
async function withoutForeignDraft(connection: Connection, write: Write, live: WireFlow): Promise<WireFlow> {
  // A draft with the very content of this write is what an interrupted run of ours left, and one that changes nothing is one to count with.
  if (live.draft === null || draftDifferences(live.draft, write).length === 0 || changesNothing(live.draft, live))
    return live;
  const stamp = String(live.draft_updated_at);
  if (write.wanted.discardStagedDraft === stamp) return connection.api.discardDraft(write.id);
  throw plainError(
    `protectInFlight: somebody has staged changes in PostHog's editor (${stamp}), and people in flight can only be counted for a staged draft. Publish or discard it in the editor, or set discardStagedDraft: "${stamp}", and run pulumi up again. Nothing was changed.`,
  );
}

async function stage(connection: Connection, write: Write, live: WireFlow, draft: OurDraft): Promise<Staged> {
  const content = Object.fromEntries(
    Object.entries(flowBody(write.wanted)).filter(([key]) => !LIVE_AT_ONCE.includes(key)),
  );
  // A flow with a draft is fenced by the draft's stamp (API §6.3).
  const staged = await connection.api.patchFlow(write.id, {
    ...content,
    stage_draft: true,
    base_updated_at: live.draft_updated_at ?? live.updated_at,
  });
  draft.stamp = staged.draft_updated_at;
  const preview = await connection.api.previewPublish(write.id);
  return { inFlight: preview.in_flight_runs, token: preview.confirm_token };
}

async function publish(connection: Connection, write: Write, live: WireFlow, token: string | null): Promise<WireFlow> {
  if (token === null)
    throw plainError(
      "PostHog returned no token to publish the staged change. Nothing live was changed; run pulumi up again.",
    );
  try {
    const { workflow } = await connection.api.publish(write.id, token);
    return workflow;
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    const now = await connection.api.getFlow(write.id).catch(() => undefined);
    if (now === undefined) throw unseenPublication(write, live, error);
    if (now.draft === null && holds(now, write)) return now;
    throw error;
  }
}

/** Nobody can say whether the publication arrived; if it did, title and description are still the old ones. */
function unseenPublication(write: Write, live: WireFlow, error: unknown): PartialError {
  return new PartialError(
    write.id,
    encodeFlowState(
      write.partial({ hash: contentHash(withLiveTitle(write.wanted, live).content), version: write.version }),
    ),
    `The answer to publishing the staged change was lost, and the flow could not be read afterwards: ${errorText(error)} Nothing was repeated. Run pulumi up again: it first checks whether the change arrived.`,
  );
}

/** Title and description are no part of a draft, and move nobody. */
async function writeTitle(connection: Connection, write: Write, flow: WireFlow): Promise<WireFlow> {
  const { name = null, description } = flowBody(write.wanted);
  const isReached = (now: WireFlow): boolean => now.name === name && isSameDescription(now.description, description);
  if (isReached(flow)) return flow;
  try {
    return await connection.api.patchFlow(write.id, {
      name,
      description,
      base_updated_at: flow.updated_at,
    });
  } catch (error) {
    const now = isUnknownOutcome(error) ? await connection.api.getFlow(write.id).catch(() => undefined) : undefined;
    if (now && isReached(now) && holds(now, write)) return now;
    const published = withLiveTitle(write.wanted, flow);
    throw new PartialError(
      write.id,
      encodeFlowState(outputsAfterWrite(published, flow)),
      `The change of the flow's steps was published, but its name and description could not be changed: ${errorText(error)} The next pulumi up tries again.`,
    );
  } finally {
    connection.reader.forget(write.id);
  }
}

/** These inputs with the name and description that the flow has. */
function withLiveTitle(inputs: FlowInputs, flow: WireFlow): FlowInputs {
  const { name: _n, description: _d, ...rest } = inputs.content;
  const { name, description } = liveContent(flow, inputs.content);
  return {
    ...inputs,
    content: {
      ...rest,
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    },
  };
}

/** The parts of this write that a draft has, and those of this content. */
function draftParts(content: Dict, write: Write): { ours: Dict; theirs: Dict } {
  const wanted = write.wanted.content;
  const { name: _n, description: _d, ...ours } = wanted;
  const { name: _ln, description: _ld, status: _ls, ...theirs } = liveContent(content as unknown as WireFlow, wanted);
  return { ours, theirs };
}

function draftDifferences(draft: unknown, write: Write) {
  const { ours, theirs } = draftParts(draft as Dict, write);
  return differences(ours, theirs);
}

/** Whether this content, live or staged, is what PostHog makes of that of the write. */
function holds(content: unknown, write: Write): boolean {
  const { ours, theirs } = draftParts(content as Dict, write);
  return isWhatWeSent(ours, theirs, shownBy(write));
}

/** Drops the draft that was staged here, and no other: somebody may have gone on editing it. */
async function dropOurs(
  { api, reader }: Connection,
  id: string,
  { draft, isOurs, cause }: { draft: OurDraft; isOurs(draft: unknown): boolean; cause?: unknown },
): Promise<void> {
  reader.forget(id);
  try {
    for (let tries = 1; ; tries += 1) {
      const now = await api.getFlow(id);
      if (now.draft === null) return;
      // Without a stamp the answer to the staging was lost, and the draft itself must show who made it.
      if (!(typeof draft.stamp === "string" ? now.draft_updated_at === draft.stamp : isOurs(now.draft))) return;
      try {
        await api.discardDraft(id);
        return;
      } catch (error) {
        if (!isUnknownOutcome(error) || tries >= TRIES) throw error;
      }
    }
  } catch (error) {
    throw plainError(
      `${cause === undefined ? "" : `${errorText(cause)} `}The change was staged to count the people in flight, but the staged draft could not be dropped afterwards: ${errorText(error)} Discard it in PostHog's editor; none of it is live.`,
    );
  } finally {
    reader.forget(id);
  }
}

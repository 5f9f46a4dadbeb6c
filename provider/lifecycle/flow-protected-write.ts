// Writes a change that would move or eject people only when nobody is in flight (design L9): PostHog counts them for a staged draft alone, so the change
// is staged, counted, and then published or dropped. Where somebody else has staged a draft, nothing is done.
import type { WireFlow } from "../api";
import { plainError, textOf, isUnknownOutcome } from "./errors";
import { contentOf, liveContent } from "./flow-state";
import { contentBody, fencedFlow, type Write } from "./flow-write";
import { differences } from "../canonical/compare";
import { isWhatWeSent } from "./server-made";
import type { Connection } from "./session";

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

export async function writeProtected(connection: Connection, write: Write): Promise<WireFlow> {
  const { api, reader } = connection;
  const live = await fencedFlow(connection, write);
  refuseForeignDraft(live);
  const draft: OurDraft = {};
  let now: WireFlow;
  try {
    const staged = await stage(connection, write, live, draft);
    if (staged.inFlight !== 0) {
      throw plainError(
        `protectInFlight: ${staged.inFlight === null ? "PostHog could not say how many people are" : `${staged.inFlight} ${staged.inFlight === 1 ? "person is" : "people are"}`} in this flow, and the change would move or eject them (the preview says which steps). ` +
          "Nothing was changed. Run pulumi up again when nobody waits, keep the ids and wiring of the steps that people wait in, or remove protectInFlight.",
      );
    }
    now = await publish(connection, write, staged.token);
  } catch (error) {
    await dropOurs(connection, write, draft, error);
    throw error;
  } finally {
    reader.forget(write.id);
  }
  // Title and description are no part of a draft, and move nobody.
  const body = contentBody(write.wanted);
  if (now.name === body["name"] && now.description === body["description"]) return now;
  return api.patchFlow(write.id, { name: body["name"], description: body["description"], base_updated_at: now.updated_at } as never);
}

/** Asks how many people are in flight, and leaves the flow as it was. */
export async function refuseWhenInFlight(connection: Connection, write: Write, becomes: string): Promise<void> {
  const live = await fencedFlow(connection, write);
  if (live.status !== "active") return;
  refuseForeignDraft(live);
  const draft: OurDraft = {};
  let inFlight: number | null;
  try {
    ({ inFlight } = await stage(connection, write, live, draft));
  } catch (error) {
    await dropOurs(connection, write, draft, error);
    throw error;
  }
  await dropOurs(connection, write, draft);
  if (inFlight === 0) return;
  throw plainError(`protectInFlight: ${inFlight === null ? "PostHog could not say how many people are" : `${inFlight} ${inFlight === 1 ? "person is" : "people are"}`} in this flow, and all of them would leave it when it becomes ${becomes}. Nothing was changed.`);
}

function refuseForeignDraft(live: WireFlow): void {
  if (live.draft === null) return;
  throw plainError(
    `protectInFlight: somebody has staged changes in PostHog's editor (${String(live.draft_updated_at)}), and people in flight can only be counted for a staged draft. Publish or discard it in the editor, or set discardStagedDraft: "${String(live.draft_updated_at)}", and run pulumi up again. Nothing was changed.`,
  );
}

async function stage(connection: Connection, write: Write, live: WireFlow, draft: OurDraft): Promise<Staged> {
  const content = Object.fromEntries(Object.entries(contentBody(write.wanted)).filter(([key]) => !LIVE_AT_ONCE.includes(key)));
  const staged = await connection.api.patchFlow(write.id, { ...content, stage_draft: true, base_updated_at: live.updated_at } as never);
  draft.stamp = staged.draft_updated_at;
  const preview = await connection.api.previewPublish(write.id);
  return { inFlight: preview.in_flight_runs, token: preview.confirm_token };
}

async function publish(connection: Connection, write: Write, token: string | null): Promise<WireFlow> {
  if (token === null) throw plainError("PostHog gave no token to publish the staged change with. Nothing was changed; run pulumi up again.");
  try {
    const { workflow } = await connection.api.publish(write.id, token);
    return workflow;
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    const now = await connection.api.getFlow(write.id);
    if (now.draft === null && holds(now, write)) return now;
    throw error;
  }
}

/** Whether this content, live or staged, is that of the write. */
function holds(content: WireFlow, write: Write): boolean {
  const wanted = contentOf(write.wanted);
  const { name: _n, description: _d, ...ours } = wanted;
  const { name: _ln, description: _ld, ...theirs } = liveContent(content, wanted);
  return differences(ours, theirs).length === 0 || isWhatWeSent(ours, theirs);
}

/** Drops the draft that this write staged, and no other: somebody may have gone on editing it. */
async function dropOurs(connection: Connection, write: Write, draft: OurDraft, cause?: unknown): Promise<void> {
  connection.reader.forget(write.id);
  try {
    const now = await connection.api.getFlow(write.id);
    if (now.draft === null) return;
    // Without a stamp the answer to the staging was lost, and the draft itself must tell whose it is.
    const isOurs = typeof draft.stamp === "string" ? now.draft_updated_at === draft.stamp : holds(now.draft as unknown as WireFlow, write);
    if (isOurs) await connection.api.discardDraft(write.id);
  } catch (error) {
    throw plainError(
      `${cause === undefined ? "" : `${textOf(cause)} `}The change was staged to count the people in flight, and the staged draft could not be dropped afterwards: ${textOf(error)} Discard it in PostHog's editor; nothing of it is live.`,
    );
  }
}

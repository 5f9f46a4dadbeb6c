// Writes content behind a fence (design L7): with the stamp of the state, so that an edit which nobody has seen is never overwritten, and with
// an answer to each way in which such a write can end.
import type { FlowStatus, WireFlow } from "../../api";
import { withoutAdditions, type Additions } from "../../definition/canonical/additions";
import { differences, type Difference } from "../../definition/canonical/compare";
import { decode } from "../../definition/canonical/decode";
import { parsePath } from "../../definition/canonical/paths";
import { hidesNewSecret, secretPathsOf } from "../../definition/canonical/secrets";
import { isConflict, isServerError, isUnknownOutcome, PartialError, plainError, errorText } from "../errors";
import { flowBody, liveContent, ownedPaths, withOwned, withPathsFrom } from "./content";
import { knownStatus } from "./outputs";
import { definitionIn, encodeFlowState, type FlowInputs, type FlowState, type PendingWrite } from "./state";
import { effectsOf, isKnownOff } from "./in-flight";
import { refuseForeign, type Claim } from "../ownership/ownership";
import { differenceLines } from "../report";
import { contentHash, isWhatWeSent, type Shown } from "./server-made";
import type { Connection } from "../session";

/** How often a write is tried again after a background refresh, or after an answer that was lost without an effect. */
const TRIES = 5;

export interface Write {
  id: string;
  /** Inputs that the write shall bring about. */
  wanted: FlowInputs;
  /** Who owns the flow, and from whom it may be taken over. */
  claim: Claim;
  /** Inputs and additions of the state: what we believe to be live. */
  before: FlowInputs;
  additions: Additions;
  /** Status that the state has. */
  liveStatus: string | undefined;
  version: number;
  stamp: string;
  pendingWrite?: PendingWrite;
  /** A status that is sent with the content. */
  body?: { status: FlowStatus };
  /** Asked about the flow as a refused or lost write finds it: what it answers is thrown, and nothing is written over that. */
  stopsAt?(now: WireFlow): Error | undefined;
  /** The state that the partial error carries when nobody can say how the write ended. */
  partial(pendingWrite: PendingWrite): FlowState;
}

/** What differs between the live flow and the one that the state describes. */
export function unseenEdits(
  flow: WireFlow,
  write: Pick<Write, "wanted" | "before" | "additions" | "liveStatus">,
): Difference[] {
  const before = write.before.content;
  // A path that this write takes back from the editor is fenced again: nobody has seen the last edit of it (design L17).
  const still = new Set(ownedPaths(write.wanted));
  const owned = ownedPaths(write.before).filter((path) => still.has(path));
  const live = withoutAdditions(liveContent(flow, before), write.additions, before);
  const edits = differences(before, withPathsFrom(live.definition, before, owned));
  for (const path of Object.keys(live.vanished))
    edits.push({ path: parsePath(path) ?? [path], kind: "removed", before: "", after: undefined });
  return [...edits, ...unseenStatus(flow, write)];
}

/**
 * A status that somebody chose since the state, where a program states one (design L3). What the program wants anyway is no loss, unless people have come in
 * meanwhile whom this write would move, and no preview has spoken of.
 */
function unseenStatus(
  flow: WireFlow,
  { before, wanted, liveStatus }: Pick<Write, "wanted" | "before" | "liveStatus">,
): Difference[] {
  const known = knownStatus({ status: before.status, answer: { liveStatus } });
  if (known === undefined || flow.status === known) return [];
  if (
    flow.status === wanted.status &&
    !(flow.status === "active" && effectsOf(before.content, wanted.content).length > 0)
  )
    return [];
  return [{ path: ["status"], kind: "changed", before: known, after: flow.status }];
}

/** What the answers before this write have shown of PostHog's doing. */
export const shownBy = ({ additions, before }: Pick<Write, "additions" | "before">): Shown => ({
  additions,
  content: before.content,
});

/** What the live flow holds: what this write wants, or what a pending one of ours has made, or something else. */
function heldBy(flow: WireFlow, write: Write): "wanted" | "pending" | "other" {
  const wanted = write.wanted.content;
  const live = liveContent(flow, wanted);
  const status = write.body?.status;
  // Two changes of content since the state are one more than ours, so then only the very same content counts.
  const once = flow.version <= write.version + 1;
  const shown = shownBy(write);
  const reached = differences(wanted, live).length === 0 || (once && isWhatWeSent(wanted, live, shown));
  // Content shows nothing about a secret that this write sets or rotates, so it is written again.
  const isHidden = hidesNewSecret(decode(flow, wanted), wanted, write.before.content);
  if (reached && !isHidden && (status === undefined || flow.status === status)) return "wanted";
  if (reached) return "pending";
  const { pendingWrite } = write;
  return pendingWrite !== undefined &&
    flow.version <= pendingWrite.version + 1 &&
    contentHash(live, wanted, shown) === pendingWrite.hash
    ? "pending"
    : "other";
}

/** Writes the content and answers with the flow as it is then. */
export async function writeContent(connection: Connection, write: Write): Promise<WireFlow> {
  const { api, reader } = connection;
  let body = { ...flowBody(write.wanted), ...write.body };
  let stamp = write.stamp;
  for (let tries = 1; ; tries += 1) {
    try {
      const flow = await api.putFlow(write.id, { ...body, base_updated_at: stamp });
      reader.forget(write.id);
      return flow;
    } catch (error) {
      reader.forget(write.id);
      const lost = isUnknownOutcome(error);
      if (!lost && !isConflict(error)) throw error;
      const now = await liveAfter(connection, write, error);
      refuseForeign(now, write.claim);
      const unseen = unseenEdits(now, write);
      // As the state says: nothing of this write is there yet, however little it would change apart from what PostHog itself makes of it.
      const holds = unseen.length === 0 ? "pending" : heldBy(now, write);
      if (write.wanted.overwriteDrift !== now.updated_at) {
        // Content that is ours says nothing about a status that somebody chose after it.
        const edits = holds === "other" ? unseen : unseenStatus(now, write);
        if (edits.length > 0) throw conflict(write, now, edits);
      }
      if (holds === "wanted" && now.updated_at !== stamp) return now;
      const stop = write.stopsAt?.(now);
      if (stop) throw stop;
      if (tries >= TRIES)
        throw lost
          ? partialOf(write, error)
          : plainError(
              `PostHog kept changing the flow while it was written, in ${TRIES} attempts. Run pulumi up again. ${errorText(error)}`,
            );
      stamp = now.updated_at;
      // What the editor owns may have been edited since it was read.
      const live = liveContent(now, write.before.content);
      body = { ...flowBody(withOwned(write.wanted, live, write.before)), ...write.body };
    }
  }
}

/**
 * The flow as it is now, when nothing was edited since the state that nobody has seen; otherwise the error of the fence. One that is stored incomplete
 * comes from the list.
 */
export async function fencedFlow(
  connection: Connection,
  write: Write,
): Promise<{ flow: WireFlow; unreadable: boolean }> {
  const found = await connection.reader.fresh(write.id);
  if (found.kind === "gone") throw found.error;
  const now = found.flow as WireFlow;
  refuseForeign(now, write.claim);
  const answer = { flow: now, unreadable: found.kind === "unreadable" };
  if (
    now.updated_at === write.stamp ||
    write.wanted.overwriteDrift === now.updated_at ||
    heldBy(now, write) !== "other"
  )
    return answer;
  const edits = unseenEdits(now, write);
  if (edits.length > 0) throw conflict(write, now, edits);
  return answer;
}

/** The flow after a write that was refused as stale or whose answer was lost. */
async function liveAfter(connection: Connection, write: Write, error: unknown): Promise<WireFlow> {
  try {
    return await connection.api.getFlow(write.id);
  } catch (again) {
    // Somebody stored an incomplete step, so that every detail read is a 500 (API §1.3); the list still shows what it is.
    const found = isServerError(again) ? await connection.reader.fresh(write.id).catch(() => undefined) : undefined;
    if (found?.kind === "unreadable") return found.flow as WireFlow;
    if (!isUnknownOutcome(error)) throw again;
    throw partialOf(write, error);
  }
}

function partialOf(write: Write, error: unknown): PartialError {
  return new PartialError(
    write.id,
    encodeFlowState(write.partial({ hash: contentHash(write.wanted.content), version: write.version })),
    `The answer to an update was lost, and the flow could not be read afterwards: ${errorText(error)} Nothing was repeated. Run pulumi up again: it first checks whether the update arrived.`,
  );
}

/** The error for an edit that nobody has seen: what differs, and the two things to do. */
export function conflict(write: Pick<Write, "before" | "wanted">, now: WireFlow, edits: Difference[]): Error {
  const before = write.before.content;
  const lines = differenceLines(edits, before, {
    secretPaths: [...secretPathsOf(write.before), ...secretPathsOf(write.wanted)],
    before: "state",
    after: "PostHog",
    ours: definitionIn(write.wanted),
  });
  return plainError(
    [
      `Somebody changed the flow in PostHog since the last up or refresh (version ${now.version}, ${now.updated_at}), and this update would overwrite it unseen:`,
      ...lines,
      ...(edits.some(({ path }) => path[0] === "status") && write.wanted.status === "active" && isKnownOff(now.status)
        ? [
            `Somebody switched the flow off, and with status: "active" in the program an up switches it on again. To keep it off, write status: ${JSON.stringify(now.status)}.`,
          ]
        : []),
      "You can either",
      "  run pulumi refresh, which puts their edit in the state, so that the next preview compares it with your program",
      `  or set overwriteDrift: "${now.updated_at}" in the flow's arguments, which overwrites only this edit`,
    ].join("\n"),
  );
}

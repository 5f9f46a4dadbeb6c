// Writes content behind a fence (design L7): with the stamp of the state, so that an edit which nobody has seen is never overwritten, and with
// an answer to each way in which such a write can end.
import type { WireFlow } from "../../api";
import { contentBody } from "../../definition/canonical/body";
import { withoutAdditions, type Additions } from "../../definition/canonical/additions";
import { differences, type Difference } from "../../definition/canonical/compare";
import { definitionOf } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { parsePath } from "../../definition/canonical/paths";
import { hidesNewSecret, secretPathsOf } from "../../definition/canonical/secrets";
import type { Dict } from "../../definition/canonical/values";
import { isConflict, isServerError, isUnknownOutcome, PartialError, plainError, textOf } from "../errors";
import { contentOf, knownStatus, liveContent, ownedPaths, withOwned, withPathsFrom, type Attempt } from "./state";
import { effectsOf } from "./in-flight";
import { refuseForeign, type Claim } from "../ownership/ownership";
import { differenceLines } from "../report";
import { attemptHash, isWhatWeSent, type Shown } from "./server-made";
import type { Connection } from "../session";

/** How often a write is tried again after a background refresh, or after an answer that was lost without an effect. */
const TRIES = 5;

export interface Write {
  id: string;
  /** Inputs that the write shall bring about. */
  wanted: Dict;
  /** Whose the flow is, and from whom it may be taken over. */
  claim: Claim;
  /** Inputs and additions of the state: what we believe to be live. */
  before: Dict;
  additions: Additions;
  /** Status that the state has. */
  liveStatus: unknown;
  version: number;
  stamp: string;
  attempt?: Attempt;
  /** Further keys of the body: a status that goes out with the content. */
  body?: Dict;
  /** Asked about the flow as a refused or lost write finds it: what it answers is thrown, and nothing is written over that. */
  stopsAt?(now: WireFlow): Error | undefined;
  /** What the partial error carries when nobody can tell how the write ended. */
  partial(attempt: Attempt): Dict;
}

/** What differs between the live flow and the one that the state describes. */
export function unseenEdits(
  flow: WireFlow,
  write: Pick<Write, "wanted" | "before" | "additions" | "liveStatus">,
): Difference[] {
  const before = contentOf(write.before);
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
  const known = knownStatus({ status: before["status"], liveStatus });
  if (known === undefined || flow.status === known) return [];
  if (
    flow.status === wanted["status"] &&
    !(flow.status === "active" && effectsOf(contentOf(before), contentOf(wanted)).length > 0)
  )
    return [];
  return [{ path: ["status"], kind: "changed", before: known, after: flow.status }];
}

/** What the answers before this write have shown of PostHog's doing. */
export const shownBy = ({ additions, before }: Pick<Write, "additions" | "before">): Shown => ({
  additions,
  content: contentOf(before),
});

/** How the live flow stands to this write: it holds what we want, or what an earlier attempt of ours made, or something else. */
function standing(flow: WireFlow, write: Write): "wanted" | "attempt" | "other" {
  const wanted = contentOf(write.wanted);
  const live = liveContent(flow, wanted);
  const status = write.body?.["status"];
  // Two changes of content since the state are one more than ours, so then only the very same content counts.
  const once = flow.version <= write.version + 1;
  const shown = shownBy(write);
  const reached = differences(wanted, live).length === 0 || (once && isWhatWeSent(wanted, live, shown));
  // Content tells nothing about a secret that this write sets or rotates, so it is written again.
  const isHidden = hidesNewSecret(decode(flow as unknown as Dict, wanted), wanted, contentOf(write.before));
  if (reached && !isHidden && (status === undefined || flow.status === status)) return "wanted";
  if (reached) return "attempt";
  const { attempt } = write;
  return attempt !== undefined &&
    flow.version <= attempt.version + 1 &&
    attemptHash(live, wanted, shown) === attempt.hash
    ? "attempt"
    : "other";
}

/** Writes the content and answers with the flow as it is then. */
export async function writeContent(connection: Connection, write: Write): Promise<WireFlow> {
  const { api, reader } = connection;
  let body = { ...contentBody(write.wanted), ...write.body };
  let stamp = write.stamp;
  for (let tries = 1; ; tries += 1) {
    try {
      const flow = await api.putFlow(write.id, { ...body, base_updated_at: stamp } as never);
      reader.forget(write.id);
      return flow;
    } catch (error) {
      reader.forget(write.id);
      const lost = isUnknownOutcome(error);
      if (!lost && !isConflict(error)) throw error;
      const now = await liveAfter(connection, write, error);
      refuseForeign(now, write.claim);
      const unseen = unseenEdits(now, write);
      // As the state says: nothing of this write is there yet, however little it would change besides what PostHog itself makes of it.
      const stands = unseen.length === 0 ? "attempt" : standing(now, write);
      if (write.wanted["overwriteDrift"] !== now.updated_at) {
        // Content that is ours says nothing about a status that somebody chose after it.
        const edits = stands === "other" ? unseen : unseenStatus(now, write);
        if (edits.length > 0) throw conflict(write, now, edits);
      }
      if (stands === "wanted" && now.updated_at !== stamp) return now;
      const stop = write.stopsAt?.(now);
      if (stop) throw stop;
      if (tries >= TRIES)
        throw lost
          ? partialOf(write, error)
          : plainError(
              `PostHog kept changing the flow while it was written; ${TRIES} attempts were made. Run pulumi up again. ${textOf(error)}`,
            );
      stamp = now.updated_at;
      // What the editor owns may have been edited since it was read.
      const live = liveContent(now, contentOf(write.before));
      body = {
        ...contentBody(withOwned(write.wanted, live, { news: write.wanted, olds: write.before })),
        ...write.body,
      };
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
    write.wanted["overwriteDrift"] === now.updated_at ||
    standing(now, write) !== "other"
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
  const content = contentOf(write.wanted);
  return new PartialError(
    write.id,
    write.partial({ hash: attemptHash(content), version: write.version }),
    `The answer to an update was lost, and the flow could not be read afterwards: ${textOf(error)} Nothing was repeated. Run pulumi up again: it looks first whether the update arrived.`,
  );
}

/** The error for an edit that nobody has seen: what differs, and both ways on. */
export function conflict(write: Pick<Write, "before" | "wanted">, now: WireFlow, edits: Difference[]): Error {
  const before = contentOf(write.before);
  const lines = differenceLines(edits, before, {
    secretPaths: [...secretPathsOf(write.before), ...secretPathsOf(write.wanted)],
    before: "state",
    after: "PostHog",
    ours: definitionOf(write.wanted),
  });
  return plainError(
    [
      `Somebody changed the flow in PostHog since the last up or refresh (version ${now.version}, ${now.updated_at}), and this update would overwrite it unseen:`,
      ...lines,
      "Two ways on:",
      "  pulumi refresh            takes their edit into the state, so that the next preview shows it against your program",
      `  overwriteDrift: "${now.updated_at}"   in the flow's arguments overwrites this edit, and no later one`,
    ].join("\n"),
  );
}

// Replacements whose draft is made before the old flow is deleted: what PostHog refuses, at another place or at the same one, must not cost the flow that
// was there. A draft sends nothing, so two live copies never exist (design L18).
import type { WireFlow } from "../../api";
import { additionsOf } from "../../definition/canonical/additions";
import { containsUnknown, isUnknown, same, type Dict } from "../../definition/canonical/values";
import { guarded, Secrets } from "../boundary";
import { plainError, textOf } from "../errors";
import { draftOf, type Draft } from "./create";
import { PLACE } from "./diff";
import { refuseDeletion } from "./protected-write";
import { contentOf, inputsOf, liveContent, outputsAfterWrite } from "./state";
import { writeContent } from "./write";
import { claimOf } from "../ownership/ownership";
import type { Connection, Session } from "../session";

/** A draft, and the inputs that it was made of. */
interface AheadDraft extends Draft {
  inputs: Dict;
}

/** What the engine has said of replacements, and the drafts that were made for them. One for each process. */
export class Ahead {
  /** Inputs that a creation will come with, as a check without old inputs has seen them. */
  private readonly expected = new Map<string, Dict>();
  /** By the id of a live flow: its state and the inputs of the program, as the diff has seen them. */
  private readonly compared = new Map<string, { olds: Dict; news: Dict }>();
  /** By the id of the flow that is replaced: everybody who deletes a part of it waits for the same draft. */
  private readonly drafts = new Map<string, { key: string; draft: Promise<AheadDraft> }>();

  /** A check of inputs that belong to no live flow: the engine makes it before every creation, a replacement's too. */
  expect(inputs: Dict): void {
    this.expected.set(keyOf(inputs), inputs);
  }

  compare(id: string, olds: Dict, news: Dict): void {
    this.compared.set(id, { olds, news });
  }

  /** The program's inputs for a live resource, as the diff has seen them. */
  newsOf(id: string): Dict | undefined {
    return this.compared.get(id)?.news;
  }

  /** What replaces this flow, if anything does. The state is the diff's, or, where none was asked, the deletion's own. */
  successorOf(id: string, props?: Dict): Successor | undefined {
    const seen = this.compared.get(id);
    const olds = seen?.olds ?? props;
    if (!olds) return undefined;
    const moves = seen !== undefined && isMove(seen.olds, seen.news);
    // Without a marker, only the diff can tell a replacement from another flow with the same title.
    const key = seen ? keyOf(seen.news) : typeof olds["owner"] === "string" ? keyOf(olds) : undefined;
    const inputs = key === undefined ? undefined : this.expected.get(key);
    if (moves) return { olds, inputs: inputs ?? seen.news, moves };
    return inputs && typeof inputs["owner"] === "string" ? { olds, inputs, moves } : undefined;
  }

  /** The draft that replaces this flow, made once. */
  draftFor(id: string, inputs: Dict, make: () => Promise<AheadDraft>): Promise<AheadDraft> {
    const known = this.drafts.get(id);
    if (known) return known.draft;
    const draft = make();
    this.drafts.set(id, { key: keyOf(inputs), draft });
    return draft;
  }

  /** Hands the draft for these inputs to their creation, if one was made. */
  async take(inputs: Dict): Promise<AheadDraft | undefined> {
    const key = keyOf(inputs);
    this.expected.delete(key);
    const entry = [...this.drafts].find(([, made]) => made.key === key);
    if (!entry) return undefined;
    this.drafts.delete(entry[0]);
    return entry[1].draft;
  }
}

interface Successor {
  olds: Dict;
  inputs: Dict;
  moves: boolean;
}

/** A resource by its place and its owner, or without a marker by its title. */
const keyOf = ({ owner, host, projectId, name }: Dict): string =>
  JSON.stringify([host, projectId, ...(typeof owner === "string" ? [owner] : ["", name ?? null])]);

/** Whether host or project are other ones than before. */
export const isMove = (olds: Dict, news: Dict): boolean =>
  PLACE.some(
    (key) => olds[key] !== undefined && news[key] !== undefined && !isUnknown(news[key]) && olds[key] !== news[key],
  );

/**
 * Makes the draft of what replaces this flow, before it or one of its schedules is deleted. Throws where PostHog does not take it: then nothing may be
 * deleted.
 * @param props The state of the flow, where it is the flow itself that is deleted, and nobody is in it who is protected.
 */
export async function makeAhead(session: Session, id: string, props?: Dict): Promise<void> {
  const successor = session.ahead.successorOf(id, props);
  if (!successor) return;
  const { olds, inputs: wanted, moves } = successor;
  const adopt = wanted["adopt"];
  // It takes over a flow that is there already, and its check has seen it.
  if (typeof adopt === "string" && adopt !== id) return;
  const where = moves ? `project ${String(wanted["projectId"])} on ${String(wanted["host"])}` : "the same project";
  if (containsUnknown(wanted)) {
    if (!moves) return;
    throw plainError(
      `Nothing was deleted: flow ${id} is to move to ${where}, and what it will be there is not known yet. Run pulumi up again.`,
    );
  }
  await session.ahead.draftFor(id, wanted, () =>
    guarded(new Secrets([olds, wanted]), async () => {
      try {
        const given = inputsOf(wanted);
        const before = session.connection(olds);
        // Its own draft is none that an interrupted run has left.
        before.leftBehind.settled(id);
        // Whoever deletes the flow itself has just asked.
        if (!props) await askOldPlace(before, id, olds["protectInFlight"] === true);
        const connection = session.connection(given);
        const draft = await draftOf(session, connection, given, wanted["originProduct"]);
        connection.made.add(draft.flow.id);
        connection.leftBehind.settled(draft.flow.id);
        const marked =
          typeof given["owner"] === "string"
            ? ""
            : " Without a marker (marker: false) a later run does not know it: if this one is interrupted, delete the draft by hand, or take it over with adopt.";
        session.ports.note(
          `Draft ${draft.flow.id} in ${where} replaces flow ${id}: it was made before anything is deleted.${marked}`,
        );
        return { ...draft, inputs: given };
      } catch (error) {
        throw plainError(
          `Nothing was deleted: flow ${id} is to be replaced by one in ${where}, and that could not be made there as a draft. ${textOf(error)} Fix this and run pulumi up again.`,
        );
      }
    }),
  );
}

/** What stands against the deletion of the old flow is found before the new one is made. */
async function askOldPlace(connection: Connection, id: string, isProtected: boolean): Promise<void> {
  const found = await connection.reader.fresh(id);
  if (isProtected) await refuseDeletion(connection, id, found);
}

/** The draft that was made ahead for these inputs, with their content: what the editor wrote last may have been read only since. */
export async function takeAhead(session: Session, connection: Connection, inputs: Dict): Promise<Draft | undefined> {
  const ahead = await session.ahead.take(inputs);
  if (!ahead) return undefined;
  const { flow, taken } = ahead;
  const sent = contentOf(ahead.inputs);
  if (same(sent, contentOf(inputs))) return { flow, taken };
  const written: WireFlow = await writeContent(connection, {
    id: flow.id,
    wanted: inputs,
    claim: claimOf(inputs),
    before: ahead.inputs,
    additions: additionsOf(sent, liveContent(flow, sent)),
    liveStatus: flow.status,
    version: flow.version,
    stamp: flow.updated_at,
    partial: (attempt) => outputsAfterWrite(inputs, contentOf(inputs), flow, { attempt }),
  });
  return { flow: written, taken };
}

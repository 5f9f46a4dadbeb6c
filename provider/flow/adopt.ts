// Takes a live flow over instead of creating one (design L12): never over differences that nobody has agreed to, and never from another owner unless the
// program names that one. Where it is what the program wants already, the marker is all that is written.
import { decode } from "../../definition/canonical/decode";
import { isMarkedBy, isSameDescription, markerOf, parseOwner } from "../../definition/canonical/marker";
import { setAt, type Path } from "../../definition/canonical/paths";
import { newSecrets, secretPathsOf } from "../../definition/canonical/secrets";
import { copy, type Dict } from "../../definition/canonical/values";
import type { FlowStatus, WireFlow } from "../../api";
import { adoptError, heldByAnother, isConflict, isUnknownOutcome } from "../errors";
import { flowBody, liveContent, withEditorsValues } from "./content";
import { outputsAfterWrite } from "./outputs";
import type { FlowInputs, FlowState } from "./state";
import { activate } from "./status";
import { warnAfterWrite } from "./warnings";
import { writeFlow } from "./protected-write";
import { claimOf, isHeldByAnother, refuseForeign, takeoverNote, type Claim } from "../ownership/ownership";
import { differenceLines } from "../report";
import { isWhatWeSent, realDifferences } from "./server-made";
import type { Connection, Session } from "../session";

/** The differences between a program and the live flow that it wants to adopt, in words; empty when there are none. */
export function adoptionDifferences(given: FlowInputs, flow: WireFlow): string[] {
  const inputs = withEditorsValues(given, flow);
  const { content } = inputs;
  const live = liveContent(flow, content);
  const list = realDifferences(content, live);
  if (inputs.status !== undefined && inputs.status !== flow.status)
    list.push({ path: ["status"], kind: "changed", before: flow.status, after: inputs.status });
  return differenceLines(list, live, { secretPaths: secretPathsOf(inputs), before: "PostHog", after: "program" });
}

/** Secrets that PostHog has stored and the program has a value for: nobody can see whether they are the same, so adopting writes ours. */
export const unseenSecrets = ({ content }: FlowInputs, flow: WireFlow): Path[] =>
  newSecrets(decode(flow, content), content, {});

/** How often the marker is written again after somebody else's write, or after an answer that was lost without an effect. */
const TRIES = 5;

/** Puts the marker on, or takes another one off, a flow that is as the program wants it, and touches nothing else of it. */
async function putMarker(
  { api, reader }: Connection,
  { inputs, flow, claim }: { inputs: FlowInputs; flow: WireFlow; claim: Claim },
): Promise<WireFlow> {
  let now = flow;
  for (let tries = 1; ; tries += 1) {
    const { description } = flowBody(withEditorsValues(inputs, now));
    try {
      return await api.patchFlow(flow.id, { description, base_updated_at: now.updated_at });
    } catch (error) {
      if ((!isConflict(error) && !isUnknownOutcome(error)) || tries >= TRIES) throw error;
      now = await api.getFlow(flow.id);
      refuseForeign(now, claim, { adopts: true });
      const lines = adoptionDifferences(inputs, now);
      if (lines.length > 0) throw adoptError(adoptionRefusal(now.id, now.updated_at, lines));
      if (isSameDescription(now.description, description)) return now;
    } finally {
      reader.forget(flow.id);
    }
  }
}

/** The content with what PostHog shows of a stored secret at each of these inputs. */
function withStoredSecrets(content: Dict, paths: readonly Path[]): Dict {
  const out = copy(content);
  for (const path of paths) setAt(out, path, { secret: true });
  return out;
}

export async function adoptFlow(
  session: Session,
  connection: Connection,
  { id, given }: { id: string; given: FlowInputs },
): Promise<{ id: string; state: FlowState }> {
  if (isHeldByAnother(session, id, given)) throw adoptError(heldByAnother("flow", id));
  const found = await connection.reader.fresh(id);
  if (found.kind === "gone")
    throw adoptError(
      `there is no flow ${id} in project ${given.projectId} on ${given.host}. Copy the id from the address of the flow in PostHog, or remove \`adopt\` to create a new flow.`,
    );
  if (found.kind !== "detail")
    throw adoptError(
      `PostHog cannot read flow ${id} (500), most likely because somebody stored an incomplete step. Fix it in the editor first.`,
    );
  const { flow } = found;
  const claim = claimOf(given, session.settings);
  refuseForeign(flow, claim, { adopts: true });
  const inputs = withEditorsValues(given, flow);
  const lines = adoptionDifferences(inputs, flow);
  const overwrite = inputs.overwriteDrift === flow.updated_at;
  if (lines.length > 0 && !overwrite) throw adoptError(adoptionRefusal(id, flow.updated_at, lines));
  const { content, status } = inputs;
  const owner = parseOwner(inputs.owner);
  const isSwitchedOff = status !== undefined && status !== "active" && status !== flow.status;
  // With marker: false, the one of whom the flow is taken from comes off: it would refuse the next update.
  const isMarked = owner ? isMarkedBy(flow.description, owner) : markerOf(flow.description) === undefined;
  // A secret of the program's replaces the stored one now, and not with some later change of something else.
  const newStored = unseenSecrets(inputs, flow);
  const isEqual =
    newStored.length === 0 &&
    (lines.length === 0 || (!isSwitchedOff && owner && isMarked && isWhatWeSent(content, liveContent(flow, content))));
  const written = isEqual
    ? isMarked
      ? flow
      : await putMarker(connection, { inputs, flow, claim })
    : await writeFlow(
        connection,
        {
          id,
          wanted: inputs,
          claim,
          // With PostHog's own secrets in it, so that a lost or refused write is repeated until ours have arrived.
          before: { content: withStoredSecrets(liveContent(flow, content), newStored) },
          additions: {},
          liveStatus: flow.status,
          version: flow.version,
          stamp: flow.updated_at,
          ...(isSwitchedOff ? { body: { status: status as FlowStatus } } : {}),
          partial: (pendingWrite) => outputsAfterWrite(inputs, flow, pendingWrite),
        },
        { mayMove: lines.length > 0 },
      );
  connection.leftBehind.settled(id);
  session.managed.flow(id, given.owner, { description: written.description });
  connection.adopted.add(id);
  const note = takeoverNote(id, flow.description, claim);
  if (note) session.ports.note(note);
  const outs = outputsAfterWrite(inputs, written);
  warnAfterWrite(session, written, outs);
  if (status === undefined || status === written.status) return { id, state: outs };
  const activated = await activate(session, connection, { id, inputs, outs, stamp: written.updated_at });
  return { id, state: outputsAfterWrite(inputs, activated) };
}

export function adoptionRefusal(id: string, stamp: string, lines: readonly string[]): string {
  return [
    `flow ${id} differs from this program:`,
    ...lines,
    `Change the program to match what is live, or set overwriteDrift: "${stamp}" next to \`adopt\` to overwrite it with the program.`,
  ].join("\n");
}

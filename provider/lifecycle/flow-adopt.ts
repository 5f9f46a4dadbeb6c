// Takes a live flow over instead of creating one (design L12): without a write when it is what the program wants, and never over differences
// that nobody has agreed to.
import { decode } from "../canonical/decode";
import { isMarkedBy, parseOwner } from "../canonical/marker";
import type { Path } from "../canonical/paths";
import { newSecrets } from "../canonical/secrets";
import type { Dict } from "../canonical/values";
import type { WireFlow } from "../api";
import { heldByAnother, plainError } from "./errors";
import type { Created } from "./calls";
import { contentOf, liveContent, outputsAfterWrite, secretPathsOf, withEditorsValues } from "./flow-state";
import { activate } from "./flow-status";
import { warnAfterWrite } from "./flow-warnings";
import { writeFlow } from "./flow-protected-write";
import { differenceLines } from "./report";
import { isWhatWeSent, realDifferences } from "./server-made";
import type { Connection, Session } from "./session";

/** The differences between a program and the live flow that it wants to adopt, in words; empty when there are none. */
export function adoptionDifferences(given: Dict, flow: WireFlow): string[] {
  const inputs = withEditorsValues(given, flow);
  const content = contentOf(inputs);
  const live = liveContent(flow, content);
  const list = realDifferences(content, live);
  if (inputs["status"] !== undefined && inputs["status"] !== flow.status) list.push({ path: ["status"], kind: "changed", before: flow.status, after: inputs["status"] });
  return differenceLines(list, live, { secretPaths: secretPathsOf(inputs), before: "PostHog", after: "program" });
}

/** Secrets that PostHog keeps and the program has a value for: nobody can see whether they are the same. */
export function unseenSecrets(given: Dict, flow: WireFlow): Path[] {
  const content = contentOf(given);
  return newSecrets(decode(flow as unknown as Dict, content), content, {});
}

export async function adoptFlow(session: Session, connection: Connection, id: string, given: Dict): Promise<Created> {
  if (session.held.has(id) && session.held.get(id) !== given["owner"]) throw plainError(heldByAnother("flow", id));
  const found = await connection.reader.fresh(id);
  if (found.kind === "gone") throw plainError(`adopt: there is no flow ${id} in project ${String(given["projectId"])} on ${String(given["host"])}. Copy the id from the address of the flow in PostHog, or remove \`adopt\` to create a new flow.`);
  if (found.kind !== "detail") throw plainError(`adopt: PostHog cannot read flow ${id} (500), most likely because somebody stored an incomplete step. Fix it in the editor first.`);
  const { flow } = found;
  const inputs = withEditorsValues(given, flow);
  const lines = adoptionDifferences(inputs, flow);
  const overwrite = inputs["overwriteDrift"] === flow.updated_at;
  if (lines.length > 0 && !overwrite) throw plainError(adoptionRefusal(id, flow.updated_at, lines));
  const content = contentOf(inputs);
  const owner = parseOwner(inputs["owner"]);
  const isSwitchedOff = inputs["status"] !== undefined && inputs["status"] !== "active" && inputs["status"] !== flow.status;
  // An equal flow is taken as it is, mark or no mark; the mark comes with the next change.
  const written = lines.length === 0 || (!isSwitchedOff && owner && isMarkedBy(flow.description, owner) && isWhatWeSent(content, liveContent(flow, content)))
    ? flow
    : await writeFlow(connection, {
        id,
        wanted: inputs,
        before: liveContent(flow, content),
        additions: {},
        liveStatus: flow.status,
        version: flow.version,
        stamp: flow.updated_at,
        ...(isSwitchedOff ? { body: { status: inputs["status"] } } : {}),
        partial: (attempt) => outputsAfterWrite({ ...inputs }, content, flow, { attempt }),
      }, { mayMove: true });
  connection.leftBehind.settled(id);
  connection.adopted.add(id);
  const outs = outputsAfterWrite(inputs, content, written);
  warnAfterWrite(session, inputs, written, outs);
  if (inputs["status"] === undefined || inputs["status"] === written.status) return { id, outs };
  const activated = await activate(session, connection, id, inputs, outs, written);
  return { id, outs: outputsAfterWrite(inputs, content, activated) };
}

export function adoptionRefusal(id: string, stamp: string, lines: readonly string[]): string {
  return [
    `adopt: flow ${id} differs from this program:`,
    ...lines,
    `Make the program say what is live, or set overwriteDrift: "${stamp}" beside \`adopt\` to write the program over it.`,
  ].join("\n");
}

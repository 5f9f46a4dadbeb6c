// What a user should hear about a flow that is as it should be: keys that the server dropped, and drafts that somebody staged.
import type { WireFlow, WireFlowRow } from "../../api";
import { droppedOf } from "../../definition/canonical/additions";
import { additionsIn, liveContent } from "./content";
import type { FlowInputs, FlowState } from "./state";
import { LEFT_SECRET, leftInAnswer } from "../../definition/graph/left-secrets";
import type { Session } from "../session";
import { oneLine } from "../../definition/plain-text";
import { secretPathsOf } from "../../definition/canonical/secrets";

export function named(inputs: FlowInputs, id: string): string {
  const name = inputs.content["name"];
  return `Flow ${typeof name === "string" && !secretPathsOf(inputs).includes("name") ? `"${oneLine(name)}" ` : ""}(${id})`;
}

/** `before` is the state that the write has changed, if there was one. */
export function warnAfterWrite(session: Session, flow: WireFlow, outs: FlowState, before?: FlowState): void {
  const dropped = droppedOf(additionsIn(outs));
  if (dropped.length > 0)
    session.ports.warn(
      `${named(outs, flow.id)}: PostHog dropped keys that it does not know: ${dropped.join(", ")}. Remove it from the program, or check its spelling.`,
    );
  const { content } = outs;
  const known = before ? additionsIn(before) : {};
  // What an earlier answer showed was said then.
  const left = leftInAnswer(liveContent(flow, content), content, before?.content ?? {}).filter(
    (path) => !(path in known),
  );
  if (left.length > 0)
    session.ports.warn(
      `${named(outs, flow.id)}: ${left.join(", ")} ${LEFT_SECRET.what}. ${LEFT_SECRET.why}. ${LEFT_SECRET.fix}.`,
    );
  warnOfDraft(session, outs, flow);
}

/** A staged draft can be published over what we manage (design L8). */
export function warnOfDraft(session: Session, inputs: FlowInputs, flow: WireFlow | WireFlowRow): void {
  if (flow.draft === null || flow.draft === undefined) return;
  const stamp = "draft_updated_at" in flow ? flow.draft_updated_at : undefined;
  session.ports.warn(
    `${named(inputs, flow.id)}: somebody staged changes in PostHog's editor${stamp ? ` (${stamp})` : ""} that are not published yet. Publishing them replaces what this program manages. ` +
      `Publish or discard them in the editor${stamp ? `, or set discardStagedDraft: "${stamp}" to drop this draft` : ""}.`,
  );
}

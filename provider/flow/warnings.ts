// What a user should hear about a flow that is as it should be: keys that the server dropped, and drafts that somebody staged.
import type { WireFlow, WireFlowRow } from "../../api";
import { droppedOf } from "../../definition/canonical/additions";
import type { Dict } from "../../definition/canonical/values";
import { additionsIn, contentOf, liveContent } from "./state";
import { LEFT_SECRET, leftInAnswer } from "../../definition/graph/left-secrets";
import type { Session } from "../session";
import { oneLine } from "../../definition/plain-text";
import { secretPathsOf } from "../../definition/canonical/secrets";

export const named = (inputs: Dict, id: string): string =>
  `Flow ${typeof inputs["name"] === "string" && !secretPathsOf(inputs).includes("name") ? `"${oneLine(inputs["name"])}" ` : ""}(${id})`;

export function warnAfterWrite(session: Session, inputs: Dict, flow: WireFlow, outs: Dict, before: Dict = {}): void {
  const dropped = droppedOf(additionsIn(outs));
  if (dropped.length > 0)
    session.ports.warn(
      `${named(inputs, flow.id)}: PostHog dropped what it does not know: ${dropped.join(", ")}. Remove it from the program, or check its spelling.`,
    );
  const content = contentOf(inputs);
  // What an earlier answer showed was told then.
  const left = leftInAnswer(liveContent(flow, content), content, before).filter(
    (path) => !(path in additionsIn(before)),
  );
  if (left.length > 0)
    session.ports.warn(
      `${named(inputs, flow.id)}: ${left.join(", ")} ${LEFT_SECRET.what}. ${LEFT_SECRET.why}. ${LEFT_SECRET.fix}.`,
    );
  warnOfDraft(session, inputs, flow);
}

/** A staged draft can be published over what we manage (design L8). */
export function warnOfDraft(session: Session, inputs: Dict, flow: WireFlow | WireFlowRow): void {
  if (flow.draft === null || flow.draft === undefined) return;
  const stamp = "draft_updated_at" in flow ? flow.draft_updated_at : undefined;
  session.ports.warn(
    `${named(inputs, flow.id)}: somebody staged changes in PostHog's editor${stamp ? ` (${stamp})` : ""} that are not published yet. Publishing them replaces what this program manages. ` +
      `Publish or discard them in the editor${stamp ? `, or set discardStagedDraft: "${stamp}" to drop this draft` : ""}.`,
  );
}

// Two flows that do the same: whatever starts one starts the other. Seen in check, before anything is created: two of one program, and a resource that was
// renamed without an alias: its old flow is still live.
import type { WireFlowRow } from "../../api";
import { PostHogApiError } from "../../api/errors";
import { isMarkedBy, parseOwner, resourceIn, type Owner } from "../../definition/canonical/marker";
import { containsUnknown, stableText } from "../../definition/canonical/values";
import type { Findings } from "../../rules/findings";
import { liveContent } from "./content";
import type { FlowInputs } from "./state";
import { isWhatWeSent } from "./server-made";
import type { Session } from "../session";

const acknowledges = ({ acknowledge }: FlowInputs): boolean =>
  Array.isArray(acknowledge) && acknowledge.includes("twin");

/** `inputs`: a flow's, as checked. */
export function findTwinInProgram({ twins }: Session, inputs: FlowInputs, findings: Findings): void {
  const { name, description: _, ...content } = inputs.content;
  if (inputs.status !== "active" || containsUnknown(content)) return;
  const resource = parseOwner(inputs.owner)?.name ?? String(name);
  const where = [inputs.host, inputs.projectId];
  const [other] = twins.note(stableText({ content, where }), {
    resource: String(inputs.owner ?? name),
    name: resource,
    isAcknowledged: acknowledges(inputs),
  });
  if (other !== undefined)
    findings.report(
      "twin",
      [],
      `flows "${other}" and "${resource}" of this program have the same trigger and steps, and both are active`,
      { fix: 'Remove one of them, or set acknowledge: ["twin"] on one if both are intended' },
    );
}

/**
 * A resource that was renamed without an alias: the engine creates the new one before it deletes the old one, and knows nothing of people in flight. The
 * search is the one that a creation makes in any case.
 */
export async function findRenamed(session: Session, inputs: FlowInputs, findings: Findings): Promise<void> {
  const owner = parseOwner(inputs.owner);
  if (
    !owner ||
    inputs.status === "draft" ||
    inputs.status === "archived" ||
    !session.hasKey(inputs.host) ||
    containsUnknown([inputs.host, inputs.projectId])
  )
    return;
  const { content } = inputs;
  if (containsUnknown(content)) return;
  const { name: title, ...rest } = content;
  let rows: WireFlowRow[];
  try {
    rows = await session.connection(inputs).leftBehind.ofOthers(owner);
  } catch (error) {
    // The creation asks again, and says what is wrong.
    if (error instanceof PostHogApiError) return;
    throw error;
  }
  const ofProgram = [...session.checked].flatMap((holder) => parseOwner(holder) ?? []);
  const twins = rows.filter((row) => {
    const { name: _, ...live } = liveContent(row, content);
    return (
      row.status === "active" &&
      isWhatWeSent(rest, live) &&
      // A resource that stays in the program was not renamed: the two are twins.
      !ofProgram.some((other) => isMarkedBy(row.description, other))
    );
  });
  // A stated title is kept in a rename.
  const twin = twins.find(({ name }) => name === (title ?? null)) ?? twins[0];
  if (twin) findings.report("renamed", [], renamedText(owner, twin), { fix: renamedFix(owner, twin) });
}

function renamedText(owner: Owner, { id, description }: WireFlowRow): string {
  const old = resourceIn(description, owner);
  return `resource "${owner.name}" does the same as flow ${old === undefined ? id : `"${old}" (${id})`} of this stack, which is active`;
}

function renamedFix(owner: Owner, { description }: WireFlowRow): string {
  const old = resourceIn(description, owner);
  if (old === undefined || old === owner.name)
    return "If the resource was renamed or moved, keep its flow with the resource option aliases";
  return `If "${old}" was renamed to "${owner.name}", keep its flow with the resource option aliases: [{ name: ${JSON.stringify(old)} }]`;
}

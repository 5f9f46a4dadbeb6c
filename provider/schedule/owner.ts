// Who owns the flow of a schedule, and what else runs on it: asked before a schedule is written or deleted. A schedule carries no marker; its flow does.
import type { WireSchedule } from "../../api";
import { markerOf, parseOwner, stackToken, type Marker } from "../../definition/canonical/marker";
import { plainError } from "../errors";
import { unmanagedWords, waysOn } from "../ownership/managed";
import type { ScheduleInputs } from "./state";
import type { Connection, Session } from "../session";

/** Whether the flow was given as a resource of the program. With a bare id, it may be anybody's. */
const isOfResource = (inputs: ScheduleInputs): boolean => inputs.triggerFingerprint !== undefined;

/** The marker of another stack. A flow without a marker, or a schedule of an earlier version, is not judged. */
export function foreignStack(marker: Marker | undefined, inputs: ScheduleInputs): Marker | undefined {
  const owner = isOfResource(inputs) ? parseOwner(inputs.owner) : undefined;
  return owner && marker && marker.stack !== stackToken(owner) ? marker : undefined;
}

export const stackWords = ({ says }: Marker): string => (says === undefined ? "another stack" : JSON.stringify(says));

/** Throws where another stack manages the flow of this schedule. */
export async function refuseForeignFlow(
  session: Session,
  connection: Connection,
  { flowId, inputs }: { flowId: string; inputs: ScheduleInputs },
): Promise<void> {
  if (!isOfResource(inputs) || parseOwner(inputs.owner) === undefined) return;
  const marker = foreignStack(markerOf(await descriptionOf(session, connection, flowId)), inputs);
  if (marker)
    throw plainError(
      `Flow ${flowId} is managed by ${stackWords(marker)}, as the marker in its description says, so this stack does not write a schedule for it. Nothing was written. Run pulumi refresh, which shows the flow's owner.`,
    );
}

async function descriptionOf({ managed }: Session, connection: Connection, flowId: string): Promise<unknown> {
  const known = managed.descriptionOf(flowId);
  if (known !== undefined) return known;
  const description = await connection.schedules.descriptionOf(flowId);
  managed.describe(flowId, description);
  return description;
}

/**
 * Throws where the flow has a schedule that no resource manages. A resource that may have it and has not come yet is waited for; what is not certain then
 * is remembered, and said when it is.
 */
export async function refuseUnmanaged(
  session: Session,
  connection: Connection,
  { flowId, inputs, live }: { flowId: string; inputs: ScheduleInputs; live: readonly WireSchedule[] },
): Promise<void> {
  const { managed } = session;
  managed.found(flowId, live);
  managed.acknowledge(flowId, inputs);
  if (managed.asksWhose(flowId)) await descriptionOf(session, connection, flowId);
  await managed.settle(flowId, session.clock);
  const refusal = unmanagedRefusal(session, flowId, inputs);
  if (refusal !== undefined) throw plainError(`${refusal[0]!.toUpperCase()}${refusal.slice(1)}`);
}

/** What prevents a further schedule of this flow. */
export function unmanagedRefusal({ managed }: Session, flowId: string, inputs: ScheduleInputs): string | undefined {
  const list = managed.certainlyUnmanaged(flowId, parseOwner(inputs.owner)?.name);
  if (list.length === 0) return undefined;
  return [
    `${unmanagedWords(flowId, list)}. Whatever the flow sends is sent once for each schedule. It was left by an interrupted run, removed from the state, or created in PostHog. Do one of:`,
    waysOn(flowId, list),
  ].join("\n");
}

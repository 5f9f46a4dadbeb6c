// Said at the end of a run: what carries this stack's marker, or runs on a flow that does, and no resource has. The engine has shown all that it will by then.
import type { WireFlowRow } from "../../api";
import { unmanagedWords, waysOn } from "./managed";
import type { Session } from "../session";

export function sayUnmanaged(session: Session): void {
  const { managed, ports } = session;
  for (const { flowId, schedules } of managed.leftSchedules()) {
    const words = unmanagedWords(flowId, schedules, "that this run has seen");
    ports.warn(
      [
        `${words[0]!.toUpperCase()}${words.slice(1)}. Each active one sends whatever the flow sends. They were left by an interrupted run, removed from the state, or created in PostHog:`,
        waysOn(flowId, schedules),
      ].join("\n"),
    );
  }
  const rows = managed.leftFlows(session.connected.flatMap(({ leftBehind }) => leftBehind.left));
  const active = rows.filter(({ status }) => status === "active");
  const drafts = rows.filter(({ status }) => status !== "active");
  if (active.length > 0)
    ports.warn(
      `${flowWords(active)} and active, and no resource that this run has seen manages ${active.length === 1 ? "it" : "them"}. ${WAYS_ON}`,
    );
  if (drafts.length > 0)
    ports.note(
      `${flowWords(drafts)}, and no resource that this run has seen manages ${drafts.length === 1 ? "it" : "them"}. ${WAYS_ON}`,
    );
}

const WAYS_ON =
  'An interrupted run left it, or it was removed from the state. To manage it, set adopt: "<id>" on a HogFlow; otherwise archive it in PostHog.';

const flowWords = (rows: readonly WireFlowRow[]): string =>
  `${rows.length === 1 ? "Flow" : "Flows"} ${rows.map(({ id, name }) => `${JSON.stringify(name ?? "")} (${id})`).join(", ")} ${rows.length === 1 ? "is" : "are"} marked as this stack's`;

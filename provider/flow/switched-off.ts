// A flow that somebody switched off in PostHog although the program has it on, perhaps in an emergency. A stated status stays the program's decision, so
// the next `up` switches the flow on again: a refresh notes that it was off, and everything that leads to that `up` says so.
import type { WireFlow, WireFlowRow } from "../../api";
import { isUnknown } from "../../definition/canonical/values";
import type { Findings } from "../../rules/findings";
import type { Session } from "../session";
import { isKnownOff } from "./in-flight";
import { hasSteps, type FlowInputs, type FlowState } from "./state";
import { named } from "./warnings";

type Live = Pick<WireFlow | WireFlowRow, "id" | "status" | "updated_at">;

/** PostHog's last save of a flow that is off in PostHog alone; a later refresh keeps what an earlier one noted. Nothing for a flow that is on. */
export function switchedOffIn(state: FlowState, live: Live): string | undefined {
  if (!isKnownOff(live.status)) return undefined;
  if (typeof state.switchedOff === "string") return state.switchedOff;
  // A status that an `up` could not bring about was nobody's decision in PostHog.
  return state.status === "active" && state.answer.liveStatus === "active" ? live.updated_at : undefined;
}

/** What a refresh says of a flow that is off. */
export function warnOfOff(session: Session, state: FlowState, live: Live): void {
  const switchedOff = switchedOffIn(state, live);
  if (switchedOff !== undefined)
    session.ports.warn(
      `${named(state, live.id)} was switched off in PostHog: it is ${statusWords(live.status)} there, last saved ${switchedOff}, and it was active at the last up or refresh before. An up with status: "active" in the program switches it on again. To keep it off, write status: ${JSON.stringify(live.status)}.`,
    );
  else if (isLeftArchived(state, live.status)) session.ports.warn(`${named(state, live.id)} ${ARCHIVED}`);
}

/** Whether this is about a flow that somebody archived while the program leaves its status to PostHog: it stays so, and nothing else would say it. */
export const isLeftArchived = (inputs: FlowInputs, liveStatus: unknown): boolean =>
  hasSteps(inputs) && inputs.status === undefined && liveStatus === "archived";

export const ARCHIVED =
  'is archived in PostHog and sends nothing. The program states no status, so it stays archived. Write status: "active" to run it again, status: "archived" if it is meant, or remove it from the program.';

/** The finding of a preview whose `up` switches such a flow on again. `olds` are the inputs of the state. */
export function reportResumed(olds: FlowInputs, news: FlowInputs, findings: Findings): void {
  const { status } = news;
  if (typeof olds.switchedOff !== "string" || !(status === "active" || isUnknown(status))) return;
  findings.report(
    "resumes",
    ["status"],
    `${status === "active" ? "switches" : "may switch"} on a flow that was switched off in PostHog, where it was last saved ${olds.switchedOff}`,
    { fix: `To keep it off, write status: ${JSON.stringify(olds.status ?? "draft")}` },
  );
}

const statusWords = (status: string): string => (status === "draft" ? "a draft" : status);

// Reads a flow for refresh: the same inputs back when live is inputs plus what the server is known to have added, and otherwise inputs that show
// exactly what differs (design L2).
import type { WireFlow, WireFlowRow } from "../../api";
import { withoutAdditions, type Additions } from "../../definition/canonical/additions";
import { same, type Dict } from "../../definition/canonical/values";
import { plainError } from "../errors";
import { additionsIn, liveContent, ownedPaths, withPathsFrom } from "./content";
import { flowOutputs } from "./outputs";
import { hasSteps, type FlowInputs, type FlowState } from "./state";
import { switchedOffIn, warnOfOff } from "./switched-off";
import { named, warnOfDraft } from "./warnings";
import { claimOfState, foreignMarker, ownerWords } from "../ownership/ownership";
import type { Session } from "../session";

/** A flow as it was read; nothing where it is gone. */
export interface ReadFlow {
  state: FlowState;
  inputs: FlowInputs;
  /** What PostHog had made of our write, and has no more: an input of a refresh, so that it shows. */
  vanished: Additions;
}

export async function readFlow(session: Session, id: string, state: FlowState): Promise<ReadFlow | undefined> {
  const connection = session.connection(state);
  // `HogFlow.get` comes with the target alone, and takes the flow as it is.
  const isGet = !hasSteps(state);
  // What was made of a row to see whether it settles the matter serves the result, too.
  let settled: Compared | undefined;
  const found = await connection.reader.find(id, (row) => {
    if (isGet) return false;
    settled = compare(row, state);
    return (row.draft === null || row.draft === undefined) && isUnchanged(settled, state);
  });
  if (found.kind === "gone") {
    if (isGet)
      throw plainError(
        `There is no flow ${id} in project ${state.projectId} on ${state.host}. Copy the id from the address of the flow in PostHog.`,
      );
    return undefined;
  }
  const { flow } = found;
  if (!isGet) session.managed.flow(id, state.owner, { description: flow.description, isRead: true });
  if (found.kind === "unreadable") {
    session.ports.warn(
      `Flow ${id}: PostHog cannot read it (500), because an incomplete step or edge is stored in it. It was read from the list instead; the next pulumi up writes the whole flow.`,
    );
  }
  warnOfDraft(session, state, flow);
  if (isGet) return got(flow, state);
  const takenBy = takenByOf(flow, state);
  if (takenBy !== undefined)
    session.ports.warn(
      `${named(state, id)} is managed by ${takenBy} now, as the marker in its description says. This stack no longer changes or deletes it; the next preview says how to take it back.`,
    );
  else warnOfOff(session, state, flow);
  return resultOf(settled?.flow === flow ? settled : compare(flow, state), state, takenBy);
}

interface Compared {
  flow: WireFlow | WireFlowRow;
  /** What the state says. */
  ours: Dict;
  /** What PostHog says, without what it is known to have added. */
  live: ReturnType<typeof withoutAdditions>;
}

function compare(flow: WireFlow | WireFlowRow, state: FlowState): Compared {
  const ours = state.content;
  return { flow, ours, live: withoutAdditions(liveContent(flow, ours), additionsIn(state), ours) };
}

/** Whether a row of the list shows that nothing has changed; a detail read confirms anything else. A stored secret shows in a row, too. */
function isUnchanged({ flow, ours, live }: Compared, state: FlowState): boolean {
  if (state.status !== undefined && state.status !== flow.status) return false;
  return Object.keys(live.vanished).length === 0 && same(ours, withPathsFrom(live.definition, ours, ownedPaths(state)));
}

/** The owner that the flow has now, where it is another one than the state's. A row of the list shows it, too. */
function takenByOf({ description }: WireFlow | WireFlowRow, state: FlowState): string | undefined {
  const claim = claimOfState(state);
  const marker = foreignMarker(description, claim);
  return marker && ownerWords(marker, claim.owners);
}

function resultOf({ flow, ours, live }: Compared, state: FlowState, takenBy: string | undefined): ReadFlow {
  const known: FlowInputs = {
    ...state,
    status: state.status === undefined ? undefined : flow.status,
    takenBy,
    switchedOff: takenBy === undefined ? switchedOffIn(state, flow) : undefined,
  };
  // Outputs keep the live value of what the editor owns (design L17).
  const additions = { ...live.additions, ...live.vanished };
  return {
    state: flowOutputs({ ...known, content: live.definition }, flow, { additions }),
    inputs: { ...known, content: withPathsFrom(live.definition, ours, ownedPaths(state)) },
    vanished: live.vanished,
  };
}

/** A flow that is only read, or imported: then the state names its owner, and says nothing of a draft, which belongs to whoever presses the button. */
function got(flow: WireFlow | WireFlowRow, state: FlowState): ReadFlow {
  const isImport = state.owner !== undefined;
  const inputs: FlowInputs = {
    ...state,
    content: liveContent(flow, {}),
    status: isImport && flow.status === "draft" ? undefined : flow.status,
    ...(isImport ? { takenBy: takenByOf(flow, state) } : {}),
  };
  return { state: flowOutputs(inputs, flow, { additions: {} }), inputs, vanished: {} };
}

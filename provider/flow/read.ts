// Reads a flow for refresh: the same inputs back when live is inputs plus what the server is known to have added, and otherwise inputs that show
// exactly what differs (design L2).
import type { WireFlow, WireFlowRow } from "../../api";
import { withoutAdditions } from "../../definition/canonical/additions";
import { same, type Dict } from "../../definition/canonical/values";
import type { Read } from "../calls";
import { plainError } from "../errors";
import {
  additionsIn,
  contentOf,
  flowOutputs,
  inputsOf,
  liveContent,
  ownedPaths,
  pick,
  STATE_VERSION,
  withPathsFrom,
} from "./state";
import { named, warnOfDraft } from "./warnings";
import { claimOfState, foreignMarker, ownerWords } from "../ownership/ownership";
import type { Session } from "../session";
import { SETTING_KEYS } from "../../definition/flags";

export async function readFlow(session: Session, id: string, props: Dict): Promise<Read> {
  const connection = session.connection(props);
  // `HogFlow.get` comes with the place alone, and takes the flow as it is.
  const isGet = props["actions"] === undefined;
  // What was made of a row to see whether it settles the matter serves the result, too.
  let settled: Compared | undefined;
  const found = await connection.reader.find(id, (row) => {
    if (isGet) return false;
    settled = compare(row, props);
    return (row.draft === null || row.draft === undefined) && isUnchanged(settled, props);
  });
  if (found.kind === "gone") {
    if (isGet)
      throw plainError(
        `There is no flow ${id} in project ${String(props["projectId"])} on ${String(props["host"])}. Copy the id from the address of the flow in PostHog.`,
      );
    return { id: "" };
  }
  const { flow } = found;
  if (!isGet) session.managed.flow(id, props["owner"], { description: flow.description, isRead: true });
  if (found.kind === "unreadable") {
    session.ports.warn(
      `Flow ${id}: PostHog cannot read it (500), because an incomplete step or edge is stored in it. It was read from the list instead; the next pulumi up writes it whole.`,
    );
  }
  warnOfDraft(session, props, flow);
  if (isGet) return got(flow, props);
  const takenBy = takenByOf(flow, props);
  if (takenBy !== undefined)
    session.ports.warn(
      `${named(props, id)} is managed by ${takenBy} now, as the marker in its description says. Nothing of this stack changes or deletes it any more; the next preview says how to take it back.`,
    );
  return resultOf(settled?.flow === flow ? settled : compare(flow, props), props, takenBy);
}

/**
 * Whether the inputs of a refresh are those of the state. Then the engine may keep what it has: also what is in no output, such as the names of the
 * program's schedules.
 */
export const isKnown = (inputs: Dict, state: Dict): boolean =>
  state["stateVersion"] === STATE_VERSION &&
  state["attempt"] === undefined &&
  ownedPaths(state).length === 0 &&
  same(inputs, inputsOf(state));

interface Compared {
  flow: WireFlow | WireFlowRow;
  /** What the state says. */
  ours: Dict;
  /** What PostHog says, without what it is known to have added. */
  live: ReturnType<typeof withoutAdditions>;
}

function compare(flow: WireFlow | WireFlowRow, props: Dict): Compared {
  const ours = contentOf(props);
  return { flow, ours, live: withoutAdditions(liveContent(flow, ours), additionsIn(props), ours) };
}

/** Whether a row of the list shows that nothing has changed; a detail read confirms anything else. A stored secret shows in a row, too. */
function isUnchanged({ flow, ours, live }: Compared, props: Dict): boolean {
  if (props["status"] !== undefined && props["status"] !== flow.status) return false;
  return Object.keys(live.vanished).length === 0 && same(ours, withPathsFrom(live.definition, ours, ownedPaths(props)));
}

/** The owner that the flow has now, where it is another one than the state's. A row of the list shows it, too. */
function takenByOf({ description }: WireFlow | WireFlowRow, props: Dict): string | undefined {
  const claim = claimOfState(props);
  const marker = foreignMarker(description, claim);
  return marker && ownerWords(marker, claim.owners);
}

function resultOf({ flow, ours, live }: Compared, props: Dict, takenBy: string | undefined): Read {
  const owned = ownedPaths(props);
  const { takenBy: _, ...kept } = pick(props, SETTING_KEYS);
  const settings: Dict = { ...kept, ...(takenBy === undefined ? {} : { takenBy }) };
  const status = props["status"] === undefined ? {} : { status: flow.status };
  const inputs: Dict = { ...withPathsFrom(live.definition, ours, owned), ...status, ...settings };
  const additions = { ...live.additions, ...live.vanished };
  // Outputs keep the live value of what the editor owns (design L17).
  const outputs = flowOutputs({ ...live.definition, ...status, ...settings }, flow, { additions });
  return {
    id: flow.id,
    props: outputs,
    inputs: { ...inputs, ...(Object.keys(live.vanished).length > 0 ? { serverAdditions: live.vanished } : {}) },
  };
}

function got(flow: WireFlow | WireFlowRow, props: Dict): Read {
  const inputs = { ...liveContent(flow, {}), status: flow.status, ...pick(props, SETTING_KEYS) };
  return { id: flow.id, props: flowOutputs(inputs, flow, { additions: {} }), inputs };
}

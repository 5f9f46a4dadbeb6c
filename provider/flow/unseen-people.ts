// People in flight of whom check cannot know, because the state's inputs are not what is live: where somebody agrees to overwrite an edit that no refresh has
// seen, and where an earlier up has not come to its end. Diff knows the flow, so it looks.
import { withoutAdditions } from "../../definition/canonical/additions";
import type { Dict } from "../../definition/canonical/values";
import { additionsIn, liveContent, withEditorsValues } from "./content";
import { knownStatus, overwritesUnseen } from "./outputs";
import { encodeFlowInputs, inCanonicalForm, type FlowInputs, type FlowState } from "./state";
import { isKnownOff, peopleWarnings } from "./in-flight";
import { needsOf } from "./update";
import type { Session } from "../session";

/** One line for each effect on people that check has not announced. `news` are checked inputs. */
export async function unseenPeople(
  session: Session,
  id: string,
  state: FlowState,
  news: FlowInputs,
): Promise<string[]> {
  const overwrites = overwritesUnseen(state, news);
  const isPending = state.pendingWrite !== undefined;
  // A status that an up could not bring about, and that check takes for what is live.
  const isStillOn = isKnownOff(state.status) && !isKnownOff(knownStatus(state));
  if (!overwrites && !isPending && !isStillOn) return [];
  const olds = inCanonicalForm(state);
  const { needsContent, needsStatus } = needsOf(olds, news);
  if (!needsContent && !needsStatus) return [];
  // Check compared with inputs of the failed up, which are not in the outputs.
  const told = new Set(isPending ? [] : peopleWarnings(encodeFlowInputs(olds), encodeFlowInputs(news)));
  const { live, wanted } = (await lookUp(session, id, olds, news)) ?? {
    live: { ...encodeFlowInputs(olds), status: overwrites ? undefined : knownStatus(olds) },
    wanted: encodeFlowInputs(news),
  };
  return peopleWarnings(live, wanted).filter((line) => !told.has(line));
}

/** What is live, and what the write makes of it; nothing without a key, and where PostHog does not answer. */
async function lookUp(
  session: Session,
  id: string,
  olds: FlowState,
  news: FlowInputs,
): Promise<{ live: Dict; wanted: Dict } | undefined> {
  if (!session.hasKey(olds.host)) return undefined;
  const found = await session
    .connection(olds)
    .reader.fresh(id)
    .catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.kind === "gone") return { live: {}, wanted: encodeFlowInputs(news) };
  const { definition } = withoutAdditions(liveContent(found.flow, olds.content), additionsIn(olds), olds.content);
  return {
    live: { ...definition, status: found.flow.status },
    wanted: encodeFlowInputs(withEditorsValues(news, found.flow)),
  };
}

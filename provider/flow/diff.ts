// Compares inputs in canonical form (design L19): false when equal, undefined when the input maps differ, so that the engine makes the detailed diff
// itself, and true only for causes that are in the outputs alone.
import { goneOf } from "../../definition/canonical/additions";
import { differences, type Difference } from "../../definition/canonical/compare";
import { isUnknown, same } from "../../definition/canonical/values";
import type { Diff } from "../calls";
import { withOwned } from "./content";
import { knownStatus } from "./outputs";
import { encodeFlowInputs, inCanonicalForm, STATE_VERSION, type FlowInputs, type FlowState } from "./state";

/** Which of host and project are other ones than before: another target is another resource. */
export const movedKeys = (before: Target, after: Target): (keyof Target)[] =>
  TARGET_KEYS.filter(
    (key) =>
      before[key] !== undefined && after[key] !== undefined && !isUnknown(after[key]) && before[key] !== after[key],
  );
const TARGET_KEYS = ["host", "projectId"] as const;

/** Where a resource lives. */
export interface Target {
  host?: unknown;
  projectId?: unknown;
}

export function diffFlow(state: FlowState, checked: FlowInputs): Diff {
  // What is equal as written is equal in canonical form: most flows of an `up` need not be brought into it.
  if (state.answer.stateVersion === STATE_VERSION && same(encodeFlowInputs(state), encodeFlowInputs(checked)))
    return unfinished(state, checked);
  const olds = inCanonicalForm(state);
  const news = inCanonicalForm(checked);
  const replaces = movedKeys(olds, news);
  const list = differences(encodeFlowInputs(olds), encodeFlowInputs(withOwned(news, olds.content, olds)));
  if (replaces.length > 0) return { replaces, deleteBeforeReplace: true };
  if (list.length > 0) return onlyHidden(list) ? { changes: true, causes: topsOf(list) } : {};
  return unfinished(olds, news);
}

/** Something that the inputs do not show: an activation that failed, a write with an unknown outcome, an addition that has vanished. */
function unfinished(olds: FlowState, news: FlowInputs): Diff {
  const causes = [
    ...(olds.pendingWrite !== undefined ? ["attempt"] : []),
    ...(news.status !== undefined && knownStatus(olds) !== news.status ? ["liveStatus"] : []),
    ...(goneOf(olds.answer.serverAdditions).length > 0 ? ["serverAdditions"] : []),
  ];
  return causes.length > 0 ? { changes: true, causes } : { changes: false };
}

/** The inputs that differ. */
export const topsOf = (list: readonly Difference[]): string[] => [...new Set(list.map(({ path }) => String(path[0])))];

/** The engine's own diff passes over members with names that begin with two underscores, so it would call such a change none. */
export const onlyHidden = (list: readonly Difference[]): boolean =>
  list.every(({ path }) => path.some((part) => typeof part === "string" && part.startsWith("__")));

// Compares inputs in canonical form (design L19): false when equal, undefined when the input maps differ, so that the engine makes the detailed diff
// itself, and true only for causes that are in the outputs alone.
import { goneOf } from "../../definition/canonical/additions";
import { differences, type Difference } from "../../definition/canonical/compare";
import { isUnknown, same, type Dict } from "../../definition/canonical/values";
import type { Diff } from "../calls";
import { inputsOf, knownStatus, STATE_VERSION, withOwned } from "./state";
import { upgraded } from "./upgrade";

/** Where a resource lives. Another value is another resource. */
export const PLACE = ["host", "projectId"] as const;

export function diffFlow(state: Dict, checked: Dict): Diff {
  // Equal as they stand, they are equal in canonical form: most flows of an `up` need not be brought into it.
  if (state["stateVersion"] === STATE_VERSION && same(inputsOf(state), inputsOf(checked)))
    return { changes: unfinished(state, checked) };
  const olds = upgraded(state);
  const news = upgraded(checked);
  const before = inputsOf(olds);
  const after = withOwned(inputsOf(news), before, { news, olds });
  const list = differences(before, after);
  const replaces = PLACE.filter(
    (key) =>
      before[key] !== undefined && after[key] !== undefined && !isUnknown(after[key]) && before[key] !== after[key],
  );
  if (replaces.length > 0) return { replaces, deleteBeforeReplace: true };
  if (list.length > 0) return onlyHidden(list) ? { changes: true } : {};
  return { changes: unfinished(olds, news) };
}

/** Something that the inputs do not show: an activation that failed, a write whose end is unknown, an addition that has vanished. */
const unfinished = (olds: Dict, news: Dict): boolean =>
  olds["attempt"] !== undefined ||
  (news["status"] !== undefined && knownStatus(olds) !== news["status"]) ||
  goneOf(olds["serverAdditions"]).length > 0;

/** The engine's own diff passes over members whose name begins with two underscores, so it would call such a change none. */
export const onlyHidden = (list: readonly Difference[]): boolean =>
  list.every(({ path }) => path.some((part) => typeof part === "string" && part.startsWith("__")));

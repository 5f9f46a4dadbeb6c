// Findings in the order of the definition: the flow's settings, then the steps along the graph. The engine sorts the keys of what it sends, so the
// order of the program is not known any more (PDP §4).
import { DEFINITION_KEYS } from "../definition/canonical/canonical";
import type { Path } from "../definition/canonical/paths";
import { isDict, type Dict } from "../definition/canonical/values";
import { orderOf } from "../definition/graph/flow-graph";
import { action } from "../definition/schema/schemas";

const SETTINGS = new Map(DEFINITION_KEYS.map((key, i) => [key, i]));
const MEMBERS = new Map(Object.keys(action.shape).map((key, i) => [key, i]));
const LAST = Number.MAX_SAFE_INTEGER;

export function inOrder<T extends { path: Path }>(findings: readonly T[], definition: Dict): T[] {
  const actions = definition["actions"];
  const steps = new Map(isDict(actions) && findings.length > 1 ? orderOf(actions).map((id, i) => [id, i]) : []);
  const rank = ({ path }: T): readonly number[] => {
    const [top, id, member] = path;
    const first = top === undefined ? -1 : top === "actions" ? LAST - 1 : (SETTINGS.get(String(top)) ?? LAST);
    if (top !== "actions") return [first, -1, -1];
    return [
      first,
      id === undefined ? -1 : (steps.get(String(id)) ?? LAST),
      member === undefined ? -1 : (MEMBERS.get(String(member)) ?? LAST),
    ];
  };
  return findings
    .map((finding, i) => ({ finding, ranks: [...rank(finding), i] }))
    .sort((a, b) => {
      const at = a.ranks.findIndex((value, i) => value !== b.ranks[i]);
      return at < 0 ? 0 : a.ranks[at]! - b.ranks[at]!;
    })
    .map(({ finding }) => finding);
}

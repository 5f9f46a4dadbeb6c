// The logical names of pulled flows. One flow has the same name whichever flows are pulled with it, and whatever becomes of the others: resources and files
// are called so, and under another name Pulumi would take the flow for another one.
import type { WireFlowRow } from "../../api";
import { maskText } from "../mask";
import { resourceName } from "../program-text";

/** What follows a title that an older flow has, too: the end of the id, which PostHog draws by lot. */
const SUFFIXES = [6, 12, 32];

/** Files that mean something else: the entry of a folder, its senders, and the devices of Windows, which no file there may be called, whatever its ending. */
const RESERVED = /^(?:index|pulled-senders|con|prn|aux|nul|com\d|lpt\d)$/;

/** The name, or another one where a file may not be called so. */
export const safeName = (name: string): string => (RESERVED.test(name) ? `${name}-flow` : name);

/**
 * Names by id, made from titles. Of several flows with one title, the oldest has the plain name, and every other one carries the end of its id.
 *
 * @param rows All flows of the project, archived ones included.
 * @param kept Names that flows have already, by id: a new title is no new resource.
 */
export function logicalNames(
  rows: readonly Pick<WireFlowRow, "id" | "name" | "created_at">[],
  kept: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const names = new Map(
    rows.flatMap(({ id }) => (kept.has(id.toLowerCase()) ? [[id, kept.get(id.toLowerCase())!] as const] : [])),
  );
  const taken = new Set(kept.values());
  for (const { id, name: title } of [...rows].sort(
    (a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id),
  )) {
    if (names.has(id)) continue;
    const base = safeName(resourceName(title === null || title === undefined ? title : maskText(title)));
    const end = id.replace(/-/g, "").toLowerCase();
    const name = [base, ...SUFFIXES.map((length) => `${base}-${end.slice(-length)}`)].find(
      (candidate) => !taken.has(candidate),
    )!;
    taken.add(name);
    names.set(id, name);
  }
  return names;
}

// The differences between two values, at the deepest place where both have a map (or lists of one length) on the way.
import type { Path } from "./paths";
import { definedKeys, isDict, same } from "./values";

export interface Difference {
  path: Path;
  kind: "added" | "removed" | "changed";
  before: unknown;
  after: unknown;
}

export function differences(before: unknown, after: unknown, path: Path = []): Difference[] {
  if (same(before, after)) return [];
  if (before === undefined) return [{ path, kind: "added", before, after }];
  if (after === undefined) return [{ path, kind: "removed", before, after }];
  if (isDict(before) && isDict(after)) {
    const keys = new Set([...definedKeys(before), ...definedKeys(after)]);
    return [...keys]
      .sort()
      .flatMap((key) =>
        differences(
          Object.hasOwn(before, key) ? before[key] : undefined,
          Object.hasOwn(after, key) ? after[key] : undefined,
          [...path, key],
        ),
      );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, i) => differences(item, after[i], [...path, i]));
  }
  return [{ path, kind: "changed", before, after }];
}

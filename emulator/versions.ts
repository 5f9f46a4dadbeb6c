/** When content counts as changed, and the revisions that keep what it was. */
import type { Instant } from "./clock";
import { clone, equal, isObject, type JsonObject } from "./json";
import { snapshot, type Content, type Flow, type User } from "./store";

/** Content without the compiler's stamps, which stand beside a bytecode; elsewhere such a key is the user's. */
function withoutStamps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutStamps);
  if (!isObject(value)) return value;
  const content: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === "bytecode_contract" && "bytecode" in value) continue;
    content[key] = withoutStamps(item);
  }
  return content;
}

export const contentChanged = (before: Content, after: Content): boolean =>
  !equal(withoutStamps(snapshot(before)), withoutStamps(snapshot(after)));

export function addRevision(flow: Flow, at: Instant, user: User | null): void {
  flow.revisions.push({
    version: flow.version,
    created_at: at,
    created_by: user,
    content: clone(snapshot(flow.content)),
  });
}

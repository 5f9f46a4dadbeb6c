/** Where people go whose step was deleted: a map from deleted steps to the next one that is left, along continue edges. */
import { isObject } from "./json";
import type { Content } from "./store";

const MAX_REDIRECTS = 512;

type Redirects = Record<string, string>;

export function nextRedirects(stored: Redirects | null, before: Content, after: Content): Redirects | null {
  const left = new Set(idsOf(after.actions));
  const next = new Map<string, string>();
  const onward = continueEdges(before.edges);
  for (const id of [...Object.keys(stored ?? {}), ...idsOf(before.actions).filter((id) => !left.has(id))]) {
    if (left.has(id)) continue;
    const start = stored?.[id] ?? id;
    const target = survivor(start, left, onward);
    if (target !== undefined) next.set(id, target);
  }
  const entries = [...next].slice(-MAX_REDIRECTS);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const idsOf = (steps: unknown): string[] =>
  Array.isArray(steps)
    ? steps.filter((step) => isObject(step) && typeof step.id === "string").map((step) => step.id)
    : [];

function continueEdges(edges: unknown): Map<string, string> {
  const onward = new Map<string, string>();
  for (const edge of Array.isArray(edges) ? edges : []) {
    if (isObject(edge) && edge.type === "continue" && !onward.has(edge.from)) onward.set(edge.from, edge.to);
  }
  return onward;
}

function survivor(start: string, left: ReadonlySet<string>, onward: ReadonlyMap<string, string>): string | undefined {
  const seen = new Set<string>();
  let id: string | undefined = start;
  while (id !== undefined && !left.has(id)) {
    if (seen.has(id)) return undefined;
    seen.add(id);
    id = onward.get(id);
  }
  return id;
}

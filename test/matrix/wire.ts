// Edits of a flow's JSON in place, as somebody makes them in PostHog's editor.
import { isDict, put, same, type Dict } from "../../definition/canonical/values";
import type { WirePath } from "./fields";

type Part = WirePath[number];

/** The member or item at this part of a path. */
function at(container: unknown, part: Part): unknown {
  if (typeof part === "object")
    return Array.isArray(container) ? container.find((item) => isDict(item) && item[part.by] === part.is) : undefined;
  if (typeof part === "number") return Array.isArray(container) ? container[part] : undefined;
  return isDict(container) && Object.hasOwn(container, part) ? container[part] : undefined;
}

export const wireAt = (flow: Dict, path: WirePath): unknown =>
  path.reduce<unknown>((value, part) => at(value, part), flow);

/** Sets the value; containers on the way that are missing or null are made. */
export function setOnWire(flow: Dict, path: WirePath, value: unknown): void {
  let container: unknown = flow;
  for (const [i, part] of path.entries()) {
    const last = i === path.length - 1;
    const now = at(container, part);
    const next = last ? value : (now ?? (typeof path[i + 1] === "string" ? {} : []));
    if (last || now === undefined || now === null) place(container, part, next);
    container = next;
  }
}

function place(container: unknown, part: Part, value: unknown): void {
  if (Array.isArray(container)) {
    const index =
      typeof part === "object"
        ? container.findIndex((item) => isDict(item) && item[part.by] === part.is)
        : Number(part);
    const item = typeof part === "object" && isDict(value) ? { [part.by]: part.is, ...value } : value;
    if (index < 0 || index >= container.length) container.push(item);
    else container[index] = item;
  } else if (isDict(container) && typeof part === "string") put(container, part, value);
  else throw new Error(`there is no place for ${JSON.stringify(part)}`);
}

/** What stands for nothing where a key at the top cannot be left out of a write. */
const TOP_NOTHING: Readonly<Record<string, unknown>> = {
  description: "",
  exit_condition: "exit_on_conversion",
  variables: [],
  edges: [],
};

export function removeOnWire(flow: Dict, path: WirePath): void {
  const last = path[path.length - 1]!;
  if (path.length === 1) {
    const key = String(last);
    flow[key] = Object.hasOwn(TOP_NOTHING, key) ? structuredClone(TOP_NOTHING[key]) : null;
    return;
  }
  const container = wireAt(flow, path.slice(0, -1));
  if (Array.isArray(container)) {
    const index =
      typeof last === "object"
        ? container.findIndex((item) => isDict(item) && item[last.by] === last.is)
        : Number(last);
    if (index >= 0) container.splice(index, 1);
  } else if (isDict(container) && typeof last === "string") delete container[last];
}

/** Drops the documents of e-mails, as the editor does with a text that has changed; PostHog makes them anew. */
export function redesign(flow: Dict): void {
  for (const step of flow["actions"] as Dict[]) {
    const value = ((step["config"] as Dict)["inputs"] as Dict | undefined)?.["email"];
    const mail = isDict(value) ? value["value"] : undefined;
    if (isDict(mail)) delete mail["design"];
  }
}

/** The same value with the members of every map in the opposite order. */
export function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (!isDict(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, turned(item)]),
  );
}

/** What PostHog keeps about a flow, or computes from it, and nobody edits. */
const VOLATILE: ReadonlySet<string> = new Set([
  "updated_at",
  "version",
  "trigger",
  "action_redirects",
  "billable_action_types",
  "schedules",
  "draft",
  "draft_updated_at",
]);
const COMPILED: ReadonlySet<string> = new Set(["bytecode", "bytecode_contract", "bytecode_error"]);

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isDict(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !COMPILED.has(key))
      .map(([key, item]) => [key, bare(item)]),
  );
}

/** Whether the stored flow is another one than before, whatever our provider thinks of it. */
export function differsOnWire(before: Dict, after: Dict): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].some(
    (key) =>
      !VOLATILE.has(key) && !key.startsWith("email_sending_paused") && !same(bare(before[key]), bare(after[key])),
  );
}

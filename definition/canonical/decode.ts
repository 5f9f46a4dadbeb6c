// JSON of the wire -> keyed form. `keyed` only moves things and renames them, so it also serves pasted JSON that holds outputs;
// `decode` continues to the canonical form.
import { action, flow } from "../schema/schemas";
import { canonical } from "./canonical";
import { unmarked } from "./marker";
import { actionToOurs, ourName, toOurs, type Reports } from "./structure";
import { isDict, own, put, type Dict } from "./values";
import { byKey, fromEdges, plainEdge } from "./wiring";

export interface DecodeOptions {
  /** Keys beyond the known ones that are kept, at the top and by step: the `extra` of the inputs. */
  extra?: { flow: readonly string[]; steps: Readonly<Record<string, readonly string[]>> };
  reports?: Reports;
}

/** What every answer of PostHog has in addition to the definition (API §2.1); also the `$schema` of a file. */
export const SERVER_KEYS: ReadonlySet<string> = new Set([
  "$schema",
  "id",
  "version",
  "origin_product",
  "created_at",
  "created_by",
  "updated_at",
  "trigger",
  "abort_action",
  "billable_action_types",
  "schedules",
  "user_access_level",
  "draft",
  "draft_updated_at",
  "action_redirects",
  "email_sending_paused_at",
  "email_sending_resumed_at",
  "email_sending_paused_reason",
  "email_sending_paused_by",
  "email_sending_pause_requires_support",
  "last_run",
  "pending_suggestions",
  "suggestions_enabled",
]);
/** What the editor keeps on steps for itself (API §2.2). */
export const EDITOR_KEYS: ReadonlySet<string> = new Set(["created_at", "updated_at"]);
const PLACED: ReadonlySet<string> = new Set(["actions", "edges", "variables"]);

/** Wire JSON in keyed form. Keys beyond the known ones go to `extra` where they are asked for. */
export function keyed(wire: Dict, options: DecodeOptions = {}): Dict {
  const settings: Dict = {};
  const extra: Dict = {};
  for (const [key, value] of Object.entries(wire)) {
    if (PLACED.has(key) || SERVER_KEYS.has(key)) continue;
    if (ourName(flow, key) !== undefined && key !== "leftover" && key !== "extra") settings[key] = value;
    else if (options.extra?.flow.includes(key)) put(extra, key, value);
    else options.reports?.unknownKey?.({ path: [], key, known: Object.keys(flow.shape), open: false });
  }
  if (typeof settings["description"] === "string") settings["description"] = unmarked(settings["description"]);
  const { map, rest } = byKey(list(wire["actions"]), "id");
  const { map: variables, rest: oddVariables } = byKey(list(wire["variables"]), "key");
  const wiring = fromEdges(list(wire["edges"]).map(plainEdge), new Set(Object.keys(map)));
  const actions: Dict = {};
  for (const [id, step] of Object.entries(map)) put(actions, id, keyedStep(id, step as Dict, wiring, options));
  const leftover = {
    ...(wiring.leftover.length > 0 ? { edges: wiring.leftover } : {}),
    ...(oddVariables.length > 0 ? { variables: oddVariables } : {}),
    ...(rest.length > 0 ? { actions: rest } : {}),
  };
  return {
    ...(toOurs(settings, flow, [], options.reports) as Dict),
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
    actions,
    ...(Object.keys(leftover).length > 0 ? { leftover } : {}),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function keyedStep(id: string, step: Dict, wiring: ReturnType<typeof fromEdges>, options: DecodeOptions): unknown {
  const known: Dict = {};
  const extra: Dict = {};
  const kept = options.extra?.steps;
  for (const [key, value] of Object.entries(step)) {
    if (EDITOR_KEYS.has(key)) continue;
    if (ourName(action, key) !== undefined && !["next", "branches", "extra"].includes(key)) known[key] = value;
    else if (kept && Object.hasOwn(kept, id) && kept[id]!.includes(key)) put(extra, key, value);
    else options.reports?.unknownKey?.({ path: ["actions", id], key, known: Object.keys(action.shape), open: false });
  }
  const next = wiring.next.get(id);
  const branches = wiring.branches.get(id);
  return {
    ...(actionToOurs(known, ["actions", id], options.reports) as Dict),
    ...(next === undefined ? {} : { next }),
    ...(branches === undefined ? {} : { branches }),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

/** A flow of the API in canonical form. Its status is not part of it: an unstated one belongs to whoever presses the button (design L3). */
export function decode(wire: Dict, like?: Dict): Dict {
  const { status: _, ...definition } = canonical(keyed(withoutOldWindow(wire), { extra: extraKeys(like) }));
  return definition;
}

/** A window without a unit, which PostHog answers with for old flows and drops on every write (API §2.3, row 18). */
function withoutOldWindow(wire: Dict): Dict {
  if (!isDict(wire["conversion"]) || wire["conversion"]["window_minutes"] === undefined) return wire;
  const { window_minutes: _, ...conversion } = wire["conversion"];
  return { ...wire, conversion };
}

/** The keys under `extra` of a definition, by place. */
function extraKeys(like: Dict | undefined): NonNullable<DecodeOptions["extra"]> {
  const steps: Record<string, readonly string[]> = {};
  const actions = own(like, "actions");
  if (isDict(actions)) {
    for (const [id, step] of Object.entries(actions)) {
      const extra = own(step, "extra");
      if (isDict(extra)) put(steps, id, Object.keys(extra));
    }
  }
  const extra = own(like, "extra");
  return { flow: isDict(extra) ? Object.keys(extra) : [], steps };
}

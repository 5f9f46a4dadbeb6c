/**
 * Turns PostHog's `attr` (`actions__2__inputs__url`, API §0.6) into the path that the user wrote
 * (`actions.welcome.config.inputs.url`), with the help of the body that was sent. The server loses parts of the path on
 * its way (API §4.2); the tables put back what can be known.
 */
import { table } from "../definition/schema/table";

type Json = unknown;
type Fields = Record<string, Json>;

/** The user's path, and a remark where a path alone does not say enough. */
export interface UserPath {
  path?: string;
  note?: string;
}

/** Where the first key after `actions__N` belongs. A key without a row is looked for in the step that was sent. */
const ACTION_KEYS = table<"action" | "config" | "filters" | "lost">({
  id: "action",
  name: "action",
  description: "action",
  on_error: "action",
  created_at: "action",
  updated_at: "action",
  type: "action",
  config: "action",
  output_variable: "action",
  // A trigger's filters stand in its config and are reported without it; a step's own filters are beside it.
  filters: "filters",
  inputs: "config",
  mappings: "config",
  template_id: "config",
  template_uuid: "config",
  table_name: "config",
  key_property: "config",
  // Members of a filter object somewhere in the config (API §4.2): only a trigger has just one such place.
  events: "lost",
  actions: "lost",
  properties: "lost",
  source: "lost",
});

/** Top-level keys that are reported at another place than they have in the body. */
const TOP_KEYS = table<string>({
  // Members of an event filter of the conversion goal arrive bare (API §4.2).
  events: "conversion.events",
  source: "conversion.events",
});

/** Keys below these are the user's data and stay as they are. */
const DATA_KEYS = new Set(["inputs", "variables"]);

/** Keys that name the request's own machinery, not something the user wrote. */
const NO_PATH = new Set([
  "confirm_token",
  "base_updated_at",
  "base_live_updated_at",
  "stage_draft",
  "includes_staged_draft",
  "operations",
  "graph",
  "detail",
  "globals",
  "current_action_id",
  "mock_async_functions",
  "use_draft",
]);

/** Errors without `attr` that name the path in their text (API §4.2). */
const BY_DETAIL: Array<{ detail: RegExp; needs: string; path: string }> = [
  { detail: /^Invalid filter configuration/, needs: "conversion", path: "conversion" },
];

/** Finds the user's path. Empty when the error is about the whole object or about something the user did not write. */
export function userPath(attr: string | null | undefined, sent: unknown, detail = ""): UserPath {
  const body = isFields(sent) ? sent : {};
  if (!attr) {
    const row = BY_DETAIL.find((row) => row.detail.test(detail) && isFields(body[row.needs]));
    return row ? { path: row.path } : {};
  }
  const tokens = attr.split("__").filter((token) => token !== "non_field_errors");
  // A test run has the flow in its body.
  if (tokens[0] === "configuration" && isFields(body.configuration))
    return userPath(tokens.slice(1).join("__"), body.configuration, detail);
  const first = tokens.shift();
  if (!first || NO_PATH.has(first)) return {};
  if (first === "actions") return { path: actionPath(tokens, body.actions) };
  if (first === "edges") return edgePath(tokens, body.edges);
  if (first === "variables") return { path: variablePath(tokens, body.variables) };
  if (TOP_KEYS[first] && !(first in body)) return { path: TOP_KEYS[first] };
  return { path: camel(first) + below(tokens, body[first]) };
}

function actionPath([index, ...tokens]: string[], actions: Json): string {
  if (index === undefined) return "actions";
  const found = Array.isArray(actions) ? actions[Number(index)] : undefined;
  const action = isFields(found) ? found : {};
  const start = `actions${typeof action.id === "string" && action.id !== "" ? member(action.id) : `[${index}]`}`;
  const key = tokens[0];
  if (key === undefined) return start;

  const trigger = action.type === "trigger";
  const config = isFields(action.config) ? action.config : {};
  switch (ACTION_KEYS[key]) {
    case "action":
      return start + below(tokens, action);
    case "config":
      return `${start}.config${below(tokens, config)}`;
    case "filters":
      return trigger ? `${start}.config${below(tokens, config)}` : start + below(tokens, action);
    case "lost":
      return trigger ? `${start}.config.filters${below(tokens, config.filters)}` : `${start}.config`;
    default:
      return key in config ? `${start}.config${below(tokens, config)}` : start + below(tokens, action);
  }
}

function edgePath([index]: string[], edges: Json): UserPath {
  const edge = index !== undefined && Array.isArray(edges) ? edges[Number(index)] : undefined;
  if (!isFields(edge) || typeof edge.from !== "string")
    return { path: index === undefined ? "edges" : `edges[${index}]` };
  const end = edge.type === "branch" ? `.branches${typeof edge.index === "number" ? `[${edge.index}]` : ""}` : ".next";
  return {
    path: `actions${member(edge.from)}${end}`,
    note: `the edge from ${edge.from} to ${typeof edge.to === "string" ? edge.to : "nowhere"}`,
  };
}

/** A flow's variables are a list on the wire and a map for the user; a schedule's are a map on both sides. */
function variablePath(tokens: string[], variables: Json): string {
  const [index, ...rest] = tokens;
  if (!Array.isArray(variables) || index === undefined) return `variables${below(tokens, variables, true)}`;
  const variable = variables[Number(index)];
  const key = isFields(variable) ? variable.key : undefined;
  return `variables${typeof key === "string" ? member(key) : `[${index}]`}${below(rest, variable)}`;
}

/** Renders the rest of a path. What was sent decides where a key ends that itself contains `__`. */
function below(tokens: string[], value: Json, data = false): string {
  let out = "";
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (/^\d+$/.test(token) && !isFields(value)) {
      out += `[${token}]`;
      value = Array.isArray(value) ? value[Number(token)] : undefined;
      at++;
      continue;
    }
    const end = keyEnd(tokens, at, value, data);
    const key = tokens.slice(at, end).join("__");
    out += member(data ? key : camel(key));
    value = isFields(value) ? value[key] : undefined;
    data ||= DATA_KEYS.has(key);
    at = end;
  }
  return out;
}

function keyEnd(tokens: string[], at: number, value: Json, data: boolean): number {
  if (isFields(value)) {
    for (let end = tokens.length; end > at; end--)
      if (Object.hasOwn(value, tokens.slice(at, end).join("__"))) return end;
  }
  // A data key that was not sent (a required input, say) can only be the whole rest.
  return data ? tokens.length : at + 1;
}

/** `.key`, or `["any key"]` in Pulumi's path syntax. */
const member = (key: string) => (/^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

const camel = (key: string) => key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const isFields = (value: Json): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

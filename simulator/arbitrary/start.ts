// What starts a flow, by its kind of trigger, with these properties of the event.
import { isDict, put, type Dict } from "../../provider/canonical/values";
import type { Filters, TemplateInputs } from "../../provider/schema/types";
import type { Scenario } from "../input/scenario";
import type { FlowModel } from "../world/flow-model";

export function startOf({ trigger }: FlowModel, properties: Dict): Pick<Scenario, "trigger"> {
  switch (trigger.type) {
    case "schedule":
    case "batch":
      return {};
    case "webhook":
    case "manual":
    case "tracking_pixel":
      return { trigger: { request: requestFor(trigger.inputs ?? {}, properties, trigger.type === "tracking_pixel") } };
    case "data-warehouse-table":
    case "data-warehouse-view":
      return { trigger: { row: properties } };
    default: {
      const name = (trigger.filters as Filters | undefined)?.events?.[0]?.id;
      return { trigger: { event: typeof name === "string" ? name : "something", properties } };
    }
  }
}

/** A text that is one member of the request and nothing else. */
const MEMBER = /^\s*\{\s*request\.(body|query)\.([\w.$]+)\s*\}\s*$/;

/** A request whose mapped members say what the flow asks about. */
function requestFor(inputs: TemplateInputs, properties: Dict, pixel: boolean): NonNullable<Extract<Scenario["trigger"], { request: unknown }>>["request"] {
  const body: Dict = {};
  const query: Dict = {};
  const place = (text: unknown, value: unknown): void => {
    const [, where, path] = (typeof text === "string" ? MEMBER.exec(text) : null) ?? [];
    if (path !== undefined) putAt(where === "body" ? body : query, path.split("."), value);
  };
  const mapped = inputs["properties"]?.value;
  if (isDict(mapped)) for (const [key, text] of Object.entries(mapped)) if (Object.hasOwn(properties, key)) place(text, properties[key]);
  place(inputs["event"]?.value, "something happened");
  place(inputs["distinct_id"]?.value, "person-1");
  const header = inputs["auth_header"]?.value;
  const method = inputs["method"]?.value;
  return { ...(pixel ? {} : { method: typeof method === "string" ? method : "POST" }), body, query: query as Record<string, string>, ...(typeof header === "string" ? { headers: { Authorization: header } } : {}) };
}

export function putAt(target: Dict, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) return put(target, key, value);
  const inner = isDict(target[key]) ? target[key] : {};
  put(target, key, inner);
  putAt(inner, rest, value);
}

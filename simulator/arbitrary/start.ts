// What starts a flow, by its kind of trigger, with these properties of the event.
import { isDict, put, type Dict } from "../../definition/canonical/values";
import { TRIGGER_TEMPLATES } from "../../definition/schema/templates";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import type { TemplateInputs } from "../../definition/schema/types";
import type { ReadScenario } from "../input/scenario";
import type { SimulatedRequest, Trigger } from "../input/signals";
import { storedInputs } from "../steps/templates";
import type { FlowModel } from "../world/flow-model";

/** Whether a start brings values for variables (run time §1.3, §1.4, §7.1). */
export const bringsVariables = ({ trigger }: FlowModel): boolean =>
  triggerKindOf(trigger.type)?.takesVariables === true;

export function startOf({ trigger }: FlowModel, properties: Dict): Pick<ReadScenario, "trigger"> {
  switch (trigger.type) {
    case "schedule":
    case "batch":
      return {};
    case "webhook":
    case "manual":
    case "tracking_pixel":
      return {
        trigger: {
          request: requestFor(
            storedInputs(TRIGGER_TEMPLATES[trigger.type]!, trigger.inputs),
            properties,
            trigger.type === "tracking_pixel",
          ),
        },
      };
    case "data-warehouse-table":
    case "data-warehouse-view":
      return { trigger: { row: properties } };
    default: {
      const name = trigger.filters?.events?.[0]?.id;
      return { trigger: { event: typeof name === "string" ? name : "something", properties } };
    }
  }
}

/** A text that is one member of the request and nothing else. */
const MEMBER = /^\s*\{\s*request\.(body|query)\.([\w.$]+)\s*\}\s*$/;

/** A request with mapped members that say what the flow asks about. */
function requestFor(inputs: TemplateInputs, properties: Dict, pixel: boolean): SimulatedRequest {
  const body: Dict = {};
  const query: Dict = {};
  const fill = (text: unknown, value: unknown): void => {
    const [, where, path] = (typeof text === "string" ? MEMBER.exec(text) : null) ?? [];
    if (path !== undefined) putAt(where === "body" ? body : query, path.split("."), value);
  };
  const mapped = inputs["properties"]?.value;
  if (isDict(mapped))
    for (const [key, text] of Object.entries(mapped)) if (Object.hasOwn(properties, key)) fill(text, properties[key]);
  fill(inputs["event"]?.value, "something happened");
  fill(inputs["distinct_id"]?.value, "person-1");
  const header = inputs["auth_header"]?.value;
  const method = inputs["method"]?.value;
  return {
    ...(pixel ? {} : { method: typeof method === "string" ? method : "POST" }),
    body,
    query: query as Record<string, string>,
    ...(typeof header === "string" ? { headers: { Authorization: header } } : {}),
  };
}

export function putAt(target: Dict, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) return put(target, key, value);
  const inner = isDict(target[key]) ? target[key] : {};
  put(target, key, inner);
  putAt(inner, rest, value);
}

/** One start over another: of the properties in `keys`, only those of the new one remain. */
export function together(
  old: Trigger | undefined,
  now: Trigger | undefined,
  keys: readonly string[],
): Trigger | undefined {
  if (!isDict(old) || !isDict(now)) return now;
  const merged = (before: unknown, after: unknown): Dict => ({
    ...Object.fromEntries(Object.entries(isDict(before) ? before : {}).filter(([key]) => !keys.includes(key))),
    ...(isDict(after) ? after : {}),
  });
  if ("row" in old && "row" in now) return { row: merged(old["row"], now["row"]) };
  if ("request" in old && "request" in now)
    return { request: over(old["request"], now["request"]) as SimulatedRequest };
  const [before, after] = [old, now] as [Dict, Dict];
  return "event" in before && "event" in after
    ? ({ ...before, ...after, properties: merged(before["properties"], after["properties"]) } as unknown as Trigger)
    : now;
}

const over = (old: unknown, now: unknown): unknown =>
  isDict(old) && isDict(now)
    ? Object.fromEntries(
        [...new Set([...Object.keys(old), ...Object.keys(now)])].map((key) => [
          key,
          key in now ? over(old[key], now[key]) : old[key],
        ]),
      )
    : now;

// Canonical keyed form -> the body of a PUT or POST. Every key is sent explicitly, because an omitted one keeps the stored value or loses its
// default (API §1.3), and in one fixed order, because the order alone would bump the version.
import { action as actionSchema, configSchema, conversion, filters, flow, settingShape } from "../schema/schemas";
import { formOf } from "../schema/rules";
import { stepKindOf } from "../schema/step-kinds";
import { triggerKindOf } from "../schema/trigger-kinds";
import { triggerTypeOf } from "./canonical";
import { toWire, wireName } from "./structure";
import { copy, isDict, own, type Dict } from "./values";
import { orderOf } from "../graph/flow-graph";
import { toEdges } from "./wiring";

export function encode(definition: Dict): Dict {
  const actions = isDict(definition["actions"]) ? definition["actions"] : {};
  const order = orderOf(actions);
  const leftover = isDict(definition["leftover"]) ? definition["leftover"] : {};
  const trigger = triggerTypeOf(actions);
  return {
    ...(isDict(definition["extra"]) ? copy(definition["extra"]) : {}),
    ...Object.fromEntries(SETTINGS.map(({ name, wire, encoded }) => [wire, encoded(definition[name])])),
    ...(triggerKindOf(trigger)?.isRowScoped ? { exit_condition: "exit_only_at_end" } : {}),
    edges: toEdges(actions, order, list(leftover["edges"])),
    actions: [...order.map((id) => encodeStep(id, actions[id])), ...list(leftover["actions"])],
    variables: encodeVariables(definition["variables"], list(leftover["variables"])),
  };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Of another kind than is known here, a setting is sent as it is. */
const wireSetting = (value: unknown, schema: Parameters<typeof toWire>[1]): unknown =>
  isDict(value) ? toWire(value, schema) : (value ?? null);
/** The same for a list. */
const wireEntries = (value: unknown): unknown =>
  value === undefined || Array.isArray(value) ? list(value).map((entry) => wireEntry(entry)) : value;

/** The fields of a flow that have a different name on the wire, in the order of the schema. Null means what is absent and has no default. */
const SETTINGS = (Object.keys(settingShape) as (keyof typeof settingShape)[]).map((name) => {
  const schema = settingShape[name];
  const { rule } = formOf(schema);
  return {
    name,
    wire: wireName(flow, name),
    encoded:
      name === "conversion"
        ? encodeConversion
        : (value: unknown): unknown => wireSetting(value, schema) ?? rule.default ?? null,
  };
});

function encodeVariables(variables: unknown, rest: readonly unknown[]): unknown[] {
  if (!isDict(variables)) return [...rest];
  const keyed = Object.keys(variables)
    .sort()
    .map((key) => {
      const { key: _, ...rest } = isDict(variables[key]) ? variables[key] : {};
      return { key, ...rest };
    });
  return [...keyed, ...rest];
}

function encodeConversion(value: unknown): unknown {
  if (!isDict(value)) return value ?? null;
  const { events, ...rest } = value;
  return { filters: [], ...(toWire(rest, conversion) as Dict), events: wireEntries(events) };
}

function encodeStep(id: string, step: unknown): Dict {
  if (!isDict(step)) return { id };
  const type = String(step["type"]);
  return {
    ...(isDict(step["extra"]) ? copy(step["extra"]) : {}),
    id,
    name: step["name"],
    description: step["description"] ?? "",
    // Null continues in the newer executor and ends the run in the older one; written out, it means the same in both.
    on_error: step["onError"] ?? (stepKindOf(type)?.failureMayEndRun === false ? null : "continue"),
    filters: step["filters"] === undefined ? null : wireFilter(step["filters"]),
    type: step["type"],
    config: isDict(step["config"] ?? {}) ? encodeConfig(type, (step["config"] ?? {}) as Dict) : step["config"],
    output_variable:
      step["outputVariable"] === undefined ? null : toWire(step["outputVariable"], actionSchema.shape.outputVariable),
  };
}

function encodeConfig(type: string, config: Dict): unknown {
  const schema = configSchema(type, config);
  if (!schema) return copy(config);
  const filled: Dict = { ...config };
  const kind = stepKindOf(type);
  const trigger = type === "trigger" ? triggerKindOf(config["type"]) : undefined;
  const template = trigger ? (trigger.template ?? "none") : (kind?.template ?? "none");
  if (template !== "none" && template !== "given" && filled["templateId"] === undefined)
    filled["templateId"] = template;
  if (template !== "none" && filled["inputs"] === undefined) filled["inputs"] = {};
  if (kind?.channel === "email") filled["inputs"] = withRecipientName(filled["inputs"]);
  const wire = toWire(filled, schema) as Dict;
  // Other filters are passed through (API §2.3).
  if (trigger?.filters === "compiled" && filled["filters"] !== undefined)
    wire["filters"] = wireFilter(filled["filters"]);
  if (trigger?.filterDefaults)
    wire["filters"] = { ...copy(trigger.filterDefaults), ...(isDict(wire["filters"]) ? wire["filters"] : {}) };
  for (const { key, isList } of kind?.filters ?? [])
    wire[key] = isList ? wireEntries(filled[key]) : wireCondition(filled[key]);
  return wire;
}

const wireCondition = (condition: unknown): unknown =>
  isDict(condition) ? { filters: null, ...(wireEntry(condition, null) as Dict) } : (condition ?? { filters: null });

/** Older workers ask for the recipient's name as well, of which an empty one will do. */
function withRecipientName(inputs: unknown): unknown {
  const email = own(inputs, "email");
  const value = own(email, "value");
  const to = own(value, "to");
  if (
    !isDict(inputs) ||
    !isDict(email) ||
    !isDict(value) ||
    !isDict(to) ||
    to["email"] === undefined ||
    to["name"] !== undefined
  )
    return inputs;
  return { ...inputs, email: { ...email, value: { ...value, to: { ...to, name: "" } } } };
}

/** A condition, or an entry of a list of conditions or events: always with `filters` (API §4.2). */
function wireEntry(entry: unknown, empty: unknown = {}): unknown {
  if (!isDict(entry)) return entry;
  return { ...entry, filters: entry["filters"] === undefined ? empty : wireFilter(entry["filters"]) };
}

/** A compiled filter with the labels, types and places that the editor would write. */
function wireFilter(value: unknown): unknown {
  if (!isDict(value)) return value;
  const wire = toWire(value, filters) as Dict;
  for (const name of ["events", "actions"]) {
    const items = wire[name];
    if (Array.isArray(items))
      wire[name] = items.map((item, order) =>
        isDict(item) ? { ...labelled(item), type: name, order, ...item } : item,
      );
  }
  return wire;
}

const labelled = (item: Dict): Dict =>
  item["id"] === null || item["id"] === undefined ? {} : { name: String(item["id"]) };

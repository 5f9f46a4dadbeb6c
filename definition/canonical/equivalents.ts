// Pairs of forms that mean the same to PostHog and differ as text: each rule names the row of API §2.3 that it mirrors. They run on keyed
// form with our names, before defaults are dropped.
import { WITHOUT_VALUE } from "../schema/operators";
import { stepKindOf } from "../schema/step-kinds";
import { table } from "../schema/table";
import { withLineFeeds } from "../text-file";
import { MESSAGE_TEMPLATES } from "../schema/templates";
import { triggerKindOf } from "../schema/trigger-kinds";
import type { TriggerType } from "../schema/types";
import { isGeneratedDesign } from "./email-design";
import { unmarked } from "./marker";
import { SECRET_PLACEHOLDER } from "./secrets";
import { isDict, isUnknown, own, put, type Dict } from "./values";

const EMPTY_SOURCES = table<readonly string[]>({
  // What the server drops from a filter, by its source (row 7).
  events: ["dataWarehouse"],
  "person-updates": ["events", "actions", "dataWarehouse"],
  "internal-events": ["dataWarehouse"],
  "data-warehouse-table": ["events", "actions"],
  "data-warehouse-view": ["events", "actions"],
});

/** A compiled filter. Its source is `natural` where none is given. */
function compiledFilter(value: unknown, natural: string): unknown {
  if (!isDict(value)) return value;
  const filter: Dict = { ...value };
  if (filter["filterTestAccounts"] === "true") filter["filterTestAccounts"] = true;
  const source = typeof filter["source"] === "string" ? filter["source"] : natural;
  if (source === natural) delete filter["source"];
  for (const key of EMPTY_SOURCES[source] ?? []) delete filter[key];
  for (const list of ["events", "actions"]) {
    const items = filter[list];
    if (Array.isArray(items)) filter[list] = items.map((item, i) => filterItem(item, list, i));
  }
  if (filter["properties"] !== undefined) filter["properties"] = withoutIdleValues(filter["properties"]);
  const tables = filter["dataWarehouse"];
  if (Array.isArray(tables))
    filter["dataWarehouse"] = tables.filter((table) => own(table, "name") !== "Select a table");
  return filter;
}

function filterItem(value: unknown, list: string, index: number): unknown {
  if (!isDict(value)) return value;
  const item: Dict = { ...value };
  if (
    item["name"] === null ||
    (item["id"] !== null && item["id"] !== undefined && String(item["name"]) === String(item["id"]))
  )
    delete item["name"];
  if (item["type"] === list) delete item["type"];
  if (item["order"] === index) delete item["order"];
  if (item["properties"] !== undefined) item["properties"] = withoutIdleValues(item["properties"]);
  return item;
}

/** PostHog's editor writes the operator once more as the value of a test that has none. */
const withoutIdleValues = (properties: unknown): unknown =>
  Array.isArray(properties) ? properties.map(withoutIdleValue) : properties;

function withoutIdleValue(property: unknown): unknown {
  if (
    !isDict(property) ||
    !WITHOUT_VALUE.has(String(property["operator"])) ||
    property["value"] !== property["operator"]
  )
    return property;
  const { value: _, ...rest } = property;
  return rest;
}

const withFilter = (value: unknown, key: string, natural = "events"): unknown =>
  isDict(value) && value[key] !== undefined ? { ...value, [key]: compiledFilter(value[key], natural) } : value;

const UUID = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/** A UUID in place of a message template's literal id (row 12). */
function templateReference(type: string, config: Dict): Dict {
  const literal = MESSAGE_TEMPLATES[type];
  const match = typeof config["templateId"] === "string" && literal ? UUID.exec(config["templateId"]) : null;
  if (literal && config["templateId"] === "") return { ...config, templateId: literal };
  if (!literal || !match) return config;
  const uuid = match.slice(1).join("-").toLowerCase();
  if (config["templateUuid"] !== undefined && config["templateUuid"] !== uuid) return config;
  return { ...config, templateId: literal, templateUuid: uuid };
}

/** Parts of an e-mail that its editor stores as empty texts. `html`, `subject` and `to.email` are not among them: without one the step fails, an empty one is a value. */
const EMPTY_TEXTS = ["preheader", "cc", "bcc", "replyTo"] as const;

/** E-mail without the `design` that the server generates from `html`, without an empty one, which it replaces (row 14), and without what the editor writes for nothing. */
function emailInputs(config: Dict): Dict {
  const email = own(config["inputs"], "email");
  const value = own(email, "value");
  if (!isDict(value) || !isDict(email)) return config;
  const body = withoutEmpty(value, EMPTY_TEXTS);
  if (isGeneratedDesign(value["design"], value["html"]) || isEmptyDesign(value)) delete body["design"];
  if (isDict(body["to"])) body["to"] = withoutEmpty(body["to"], ["name"]);
  if (isDict(body["from"])) body["from"] = withoutEmpty(onlySender(body["from"]), ["email", "name"]);
  return { ...config, inputs: { ...(config["inputs"] as Dict), email: { ...email, value: body } } };
}

const withoutEmpty = (value: Dict, keys: readonly string[]): Dict =>
  Object.fromEntries(Object.entries(value).filter(([key, item]) => item !== "" || !keys.includes(key)));

/** A list of senders that names the one sender again is none. */
function onlySender(from: Dict): Dict {
  const { integrationIds: ids, ...rest } = from;
  return Array.isArray(ids) && ids.length === 1 && ids[0] === from["integrationId"] && !isUnknown(ids[0]) ? rest : from;
}

const EMAIL_TEXTS = ["subject", "preheader", "html", "text"];

/** Line ends and a byte order mark are no difference in an e-mail: a file has those of the machine that it is on. */
function withPlainTexts(config: Dict): Dict {
  const email = own(config["inputs"], "email");
  const value = own(email, "value");
  const changed = isDict(value)
    ? EMAIL_TEXTS.filter((key) => typeof value[key] === "string" && /^\uFEFF|\r\n/.test(value[key]))
    : [];
  if (!isDict(value) || !isDict(email) || changed.length === 0) return config;
  const texts = Object.fromEntries(
    changed.map((key) => [key, withLineFeeds((value[key] as string).replace(/^\uFEFF/, ""))]),
  );
  return { ...config, inputs: { ...(config["inputs"] as Dict), email: { ...email, value: { ...value, ...texts } } } };
}

/**
 * The same for every other Liquid input: an editor on Windows stores its line ends, and people read the same message. The body of a webhook that is one
 * text is sent byte for byte, so that one stays as it is, and so does a secret.
 */
function withPlainLiquid(config: Dict): Dict {
  const inputs = config["inputs"];
  if (!isDict(inputs)) return config;
  let out: Dict | undefined;
  for (const [key, item] of Object.entries(inputs)) {
    if (!isDict(item) || item["templating"] !== "liquid" || item["secret"] === true) continue;
    const value = item["value"];
    if (typeof value === "string" && config["templateId"] === RAW_BODY.templateId && key === RAW_BODY.key) continue;
    const plain = plainLineEnds(value);
    if (plain !== value) put((out ??= { ...inputs }), key, { ...item, value: plain });
  }
  return out ? { ...config, inputs: out } : config;
}

const RAW_BODY = { templateId: "template-webhook", key: "body" };

/** The value itself where it has no line end of Windows. */
function plainLineEnds(value: unknown): unknown {
  if (typeof value === "string") return value.includes("\r\n") ? withLineFeeds(value) : value;
  if (Array.isArray(value)) {
    const list = value.map(plainLineEnds);
    return list.some((item, i) => item !== value[i]) ? list : value;
  }
  if (!isDict(value)) return value;
  let out: Dict | undefined;
  for (const key of Object.keys(value)) {
    const plain = plainLineEnds(value[key]);
    if (plain !== value[key]) put((out ??= { ...value }), key, plain);
  }
  return out ?? value;
}

const isEmptyDesign = ({ design, html }: Dict): boolean =>
  Boolean(html) && (design === null || (isDict(design) && Object.keys(design).length === 0));

function equivalentConfig(type: string, config: Dict): Dict {
  const kind = stepKindOf(type);
  if (!kind) return config;
  if (kind.channel === "email") return withPlainTexts(emailInputs(templateReference(type, config)));
  if (kind.template !== "none") return withPlainLiquid(templateReference(type, config));
  if (kind.filters.length === 0) return config;
  const out = { ...config };
  // Rows 15 and 16: an empty condition is none, events without a target are removed.
  for (const { key, isList, decides } of kind.filters) {
    const value = config[key];
    if (value === undefined || (isList && !Array.isArray(value))) continue;
    if (!Array.isArray(value) || !isList) out[key] = withFilter(value, "filters");
    else out[key] = decides === "wait-event" ? targeting(value) : value.map((entry) => withFilter(entry, "filters"));
  }
  return out;
}

const targeting = (events: readonly unknown[]): unknown[] =>
  events.map((entry) => withFilter(entry, "filters")).filter(targetsSomething);

function targetsSomething(entry: unknown): boolean {
  const filters = own(entry, "filters");
  if (!isDict(filters)) return isUnknown(filters) || isUnknown(entry);
  return ["events", "actions"].some(
    (list) => isUnknown(filters[list]) || (Array.isArray(filters[list]) && (filters[list] as unknown[]).length > 0),
  );
}

type Equivalent = (config: Dict) => Dict;
const asItIs: Equivalent = (config) => config;
/** Row 10: the source is the trigger's own, and filters are always there. */
const ofRows =
  (source: string): Equivalent =>
  (config) => ({ ...config, filters: compiledFilter(withMembers(config["filters"], { source }), source) });

const TRIGGER_RULES = table<Equivalent>({
  // Row 8: the switch belongs in the filters.
  event: (config) => {
    const { filterTestAccounts, filter_test_accounts: old, ...rest } = config;
    const moved = filterTestAccounts ?? old;
    const filters =
      moved === undefined || moved === null
        ? rest["filters"]
        : withMembers(rest["filters"], { filterTestAccounts: moved });
    return filters === undefined ? rest : { ...rest, filters: compiledFilter(filters, "events") };
  },
  webhook: asItIs,
  manual: asItIs,
  tracking_pixel: asItIs,
  schedule: asItIs,
  batch: asItIs,
  "data-warehouse-table": ofRows("data-warehouse-table"),
  "data-warehouse-view": ofRows("data-warehouse-view"),
  "internal-event": (config) => ({
    ...config,
    filters: internalFilter(
      compiledFilter(withMembers(config["filters"], { source: "internal-events" }), "internal-events"),
    ),
  }),
} satisfies Readonly<Record<TriggerType, Equivalent>>);

/** The filter with these members; one that is not known yet may hold anything. */
const withMembers = (filter: unknown, members: Dict): unknown =>
  isUnknown(filter) ? filter : { ...(isDict(filter) ? filter : {}), ...members };

/** Row 9: Slack channels without their label, GitHub repositories in lower case. */
function internalFilter(value: unknown): unknown {
  if (!isDict(value)) return value;
  const properties = (list: unknown): unknown => (Array.isArray(list) ? list.map(internalProperty) : list);
  const events = value["events"];
  return {
    ...value,
    ...(value["properties"] === undefined ? {} : { properties: properties(value["properties"]) }),
    ...(Array.isArray(events)
      ? {
          events: events.map((item) =>
            isDict(item) && item["id"] === "$github_event_received" && item["properties"] !== undefined
              ? { ...item, properties: properties(item["properties"]) }
              : item,
          ),
        }
      : {}),
  };
}

function internalProperty(property: unknown): unknown {
  if (!isDict(property)) return property;
  const each = (change: (text: string) => string): Dict => ({
    ...property,
    value: Array.isArray(property["value"])
      ? property["value"].map((item) => (typeof item === "string" ? change(item) : item))
      : typeof property["value"] === "string"
        ? change(property["value"])
        : property["value"],
  });
  if (property["key"] === "channel") return each((text) => text.split("|")[0]!);
  const operator = property["operator"] ?? "exact";
  return property["key"] === "repository" && (operator === "exact" || operator === "is_not")
    ? each((text) => text.toLowerCase())
    : property;
}

/** A given value sets a secret with or without the mark beside it (API §2.3.3); only the placeholder without a value needs it. */
function plainSecrets(config: Dict): Dict {
  const inputs = config["inputs"];
  if (!isDict(inputs) || !Object.values(inputs).some((item) => hasIdleMark(item))) return config;
  const out: Dict = {};
  for (const [key, item] of Object.entries(inputs)) {
    if (!hasIdleMark(item)) put(out, key, item);
    else {
      const { secret: _, ...rest } = item as Dict;
      put(out, key, rest);
    }
  }
  return { ...config, inputs: out };
}

const hasIdleMark = (item: unknown): boolean =>
  isDict(item) &&
  item["secret"] !== undefined &&
  (item["secret"] !== true || (item["value"] !== undefined && item["value"] !== SECRET_PLACEHOLDER));

/** A step with every equivalence applied. */
export function equivalentStep(step: Dict): Dict {
  const out: Dict = { ...step };
  if (out["filters"] !== undefined) out["filters"] = compiledFilter(out["filters"], "events");
  const output = out["outputVariable"];
  // Row 6: a bare name is a key.
  const asObject = (item: unknown): unknown =>
    typeof item === "string" && item !== "" && !isUnknown(item) ? { key: item } : item;
  if (Array.isArray(output)) out["outputVariable"] = output.map(asObject);
  else if (output !== undefined) out["outputVariable"] = asObject(output);
  if (!isDict(out["config"])) return out;
  const config = plainSecrets(out["config"]);
  const type = String(out["type"]);
  if (type !== "trigger") return { ...out, config: equivalentConfig(type, config) };
  return { ...out, config: (TRIGGER_RULES[String(config["type"])] ?? asItIs)(config) };
}

/** The flow's own settings with every equivalence applied. */
export function equivalentSettings(settings: Dict, triggerType: string | undefined): Dict {
  const out: Dict = { ...settings };
  // Row 4: forced on every save.
  if (triggerKindOf(triggerType)?.isRowScoped && !isUnknown(out["exitCondition"])) delete out["exitCondition"];
  // Design L5: the owner's mark is no part of a definition, not even in a text that was copied from another flow.
  if (typeof out["description"] === "string") out["description"] = unmarked(out["description"]);
  const conversion = out["conversion"];
  if (isDict(conversion)) {
    const { events, window_minutes: minutes, ...rest } = conversion;
    // Null says nothing, and every older export has it.
    const kept = minutes === undefined || minutes === null ? rest : { ...rest, window_minutes: minutes };
    out["conversion"] = {
      ...kept,
      ...(events === undefined ? {} : { events }),
      ...(Array.isArray(events) ? { events: targeting(events) } : {}),
      ...(kept["filters"] === undefined ? {} : { filters: withoutIdleValues(kept["filters"]) }),
    };
  }
  // Sent when a flow is created, and fixed from then on, so it is no part of a definition.
  if (isDict(out["extra"]) && Object.hasOwn(out["extra"], "origin_product")) {
    const { origin_product: _, ...extra } = out["extra"];
    out["extra"] = extra;
  }
  const variables = out["variables"];
  if (isDict(variables)) {
    // Row 20: every value is text.
    out["variables"] = Object.fromEntries(
      Object.entries(variables).map(([key, variable]) => [key, isDict(variable) ? asTexts(variable) : variable]),
    );
  }
  return out;
}

function asTexts(variable: Dict): Dict {
  return Object.fromEntries(
    Object.entries(variable).map(([key, value]) => [
      key,
      typeof value === "number" || typeof value === "boolean"
        ? String(value)
        : typeof value === "string"
          ? value.trim()
          : value,
    ]),
  );
}

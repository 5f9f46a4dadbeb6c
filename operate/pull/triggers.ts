// A trigger back in the words of composition.
import { isKeptSecret } from "../../definition/canonical/secrets";
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { table } from "../../definition/schema/table";
import type { Action, TriggerType } from "../../definition/schema/types";
import { TRIGGER_ID } from "../../definition/schema/step-ids";
import { Call, StoredSecret } from "./expression";
import { conditionOf, eventsOf, NotExpressible, oneOrList } from "./conditions";
import { typed } from "./takes";
import type { Words } from "./words";

/** Titles that composition gives by itself. */
const TITLES: Readonly<Record<string, string>> = {
  event: "Event",
  webhook: "Webhook",
  manual: "Manual",
  trackingPixel: "Tracking pixel",
  schedule: "Schedule",
  batch: "Audience",
  warehouseTable: "Row",
  warehouseView: "Row",
  slackMessage: "Slack message",
  github: "GitHub event",
};

export function triggerCall(id: string, step: Action, words: Words): Call {
  if (step.type !== "trigger") throw new NotExpressible("there is no trigger");
  if (
    [step.filters, step.onError, step.outputVariable, step.extra, step.branches].some((member) => member !== undefined)
  )
    throw new NotExpressible("the trigger has what only other steps need");
  const config = step.config as unknown;
  const type = own(config, "type");
  const write = typeof type === "string" ? BY_TYPE[type] : undefined;
  if (write === undefined || !isDict(config)) return refuse("the trigger is of a kind that composition does not know");
  const { name, args, options } = write(config, id, words);
  const all = {
    ...(id === TRIGGER_ID ? {} : { id }),
    ...(step.name === TITLES[name] ? {} : { name: step.name }),
    ...(step.description === undefined ? {} : { description: step.description }),
    ...options,
  };
  return typed(new Call(`on.${name}`, [...args, ...(Object.keys(all).length === 0 ? [] : [all])]));
}

interface Parts {
  name: string;
  args: readonly unknown[];
  options: Dict;
}

type Write = (config: Dict, id: string, words: Words) => Parts;

const BY_TYPE = table<Write>({
  event(config) {
    only(config, ["type", "filters"]);
    const { properties, filterTestAccounts, ...events } = dict(config["filters"]);
    const list = eventsOf(events, { names: true });
    if (list.length === 0) refuse("the trigger names no event");
    return {
      name: "event",
      args: [oneOrList(list)],
      options: { ...where(properties), ...(filterTestAccounts === undefined ? {} : { filterTestAccounts }) },
    };
  },
  webhook: (config, id, words) => ({
    name: "webhook",
    args: [],
    options: without(
      inputs(
        config,
        id,
        words,
        {
          event: "event",
          distinct_id: "distinctId",
          properties: "properties",
          method: "method",
          auth_header: "authHeader",
          debug: "debug",
        },
        ["event", "distinctId", "method"],
      ),
      { method: "POST" },
    ),
  }),
  manual: (config, id, words) => ({
    name: "manual",
    args: [],
    options: without(
      inputs(
        config,
        id,
        words,
        { event: "event", distinct_id: "distinctId", properties: "properties", method: "method" },
        ["event", "distinctId", "method"],
      ),
      { event: "$workflow_triggered", distinctId: "{request.body.user_id}", method: "POST" },
    ),
  }),
  tracking_pixel: (config, id, words) => ({
    name: "trackingPixel",
    args: [],
    options: without(
      inputs(
        config,
        id,
        words,
        { event: "event", distinct_id: "distinctId", properties: "properties", debug: "debug" },
        ["event", "distinctId"],
      ),
      { event: "{request.query.ph_event}", distinctId: "{request.query.ph_distinct_id}" },
    ),
  }),
  schedule(config) {
    only(config, ["type"]);
    return { name: "schedule", args: [], options: {} };
  },
  batch(config) {
    only(config, ["type", "filters"]);
    const { properties, ...rest } = dict(config["filters"]);
    if (!Array.isArray(properties)) return refuse("the audience has no list of properties");
    const other = Object.keys(rest).filter(
      (key) =>
        !["audienceType", "filterTestAccounts", "tagNames", "assignmentStatus", "assignedToUserIds"].includes(key),
    );
    if (other.length > 0) refuse(`the audience has ${other.join(", ")}`);
    return {
      name: "batch",
      args: [
        properties.length === 0
          ? []
          : oneOrList(properties.map((filter) => conditionOf(filter, undefined, { isAudience: true }))),
      ],
      options: rest,
    };
  },
  "data-warehouse-table": (config) => rows("warehouseTable", config),
  "data-warehouse-view": (config) => rows("warehouseView", config),
  "internal-event"(config) {
    only(config, ["type", "filters"]);
    const { events, properties, ...rest } = dict(config["filters"]);
    if (Object.keys(rest).length > 0 || !Array.isArray(events) || events.length !== 1 || !Array.isArray(properties))
      return refuse("the trigger listens to more than one signal");
    const values = new Map(properties.map((property) => [own(property, "key"), own(property, "value")]));
    if (own(events[0], "id") === "$slack_message_received")
      return { name: "slackMessage", args: [], options: { channel: single(values.get("channel")) } };
    return {
      name: "github",
      args: [],
      options: { repository: single(values.get("repository")), eventTypes: values.get("event_type") },
    };
  },
} satisfies Record<TriggerType, Write>);

function rows(name: string, config: Dict): Parts {
  only(config, ["type", "tableName", "filters", "keyProperty"]);
  const { properties, ...rest } = dict(config["filters"]);
  if (Object.keys(rest).length > 0 || typeof config["tableName"] !== "string")
    return refuse("the rows are filtered in another way");
  return {
    name,
    args: [config["tableName"]],
    options: {
      ...where(properties),
      ...(config["keyProperty"] === undefined ? {} : { keyProperty: config["keyProperty"] }),
    },
  };
}

const dict = (value: unknown): Dict => (isDict(value) ? value : {});
const where = (properties: unknown): Dict =>
  Array.isArray(properties) && properties.length > 0
    ? { where: oneOrList(properties.map((filter) => conditionOf(filter))) }
    : {};
/** A list of one stands for its member here. */
const single = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);
const without = (options: Dict, defaults: Dict): Dict =>
  Object.fromEntries(Object.entries(options).filter(([key, value]) => defaults[key] !== value));

function only(config: Dict, known: readonly string[]): void {
  const other = Object.keys(config).filter((key) => !known.includes(key));
  if (other.length > 0) refuse(`the trigger has ${other.join(", ")}`);
}

function inputs(
  config: Dict,
  id: string,
  words: Words,
  names: Readonly<Record<string, string>>,
  needed: readonly string[],
): Dict {
  only(config, ["type", "inputs"]);
  const out: Dict = {};
  for (const [input, item] of Object.entries(dict(config["inputs"]))) {
    const name = Object.hasOwn(names, input) ? names[input]! : refuse(`the trigger has the input ${input}`);
    if (isKeptSecret(item)) out[name] = new StoredSecret();
    else if (isDict(item) && Object.keys(item).length === 1 && item["value"] !== undefined) out[name] = item["value"];
    else refuse(`the input ${input} is more than a value`);
  }
  for (const key of needed) if (out[key] === undefined) refuse(`there is no ${key}`);
  return out;
}

function refuse(why: string): never {
  throw new NotExpressible(why);
}

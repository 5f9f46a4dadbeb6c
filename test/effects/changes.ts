// Random changes of a flow, one deed for each field of the table of effects: a field without a deed does not compile.
import { canonical } from "../../definition/canonical/canonical";
import { copy, type Dict } from "../../definition/canonical/values";
import {
  CONFIG_ROWS,
  CONVERSION_ROWS,
  DELAY_UNTIL_ROWS,
  FLOW_ROWS,
  STEP_ROWS,
  TRIGGER_ROWS,
} from "../../definition/graph/effects";
import type { ActionType, TriggerType } from "../../definition/schema/types";
import type { Random } from "../support/random-flow";
import {
  config,
  conversion,
  delayUntil,
  duration,
  event,
  EXITS,
  KINDS,
  mail,
  properties,
  state,
  step,
  triggerConfig,
  url,
  WAITING,
} from "./flows";

/** Changes a copy in place; false where it does not apply. */
type Deed<T> = (target: T, r: Random, flow: Dict) => boolean | void;
type Target = Dict;

const set =
  (key: string, make: (r: Random) => unknown): Deed<Target> =>
  (target, r) => {
    if (target[key] !== undefined && r.chance(0.2)) delete target[key];
    else target[key] = make(r);
  };
/** Never taken away: the field is required. */
const put =
  (key: string, make: (r: Random) => unknown): Deed<Target> =>
  (target, r) =>
    void (target[key] = make(r));
const steps = (flow: Dict): Dict => flow["actions"] as Dict;
const idsOf = (flow: Dict): string[] => Object.keys(steps(flow)).filter((id) => id !== "start");
const triggerOf = (flow: Dict): Dict => (steps(flow)["start"] as Dict)["config"] as Dict;
const text = (r: Random): string => `text ${r.int(1000)}`;
/** Any step but the trigger, or the one that is given: a loop without a pause would run for ever, so only what waits leads backwards. */
const target = (r: Random, flow: Dict, from: Dict): string => {
  const ids = idsOf(flow);
  const at = ids.findIndex((id) => steps(flow)[id] === from);
  return r.pick(WAITING.includes(from["type"] as ActionType) && r.chance(0.1) ? ids : ids.slice(at + 1).concat("end"));
};

const FLOW: { [K in keyof typeof FLOW_ROWS]: Deed<Dict> } = {
  name: put("name", text),
  description: set("description", text),
  status: put("status", (r) => r.pick(["draft", "archived"])),
  exitCondition: set("exitCondition", (r) => r.pick(EXITS)),
  triggerMasking: set("triggerMasking", (r) => ({
    hash: r.pick(["{person.id}", "{event.event}"]),
    ttl: r.pick([3600, 604_800]),
    ...(r.chance(0.3) ? { threshold: 2 } : {}),
  })),
  conversion: set("conversion", conversion),
  emailSendingRateLimit: set("emailSendingRateLimit", (r) => ({
    count: r.pick([1, 2, 50]),
    period: r.pick(["hour", "minute"]),
  })),
  variables: set("variables", (r) => ({
    [r.pick(["tier", "answer"])]: { type: "string", default: r.pick(["gold", "tin", "1"]) },
  })),
  actions: (flow, r) => r.pick(GRAPH)(flow, r, flow),
  leftover: (flow, r) =>
    void (flow["leftover"] = {
      edges: [
        r.chance(0.5)
          ? { from: r.pick(idsOf(flow)), to: "end", type: "continue" }
          : { from: r.pick(idsOf(flow)), to: "end", type: "branch", index: r.int(3) },
      ],
    }),
  extra: (flow, r) => void (flow["extra"] = { from_the_future: r.int(9) }),
};

const CONVERSION: { [K in keyof typeof CONVERSION_ROWS]: Deed<Dict> } = {
  filters: set("filters", properties),
  events: set("events", (r) => [event(r)]),
  window: set("window", (r) => r.pick(["1d", "30d"])),
};

const STEP: { [K in Exclude<keyof typeof STEP_ROWS, "config">]: Deed<Dict> } = {
  name: put("name", text),
  description: set("description", text),
  type: (at, r) => {
    if (at["type"] === "exit") return false;
    const type = r.pick(KINDS);
    at["type"] = type;
    at["config"] = config(r, type);
  },
  onError: set("onError", () => "abort"),
  filters: set("filters", state),
  outputVariable: set("outputVariable", (r) => ({
    key: r.pick(["answer", "tier", "other"]),
    ...(r.chance(0.5) ? { resultPath: "body.score" } : {}),
  })),
  next: (at, r, flow) => {
    if (at["type"] === "exit") return false;
    if (at["next"] !== undefined && r.chance(0.2)) delete at["next"];
    else at["next"] = target(r, flow, at);
    return true;
  },
  branches: (at, r, flow) => {
    const { branches } = at;
    if (!Array.isArray(branches)) return false;
    if (r.chance(0.2)) branches.pop();
    else branches[r.int(branches.length)] = target(r, flow, at);
    return true;
  },
  extra: (at, r) => void (at["extra"] = { from_the_future: r.int(9) }),
};

const filtersOrLabel =
  (list: string): Deed<Dict> =>
  (at, r) => {
    const items = (at[list] ?? []) as Dict[];
    if (items.length === 0 || r.chance(0.3))
      at[list] = [...items, list === "events" ? event(r) : { filters: state(r) }];
    else if (r.chance(0.2)) items[0]!["name"] = text(r);
    else if (r.chance(0.2) && items.length > 1) items.pop();
    else items[r.int(items.length)] = list === "events" ? event(r) : { filters: state(r) };
  };

/** The outside of the message: nobody's way depends on it unless it fails. */
const MESSAGE = {
  templateId: () => false,
  templateUuid: set("templateUuid", text),
  inputs: put("inputs", () => ({})),
  messageCategoryId: set("messageCategoryId", text),
  messageCategoryType: set("messageCategoryType", (r: Random) => r.pick(["marketing", "transactional"])),
} satisfies Record<string, Deed<Dict>>;

const CONFIG: { [T in keyof typeof CONFIG_ROWS]: { [K in keyof (typeof CONFIG_ROWS)[T]]: Deed<Dict> } } = {
  function: {
    templateId: put("templateId", (r) => r.pick(["template-webhook", "template-slack"])),
    templateUuid: set("templateUuid", text),
    inputs: (at, r) => void (at["inputs"] = { ...(at["inputs"] as Dict), url: url(r) }),
    mappings: set("mappings", () => [{ name: "m" }]),
  },
  function_email: { ...MESSAGE, inputs: put("inputs", mail), trackingEnabled: set("trackingEnabled", () => false) },
  function_sms: {
    ...MESSAGE,
    inputs: (at, r) =>
      void (at["inputs"] = {
        ...(at["inputs"] as Dict),
        message: { value: r.pick(["Hi", "", "{{ person.properties.plan }}"]) },
      }),
  },
  function_push: {
    ...MESSAGE,
    inputs: (at, r) =>
      void (at["inputs"] = {
        ...(at["inputs"] as Dict),
        title: { value: text(r) },
        channels: { value: r.pick([[3], []]) },
      }),
  },
  delay: {
    delayDuration: (at, r) => (at["delayUntil"] === undefined ? void (at["delayDuration"] = duration(r)) : false),
    delayUntil: (at, r) => {
      const until = at["delayUntil"] as Dict | undefined;
      if (until && r.chance(0.6)) return r.pick(Object.values(UNTIL))(until, r, at);
      if (until) {
        delete at["delayUntil"];
        delete at["maxDelayDuration"];
        at["delayDuration"] = duration(r);
      } else {
        delete at["delayDuration"];
        at["delayUntil"] = delayUntil(r);
      }
      return true;
    },
    maxDelayDuration: (at, r, flow) =>
      at["delayUntil"] === undefined ? false : set("maxDelayDuration", duration)(at, r, flow),
  },
  wait_until_condition: {
    condition: (at, r) => {
      const condition = at["condition"] as Dict | undefined;
      if (condition && r.chance(0.2)) condition["name"] = text(r);
      else if (condition && r.chance(0.2)) delete at["condition"];
      else at["condition"] = { filters: state(r) };
    },
    events: filtersOrLabel("events"),
    maxWaitDuration: set("maxWaitDuration", duration),
  },
  wait_until_time_window: {
    timezone: set("timezone", (r) => r.pick(["Asia/Tokyo", "America/New_York"])),
    usePersonTimezone: set("usePersonTimezone", () => true),
    fallbackTimezone: (at) => {
      at["usePersonTimezone"] = true;
      at["fallbackTimezone"] = "Asia/Tokyo";
    },
    day: put("day", (r) => r.pick<unknown>(["any", "weekend", ["wednesday"]])),
    time: put("time", (r) => r.pick<unknown>(["any", ["06:00", "08:00"]])),
  },
  conditional_branch: { conditions: filtersOrLabel("conditions") },
  random_cohort_branch: {
    cohorts: (at, r) =>
      void (at["cohorts"] = r.pick([
        [{ percentage: 95 }, { percentage: 5 }],
        [{ percentage: 5 }, { percentage: 95 }],
        [{ percentage: 20 }, { percentage: 20 }, { percentage: 60 }],
        [{ percentage: 50, name: text(r) }, { percentage: 50 }],
      ])),
  },
  exit: { reason: put("reason", text) },
};

const UNTIL: { [K in keyof typeof DELAY_UNTIL_ROWS]: Deed<Dict> } = {
  expression: put("expression", (r) =>
    r.pick([
      "person.properties.renewal",
      "properties.due",
      "person.properties.nothing",
      "toDateTime('2026-01-15 09:00:00')",
    ]),
  ),
  offset: set("offset", (r) => r.pick(["-2d", "5h"])),
  timezone: set("timezone", () => "America/New_York"),
  usePersonTimezone: set("usePersonTimezone", () => true),
  fallbackTimezone: (at) => {
    at["usePersonTimezone"] = true;
    at["fallbackTimezone"] = "Asia/Tokyo";
  },
};

const changeType: Deed<Dict> = (at, r) => {
  const made = triggerConfig(
    r,
    r.pick(["event", "webhook", "manual", "batch", "schedule", "internal-event", "data-warehouse-table"]),
  );
  for (const key of Object.keys(at)) delete at[key];
  Object.assign(at, made);
};
const inputs: Deed<Dict> = (at, r) =>
  void (at["inputs"] = { ...(at["inputs"] as Dict), debug: { value: r.chance(0.5) } });
const REQUESTED = {
  type: changeType,
  templateId: () => false,
  templateUuid: set("templateUuid", text),
  inputs,
} satisfies Record<string, Deed<Dict>>;
const WAREHOUSE = {
  type: changeType,
  tableName: put("tableName", (r: Random) => r.pick(["stripe.invoice", "other"])),
  filters: set("filters", (r: Random) => ({
    properties: [{ key: "amount", operator: "gt", type: "event", value: r.int(4) }],
  })),
  keyProperty: set("keyProperty", () => "id"),
} satisfies Record<string, Deed<Dict>>;

const TRIGGER: { [T in TriggerType]: { [K in keyof (typeof TRIGGER_ROWS)[T]]: Deed<Dict> } } = {
  event: {
    type: changeType,
    filters: put("filters", (r) =>
      r.chance(0.1)
        ? {}
        : {
            events: [{ id: r.chance(0.8) ? "signup" : "visit" }],
            ...(r.chance(0.8) ? { properties: properties(r) } : {}),
          },
    ),
  },
  webhook: REQUESTED,
  manual: REQUESTED,
  tracking_pixel: REQUESTED,
  schedule: { type: changeType, filters: set("filters", () => ({ properties: [] })) },
  batch: {
    type: changeType,
    filters: put("filters", (r) => ({
      properties: [{ key: "plan", type: "person", operator: "exact", value: [r.pick(["free", "pro"])] }],
    })),
  },
  "data-warehouse-table": WAREHOUSE,
  "data-warehouse-view": WAREHOUSE,
  "internal-event": {
    type: changeType,
    filters: (at, r) =>
      void (at["filters"] = {
        events: [{ id: "$slack_message_received" }],
        properties: [{ key: "channel", value: [r.pick(["C1", "C2"])], operator: "exact", type: "event" }],
      }),
  },
};

/** Changes of the graph: steps that come, go, or get another id. */
const GRAPH: readonly Deed<Dict>[] = [
  // Taken out, and those before it lead to what came after it; or they lead nowhere.
  (flow, r) => {
    const id = r.pick(idsOf(flow));
    const next = (steps(flow)[id] as Dict)["next"];
    delete steps(flow)[id];
    repoint(flow, id, r.chance(0.8) ? next : undefined);
  },
  (flow, r) => {
    const ids = idsOf(flow).filter((id) => id !== "end");
    for (const id of r.shuffled(ids).slice(0, 1 + r.int(ids.length))) {
      const next = (steps(flow)[id] as Dict)["next"];
      delete steps(flow)[id];
      repoint(flow, id, next);
    }
  },
  // Another id.
  (flow, r) => {
    const id = r.pick(idsOf(flow));
    steps(flow)[`${id}_new`] = steps(flow)[id];
    delete steps(flow)[id];
    repoint(flow, id, `${id}_new`);
  },
  // Between two.
  (flow, r) => {
    const before = steps(flow)[r.pick(idsOf(flow).filter((id) => id !== "end"))] as Dict | undefined;
    if (!before) return false;
    const made = step(r, r.pick(KINDS), "New");
    const { next } = before;
    steps(flow)["new"] = {
      ...made,
      ...(next === undefined ? {} : { next }),
      ...(["wait_until_condition", "conditional_branch", "random_cohort_branch"].includes(String(made["type"]))
        ? { branches: ["end", "end"] }
        : {}),
    };
    before["next"] = "new";
    return true;
  },
];

function repoint(flow: Dict, from: string, to: unknown): void {
  for (const at of Object.values(steps(flow)) as Dict[]) {
    if (at["next"] === from) {
      if (to === undefined) delete at["next"];
      else at["next"] = to;
    }
    if (Array.isArray(at["branches"])) at["branches"] = at["branches"].map((id) => (id === from ? (to ?? "end") : id));
  }
}

export interface Change {
  after: Dict;
  /** The fields that were changed, as the table names them. */
  fields: string[];
  /** Whether their rows say that other people start. */
  starts: boolean;
}

/** One to three deeds. */
export function randomChange(r: Random, before: Dict): Change {
  const after = copy(before);
  const fields: string[] = [];
  let starts = false;
  for (let left = r.pick([1, 1, 1, 2, 3]); left > 0; left -= 1) {
    const { field, comes } = deed(r, after);
    if (field === undefined) continue;
    fields.push(field);
    starts ||= comes === "starts";
  }
  return { after: canonical(after), fields, starts };
}

function deed(r: Random, flow: Dict): { field?: string; comes?: string } {
  const take = (
    where: string,
    deeds: Readonly<Record<string, Deed<Dict>>>,
    rows: Readonly<Record<string, { comes: string }>>,
    at: Dict,
  ): { field?: string; comes?: string } => {
    const field = r.pick(Object.keys(deeds));
    return deeds[field]!(at, r, flow) === false ? {} : { field: `${where}${field}`, comes: rows[field]!.comes };
  };
  const where = r.next();
  if (where < 0.25) return take("", FLOW, FLOW_ROWS, flow);
  if (where < 0.35) {
    const goal = (flow["conversion"] ??= {}) as Dict;
    return take("conversion.", CONVERSION, CONVERSION_ROWS, goal);
  }
  if (where < 0.45) {
    const type = triggerOf(flow)["type"] as TriggerType;
    return take(`trigger.${type}.`, TRIGGER[type], TRIGGER_ROWS[type], triggerOf(flow));
  }
  const id = r.pick(idsOf(flow));
  const at = steps(flow)[id] as Dict;
  if (where < 0.7) return take("step.", STEP, STEP_ROWS, at);
  const type = at["type"] as keyof typeof CONFIG;
  return take(`${type}.`, CONFIG[type], CONFIG_ROWS[type], (at["config"] ??= {}) as Dict);
}

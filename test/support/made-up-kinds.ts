// Flows of a PostHog that is newer than this package, or that stored what no PostHog should: one odd value in each place whose values are a closed set here.

export type Json = any;

/** What nobody knows yet, names that every object of JavaScript has, and what is no text where one is expected. */
export const ODD = [
  "next_years_kind",
  "constructor",
  "__proto__",
  "toString",
  "",
  null,
  7,
  { deep: ["a"] },
  ["a"],
  true,
] as const;

const test = (key: string): Json => ({ key, value: ["pro"], operator: "exact", type: "person" });
const event = (id: string): Json => ({ id, name: id, type: "events", order: 0 });

/** A flow with every kind of step, as PostHog's API has it, and a schedule. */
export const wholeFlow = (
  trigger: Json = {
    type: "event",
    filters: {
      source: "events",
      events: [{ ...event("user signed up"), properties: [{ ...test("plan"), type: "event" }] }],
      properties: [test("plan")],
    },
  },
): Json => ({
  name: "Whole",
  description: "",
  status: "draft",
  exit_condition: "exit_only_at_end",
  trigger_masking: { hash: "{person.id}", ttl: 3600, threshold: null },
  conversion: { filters: [test("paid")], events: [{ filters: { events: [event("paid")] } }], window: "14d" },
  email_sending_rate_limit: { count: 500, period: "hour" },
  variables: [{ key: "score", type: "number", label: "Score", default: 1 }],
  actions: [
    { id: "trigger_node", name: "Start", description: "", type: "trigger", config: trigger },
    {
      id: "mail",
      name: "Mail",
      type: "function_email",
      config: {
        template_id: "template-email",
        message_category_type: "marketing",
        inputs: {
          email: {
            templating: "liquid",
            value: {
              from: { integrationId: 7 },
              to: { email: "{{ person.properties.email }}", name: "" },
              subject: "Hi",
              html: "<p>Hi</p>",
              text: "Hi",
            },
          },
        },
      },
    },
    {
      id: "text",
      name: "Text",
      type: "function_sms",
      config: {
        template_id: "template-twilio",
        inputs: {
          twilio_account: { value: 456 },
          from_number: { value: "+15550100000" },
          to_number: { value: "+15550100001" },
          message: { value: "See you" },
        },
      },
    },
    {
      id: "push",
      name: "Push",
      type: "function_push",
      config: {
        template_id: "template-native-push",
        inputs: {
          channels: { value: [7] },
          distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
          title: { value: "Hi", templating: "liquid" },
          body: { value: "", templating: "liquid" },
        },
      },
    },
    {
      id: "call",
      name: "Call",
      type: "function",
      on_error: "continue",
      filters: { source: "events", properties: [test("plan")] },
      output_variable: { key: "score", result_path: "body.score", spread: false },
      config: {
        template_id: "template-webhook",
        inputs: { url: { value: "https://hooks.example.com/a", templating: "hog" }, method: { value: "POST" } },
      },
    },
    { id: "pause", name: "Pause", type: "delay", config: { delay_duration: "2d" } },
    {
      id: "moment",
      name: "Moment",
      type: "delay",
      config: {
        delay_until: { expression: "toDateTime('2030-01-07 09:00:00')", offset: "-1h", timezone: "Europe/Berlin" },
        max_delay_duration: "7d",
      },
    },
    {
      id: "hours",
      name: "Hours",
      type: "wait_until_time_window",
      config: { timezone: "Europe/Berlin", day: "weekday", time: ["09:00", "17:00"] },
    },
    {
      id: "until",
      name: "Until",
      type: "wait_until_condition",
      config: {
        condition: { filters: { source: "events", properties: [test("plan")] } },
        events: [{ filters: { events: [event("paid")] } }],
        max_wait_duration: "3d",
      },
    },
    {
      id: "fork",
      name: "Fork",
      type: "conditional_branch",
      config: { conditions: [{ name: "Pro", filters: { source: "events", properties: [test("plan")] } }] },
    },
    {
      id: "dice",
      name: "Dice",
      type: "random_cohort_branch",
      config: {
        cohorts: [
          { percentage: 50, name: "A" },
          { percentage: 50, name: "B" },
        ],
      },
    },
    { id: "exit_node", name: "Exit", type: "exit", config: { reason: "Done" } },
  ],
  edges: [
    { from: "trigger_node", to: "mail", type: "continue" },
    { from: "mail", to: "text", type: "continue" },
    { from: "text", to: "push", type: "continue" },
    { from: "push", to: "call", type: "continue" },
    { from: "call", to: "pause", type: "continue" },
    { from: "pause", to: "moment", type: "continue" },
    { from: "moment", to: "hours", type: "continue" },
    { from: "hours", to: "until", type: "continue" },
    { from: "until", to: "fork", type: "branch", index: 0 },
    { from: "until", to: "fork", type: "continue" },
    { from: "fork", to: "exit_node", type: "branch", index: 0 },
    { from: "fork", to: "dice", type: "continue" },
    { from: "dice", to: "exit_node", type: "branch", index: 0 },
    { from: "dice", to: "exit_node", type: "branch", index: 1 },
  ],
});

const warehouse = {
  type: "data-warehouse-table",
  table_name: "stripe.invoice",
  filters: { source: "data-warehouse-table", properties: [{ ...test("amount"), type: "event" }] },
};
const audience = {
  type: "batch",
  filters: { properties: [test("plan")], audience_type: "persons", assignment_status: "all" },
};
const internal = {
  type: "internal-event",
  filters: {
    source: "internal-events",
    events: [event("$slack_message_received")],
    properties: [{ key: "channel", value: ["C0123"], operator: "exact", type: "event" }],
  },
};
const hook = {
  type: "webhook",
  template_id: "template-source-webhook",
  inputs: {
    event: { value: "{request.body.event}" },
    distinct_id: { value: "{request.body.distinct_id}" },
    method: { value: "POST" },
  },
};

/** A place in a flow: a trigger where it needs another one, and the path to it; steps by id. */
export interface Spot {
  trigger?: Json;
  path: readonly (string | number)[];
}

const at = (path: string, trigger?: Json): Spot => ({
  ...(trigger === undefined ? {} : { trigger }),
  path: path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
});

const STEPS = ["mail", "text", "push", "call", "pause", "moment", "hours", "until", "fork", "dice", "exit_node"];

/** Every place whose values are a closed set in this package. */
export const CLOSED: readonly Spot[] = [
  ...[
    "status",
    "exit_condition",
    "trigger_masking",
    "trigger_masking.hash",
    "trigger_masking.ttl",
    "trigger_masking.threshold",
    "conversion",
    "conversion.window",
    "conversion.filters",
    "conversion.events",
    "conversion.filters.0.operator",
    "conversion.filters.0.type",
    "email_sending_rate_limit",
    "email_sending_rate_limit.period",
    "email_sending_rate_limit.count",
    "variables.0.type",
    "variables.0.key",
    "variables.0.label",
    "variables.0.default",
    "variables.0",
  ].map((path) => at(path)),
  ...["trigger_node", ...STEPS].flatMap((id) => [at(`actions.${id}.type`), at(`actions.${id}.config`)]),
  at("actions.call.on_error"),
  at("actions.call.output_variable"),
  at("actions.call.output_variable.spread"),
  at("actions.call.filters"),
  at("actions.call.filters.source"),
  at("actions.call.filters.properties.0.operator"),
  at("actions.call.filters.properties.0.type"),
  at("actions.call.filters.properties.0.key"),
  ...["mail", "text", "push", "call"].map((id) => at(`actions.${id}.config.template_id`)),
  at("actions.mail.config.message_category_type"),
  at("actions.mail.config.inputs"),
  at("actions.mail.config.inputs.email"),
  at("actions.mail.config.inputs.email.templating"),
  at("actions.mail.config.inputs.email.value"),
  at("actions.call.config.inputs.url.templating"),
  at("actions.call.config.inputs.method.value"),
  at("actions.call.config.inputs.url"),
  at("actions.pause.config.delay_duration"),
  at("actions.moment.config.delay_until"),
  at("actions.moment.config.delay_until.offset"),
  at("actions.moment.config.delay_until.timezone"),
  at("actions.moment.config.delay_until.expression"),
  at("actions.moment.config.max_delay_duration"),
  at("actions.hours.config.day"),
  at("actions.hours.config.time"),
  at("actions.hours.config.timezone"),
  at("actions.until.config.max_wait_duration"),
  at("actions.until.config.condition"),
  at("actions.until.config.events"),
  at("actions.until.config.events.0"),
  at("actions.until.config.condition.filters.properties.0.operator"),
  at("actions.fork.config.conditions"),
  at("actions.fork.config.conditions.0"),
  at("actions.fork.config.conditions.0.filters.properties.0.operator"),
  at("actions.fork.config.conditions.0.filters.properties.0.type"),
  at("actions.dice.config.cohorts"),
  at("actions.dice.config.cohorts.0"),
  at("actions.dice.config.cohorts.0.percentage"),
  at("actions.trigger_node.config.type"),
  at("actions.trigger_node.config.filters"),
  at("actions.trigger_node.config.filters.source"),
  at("actions.trigger_node.config.filters.events"),
  at("actions.trigger_node.config.filters.events.0.type"),
  at("actions.trigger_node.config.filters.events.0.id"),
  at("actions.trigger_node.config.filters.events.0.properties.0.operator"),
  at("actions.trigger_node.config.filters.events.0.properties.0.type"),
  at("actions.trigger_node.config.filters.properties.0.operator"),
  at("actions.trigger_node.config.filters.properties.0.type"),
  at("actions.trigger_node.config.filters.audience_type", audience),
  at("actions.trigger_node.config.filters.assignment_status", audience),
  at("actions.trigger_node.config.filters.properties.0.type", audience),
  at("actions.trigger_node.config.filters.properties.0.operator", audience),
  at("actions.trigger_node.config.filters.source", warehouse),
  at("actions.trigger_node.config.table_name", warehouse),
  at("actions.trigger_node.config.filters.source", internal),
  at("actions.trigger_node.config.filters.events.0.id", internal),
  at("actions.trigger_node.config.filters.properties.0.value", internal),
  at("actions.trigger_node.config.template_id", hook),
  at("actions.trigger_node.config.inputs", hook),
  at("actions.trigger_node.config.inputs.method", hook),
  at("actions.trigger_node.config.inputs.method.value", hook),
  at("edges.0.type"),
  at("edges.9.type"),
  at("edges.9.index"),
];

/** Every object of a flow that may have a member which nobody knows yet. */
export const OPEN: readonly Spot[] = ["next_years_field", "constructor", "__proto__", "toString"].flatMap((key) =>
  [
    "",
    "trigger_masking.",
    "conversion.",
    "conversion.filters.0.",
    "conversion.events.0.",
    "email_sending_rate_limit.",
    "variables.0.",
    "edges.0.",
    ...["trigger_node", ...STEPS].flatMap((id) => [`actions.${id}.`, `actions.${id}.config.`]),
    "actions.call.filters.",
    "actions.call.filters.properties.0.",
    "actions.call.output_variable.",
    "actions.mail.config.inputs.",
    "actions.mail.config.inputs.email.",
    "actions.mail.config.inputs.email.value.",
    "actions.moment.config.delay_until.",
    "actions.until.config.condition.",
    "actions.until.config.events.0.",
    "actions.fork.config.conditions.0.",
    "actions.dice.config.cohorts.0.",
    "actions.trigger_node.config.filters.",
    "actions.trigger_node.config.filters.events.0.",
  ].map((path) => at(path + key)),
);

/** A member as JSON.parse makes it: `__proto__` is a key like any other. */
function put(target: Json, key: string | number, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The flow with this value at this place. */
export function withOdd({ trigger, path }: Spot, value: unknown): Json {
  const flow = wholeFlow(structuredClone(trigger));
  let node: Json = flow;
  for (const part of path.slice(0, -1))
    node = node === flow.actions ? node.find(({ id }: Json) => id === part) : node[part];
  const last = path.at(-1)!;
  put(node, last, structuredClone(value));
  return flow;
}

export const spotName = ({ trigger, path }: Spot): string =>
  `${path.join(".")}${trigger === undefined ? "" : ` (${trigger.type})`}`;

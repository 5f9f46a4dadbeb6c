// Where fields live: the flow itself, and one step of every type and trigger, each with the least that PostHog asks of it. The tables have a
// row for every type, so that a new one does not compile without.
import { z } from "zod";
import type { Dict } from "../../definition/canonical/values";
import { action, actionConfigs, flow, triggerConfigs } from "../../definition/schema/schemas";
import type { ActionType, TriggerType } from "../../definition/schema/types";

/** Id of the step that a cell is about. */
export const SUBJECT = "subject";
export const TRIGGER = "trigger_node";

export interface Home {
  name: string;
  /** The id of its step in programs; undefined for the flow itself. */
  step?: string;
  type?: ActionType;
  /** All fields, config included, as one schema. */
  schema: z.ZodObject;
  /** The least that PostHog takes. */
  bare: Dict;
  /** Other leasts, for fields that exclude what `bare` has. */
  variants: readonly Variant[];
}

interface Variant {
  /** Of the field's path, as text. */
  for: RegExp;
  bare: Dict;
}

const person = (key: string, value: unknown): Dict => ({ key, value, operator: "is_not", type: "person" });
const slack = {
  events: [{ id: "$slack_message_received" }],
  properties: [{ key: "channel", value: ["C0123"], type: "event" }],
};
const sender = { from: { integrationId: 7 }, to: { email: "{{ person.properties.email }}" }, subject: "Welcome" };
/** What a trigger with an address answers; it answers nothing without. */
export const ANSWERS = { inputs: { method: { value: "POST" } } };
const UNTIL = { delayUntil: { expression: "person.properties.renewal" } };
const ACCOUNTS = {
  type: "batch",
  filters: { audienceType: "accounts", properties: [{ key: "size", value: [5], operator: "gt", type: "group" }] },
};
const warehouse = (type: string): Dict => ({ type, tableName: "stripe.invoice" });

const TRIGGERS: Record<TriggerType, Dict> = {
  event: { type: "event", filters: { events: [{ id: "user signed up" }] } },
  webhook: { type: "webhook", ...ANSWERS },
  manual: { type: "manual", ...ANSWERS },
  tracking_pixel: { type: "tracking_pixel" },
  schedule: { type: "schedule" },
  batch: { type: "batch", filters: { properties: [person("country", ["DE"])] } },
  "data-warehouse-table": warehouse("data-warehouse-table"),
  "data-warehouse-view": warehouse("data-warehouse-view"),
  "internal-event": { type: "internal-event", filters: slack },
};

const CONFIGS: Record<Exclude<ActionType, "trigger">, Dict> = {
  function: { templateId: "template-webhook", inputs: { url: { value: "https://hooks.example.com/a" } } },
  function_email: { inputs: { email: { templating: "liquid", value: { ...sender, html: "<p>Hello</p>" } } } },
  function_sms: { inputs: { twilio_account: { value: 456 }, from_number: { value: "+15550100000" } } },
  function_push: {
    inputs: {
      distinctId: { value: "person-1", templating: "liquid" },
      channels: { value: [789] },
      title: { value: "Still there?", templating: "liquid" },
      body: { value: "Come back.", templating: "liquid" },
    },
  },
  delay: { delayDuration: "3h" },
  wait_until_condition: { events: [{ filters: { events: [{ id: "order placed" }] } }], maxWaitDuration: "2d" },
  wait_until_time_window: { day: "weekday", time: ["10:00", "16:00"] },
  conditional_branch: {
    conditions: [
      { filters: { properties: [person("plan", ["pro"])] } },
      { filters: { properties: [person("plan", ["team"])] } },
    ],
  },
  random_cohort_branch: { cohorts: [{ percentage: 40 }, { percentage: 60 }] },
  exit: {},
};

/** A second template for the step that runs any. */
const SLACK = {
  templateId: "template-slack",
  inputs: { slack_workspace: { value: 12 }, channel: { value: "C0123" }, text: { value: "Hello" } },
};

const VARIANTS: Partial<Record<ActionType | TriggerType, readonly Variant[]>> = {
  delay: [{ for: /^config\.(delayUntil|maxDelayDuration)/, bare: UNTIL }],
  batch: [{ for: /^config\.filters\.(tagNames|assignmentStatus|assignedToUserIds)/, bare: ACCOUNTS }],
};

const ROOTS: ReadonlySet<string> = new Set(["next", "branches", "extra"]);
/** What is no field of PostHog's: wiring has its own edits, and `extra` and `leftover` are our own. */
const step = action.omit(
  Object.fromEntries([...ROOTS].map((key) => [key, true])) as { next: true; branches: true; extra: true },
);

const stepHome = (
  name: string,
  type: ActionType,
  config: z.ZodType,
  bare: Dict,
  variants: readonly Variant[] = [],
): Home => ({
  name,
  type,
  step: type === "trigger" ? TRIGGER : SUBJECT,
  schema: step.extend({ config }),
  bare: { type, name: type === "trigger" ? "Start" : "Subject", config: bare },
  variants: variants.map((variant) => ({ for: variant.for, bare: { type, name: "Subject", config: variant.bare } })),
});

export const FLOW: Home = {
  name: "flow",
  schema: flow.omit({ actions: true, leftover: true, extra: true }),
  bare: {},
  variants: [],
};

export const HOMES: readonly Home[] = [
  FLOW,
  ...Object.entries(TRIGGERS).map(([type, bare]) =>
    stepHome(`trigger ${type}`, "trigger", triggerConfigs[type as TriggerType], bare, VARIANTS[type as TriggerType]),
  ),
  ...Object.entries(CONFIGS).map(([type, bare]) =>
    stepHome(
      type,
      type as ActionType,
      actionConfigs[type as Exclude<ActionType, "trigger">],
      bare,
      VARIANTS[type as ActionType],
    ),
  ),
  stepHome("function template-slack", "function", actionConfigs.function, SLACK),
];

/** How many branches a step of this type has with this config. */
function branchesOf(type: unknown, config: Dict): number {
  if (type === "conditional_branch") return (config["conditions"] as unknown[]).length;
  if (type === "random_cohort_branch") return (config["cohorts"] as unknown[]).length;
  return type === "wait_until_condition" ? 1 : 0;
}

/** A whole program around a home's own fields: trigger, subject, a delay, and two exits. */
export function programOf(home: Home, own: Dict): Dict {
  const config = (own["config"] ?? {}) as Dict;
  const branches = Array.from({ length: branchesOf(home.type, config) }, (_, i) =>
    i % 2 === 0 ? "side_exit" : "after",
  );
  const after = { type: "delay", name: "After", config: { delayDuration: "5m" }, next: "main_exit" };
  const exits = { main_exit: { type: "exit", name: "Exit" }, side_exit: { type: "exit", name: "Side exit" } };
  const start = { ...stepsStart(), next: home.step === SUBJECT ? SUBJECT : "after" };
  const isExit = home.type === "exit";
  if (home.step === undefined) return { ...own, actions: { [TRIGGER]: start, after, ...exits } };
  if (home.step === TRIGGER)
    return { name: "Cell", actions: { [TRIGGER]: { ...own, next: "after" }, after, ...exits } };
  const wired = isExit ? own : { ...own, next: "after", ...(branches.length > 0 ? { branches } : {}) };
  return { name: "Cell", actions: { [TRIGGER]: start, [SUBJECT]: wired, after, ...exits } };
}

const stepsStart = (): Dict => ({ type: "trigger", name: "Start", config: structuredClone(TRIGGERS.event) });

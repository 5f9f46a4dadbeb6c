// Short ways to write the examples of rules: a flow needs a trigger, an exit and titles, and a rule is about something else.
import type { Dict } from "../definition/canonical/values";
import type { Example } from "./rule";

export const onEvent = (filters: Dict = { events: [{ id: "user signed up" }] }): Dict => ({ type: "event", filters });
const START: Dict = { type: "trigger", name: "Trigger", config: onEvent() };

/**
 * A flow of these steps, one after the other: `next` is the step that follows unless it is written (`undefined` for none), the trigger comes first and
 * an exit last.
 */
export function flowOf(steps: Record<string, Dict>, settings: Dict = {}): Example {
  const { trigger_node = START, ...rest } = steps;
  const all: [string, Dict][] = Object.entries({
    trigger_node,
    ...rest,
    ...(rest["exit_node"] ? {} : { exit_node: { type: "exit" } }),
  });
  const actions: Dict = {};
  all.forEach(([id, step], i) => {
    const next = all[i + 1]?.[0];
    actions[id] = { name: "Step", ...(step["type"] === "exit" || next === undefined ? {} : { next }), ...step };
  });
  return { flow: { name: "Example", ...settings, actions } };
}

/** An incoming webhook that answers. */
export const onWebhook = (inputs: Dict = {}): Dict => ({
  type: "webhook",
  inputs: { method: { value: "POST" }, ...inputs },
});
/** A flow that starts in this way. */
export const startedBy = (config: Dict, steps: Record<string, Dict> = {}, settings: Dict = {}): Example =>
  flowOf({ trigger_node: { type: "trigger", name: "Trigger", config }, ...steps }, settings);

export const delay = (duration = "1d", more: Dict = {}): Dict => ({
  type: "delay",
  config: { delayDuration: duration },
  ...more,
});
export const webhook = (inputs: Dict = {}, more: Dict = {}): Dict => ({
  type: "function",
  config: { templateId: "template-webhook", inputs: { url: { value: "https://example.com/hook" }, ...inputs } },
  ...more,
});
export const email = (value: Dict = {}, more: Dict = {}): Dict => ({
  type: "function_email",
  config: {
    inputs: {
      email: {
        templating: "liquid",
        value: {
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject: "Welcome!",
          html: "<p>Good to have you.</p>",
          ...value,
        },
      },
    },
  },
  ...more,
});
export const push = (inputs: Dict = {}, more: Dict = {}): Dict => ({
  type: "function_push",
  config: {
    inputs: {
      distinctId: { value: "{event.distinct_id}" },
      channels: { value: [3] },
      title: { value: "Soon" },
      body: { value: "" },
      ...inputs,
    },
  },
  ...more,
});
export const sms = (inputs: Dict = {}, config: Dict = {}): Dict => ({
  type: "function_sms",
  config: { inputs: { twilio_account: { value: 4 }, from_number: { value: "+15550100000" }, ...inputs }, ...config },
});
export const branch = (conditions: Dict[], branches: string[] | undefined, more: Dict = {}): Dict => ({
  type: "conditional_branch",
  config: { conditions: conditions.map((filters) => ({ filters })) },
  ...(branches ? { branches } : {}),
  ...more,
});
export const split = (percentages: number[], branches: string[] | undefined, more: Dict = {}): Dict => ({
  type: "random_cohort_branch",
  config: { cohorts: percentages.map((percentage) => ({ percentage })) },
  ...(branches ? { branches } : {}),
  ...more,
});
export const wait = (config: Dict, more: Dict = {}): Dict => ({
  type: "wait_until_condition",
  branches: ["exit_node"],
  config: { maxWaitDuration: "1d", ...config },
  ...more,
});
export const person = (key: string, value: unknown, operator = "exact"): Dict => ({
  key,
  value,
  operator,
  type: "person",
});
export const where = (...properties: Dict[]): Dict => ({ properties });
/** A flow with a branch that tests these. */
export const when = (...properties: Dict[]): Example => flowOf({ ways: branch([where(...properties)], ["exit_node"]) });
/** A test that nobody objects to. */
export const pro: Dict = where(person("plan", "pro"));
export const bought: Dict = { filters: { events: [{ id: "order completed" }] } };

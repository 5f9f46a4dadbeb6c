// Small flows for the simulator's tests: a chain of steps behind a trigger, as PostHog's JSON.
import { simulate, type Scenario, type Simulation } from "../../testing";
import type { Json } from "../support/reference-flows";

export interface Chain {
  steps: Json[];
  trigger?: Json;
  /** Edges beside the chain: [from, to] continues, [from, to, index] branches. */
  edges?: [string, string, number?][];
  /** Do not chain the steps by themselves. */
  bare?: boolean;
  settings?: Json;
}

export const SIGNUP: Json = { type: "event", filters: { events: [{ id: "signup", type: "events", order: 0 }] } };

/** Steps run in order, and X, the exit, comes last. */
export function flow({ steps, trigger = SIGNUP, edges = [], bare = false, settings = {} }: Chain): Json {
  const all: Json[] = [
    { id: "T", name: "T", type: "trigger", config: trigger },
    ...steps,
    { id: "X", name: "X", type: "exit", config: {} },
  ];
  const chain = bare
    ? [{ from: "T", to: all[1]!["id"], type: "continue" }]
    : all.slice(1).map((step, i) => ({ from: all[i]!["id"], to: step["id"], type: "continue" }));
  const extra = edges.map(([from, to, index]) =>
    index === undefined ? { from, to, type: "continue" } : { from, to, type: "branch", index },
  );
  return { name: "Flow", exit_condition: "exit_only_at_end", actions: all, edges: [...chain, ...extra], ...settings };
}

const step = (id: string, type: string, config: Json, more: Json = {}): Json => ({
  id,
  name: id,
  type,
  config,
  ...more,
});

export const webhook = (id: string, more: Json = {}, inputs: Json = {}): Json =>
  step(
    id,
    "function",
    { template_id: "template-webhook", inputs: { url: { value: `https://example.com/${id}` }, ...inputs } },
    more,
  );
export const delay = (id: string, duration: string, more: Json = {}): Json =>
  step(id, "delay", { delay_duration: duration }, more);
export const until = (id: string, config: Json, maximum?: string, more: Json = {}): Json =>
  step(id, "delay", { delay_until: config, ...(maximum === undefined ? {} : { max_delay_duration: maximum }) }, more);
export const timeWindow = (id: string, config: Json): Json =>
  step(id, "wait_until_time_window", { timezone: null, ...config });
export const wait = (id: string, config: Json, more: Json = {}): Json =>
  step(id, "wait_until_condition", { condition: { filters: null }, ...config }, more);
export const branch = (id: string, conditions: Json[], more: Json = {}): Json =>
  step(id, "conditional_branch", { conditions: conditions.map((filters) => ({ filters })) }, more);
export const split = (id: string, percentages: number[]): Json =>
  step(id, "random_cohort_branch", { cohorts: percentages.map((percentage) => ({ percentage })) });
export const email = (id: string, value: Json = {}, more: Json = {}, config: Json = {}): Json =>
  step(
    id,
    "function_email",
    {
      template_id: "template-email",
      inputs: {
        email: {
          templating: "liquid",
          value: {
            from: { integrationId: 7 },
            to: { email: "{{ person.properties.email }}", name: "" },
            subject: `Mail ${id}`,
            text: "Hello",
            html: "",
            ...value,
          },
        },
      },
      ...config,
    },
    more,
  );

export const person = (key: string, value?: unknown, operator = "exact"): Json => ({
  key,
  ...(value === undefined ? {} : { value }),
  operator,
  type: "person",
});
export const properties = (...list: Json[]): Json => ({ properties: list });
export const events = (...names: string[]): Json => ({
  events: names.map((id, order) => ({ id, name: id, type: "events", order })),
});
export const BODY = (value: unknown): Json => ({ body: { value } });

/** Simulates a chain that `signup` starts. */
export const run = (chain: Chain, scenario: Scenario = {}): Simulation =>
  simulate(flow(chain), { trigger: "signup", ...scenario });
export const path = ({ steps }: Simulation): string[] => steps.map(({ id }) => id);
/** Metrics of the first run, in their order: `succeeded(W)`. */
export const metrics = (simulation: Simulation): string[] =>
  simulation.runs[0]!.metrics.map(({ name, step }) => (step === undefined ? name : `${name}(${step})`));
/** When a step asked or sent something, from the start of its run. */
export const after = (simulation: Simulation, step: string): number[] =>
  [...simulation.requests, ...simulation.messages].filter((sent) => sent.step === step).map((sent) => sent.after);
export const told = ({ notSimulated }: Simulation): string => notSimulated.join("\n");
export const ADA = { properties: { email: "ada@example.com" } };
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

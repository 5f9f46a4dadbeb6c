// The flows that the benchmark runs on: 20 steps each, of the usual kinds, every one with words of its own.
import type { Properties } from "../support/provider-process";

export const STEPS = 20;
export const PLACE = { projectId: "1" };

export interface FlowSize {
  steps?: number;
  status?: "active";
  /** Runs for an audience by a schedule. */
  batch?: boolean;
  /** Characters of each e-mail's text beyond the first sentence. */
  text?: number;
}

/** The arguments of the i-th flow. */
export function flowArgs(i: number, { steps = STEPS, status, batch = false, text = 0 }: FlowSize = {}): Properties {
  const actions: Properties = {
    trigger_node: {
      type: "trigger",
      name: "Trigger",
      config: batch
        ? {
            type: "batch",
            filters: { properties: [{ key: "plan", value: [`plan ${i}`], operator: "exact", type: "person" }] },
          }
        : { type: "event", filters: { events: [{ id: `signed up ${i}` }] } },
      next: "step_1",
    },
  };
  for (let step = 1; step < steps - 1; step += 1)
    actions[`step_${step}`] = { ...body(i, step, text), next: step === steps - 2 ? "exit_node" : `step_${step + 1}` };
  actions["exit_node"] = { type: "exit", name: "Exit" };
  return { name: `Flow ${i}`, ...(status ? { status } : {}), actions };
}

function body(flow: number, step: number, text: number): Properties {
  const more = text > 0 ? ` ${"Words. ".repeat(Math.ceil(text / 7))}` : "";
  switch (step % 4) {
    case 0:
      return {
        type: "conditional_branch",
        name: `Plan ${step}?`,
        config: {
          conditions: [{ name: "Pro", filters: { properties: [{ key: "plan", value: "pro", type: "person" }] } }],
        },
        branches: ["exit_node"],
      };
    case 1:
      return {
        type: "function_email",
        name: `Mail ${step}`,
        config: {
          messageCategoryType: "marketing",
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}", name: "" },
                subject: `Mail ${step} of flow ${flow}`,
                html: "",
                text: `Good to have you.${more}`,
              },
            },
          },
        },
      };
    case 2:
      return { type: "delay", name: `Wait ${step}`, config: { delayDuration: "1d" } };
    default:
      return {
        type: "function",
        name: `Call ${step}`,
        config: {
          templateId: "template-webhook",
          inputs: {
            url: { value: `https://hooks.example.com/${flow}/${step}` },
            body: { value: { email: "{person.properties.email}" } },
          },
        },
      };
  }
}

/** The same flow with one text changed. */
export function edited(args: Properties): Properties {
  const copy = structuredClone(args);
  copy["actions"].step_1.config.inputs.email.value.subject += " (new)";
  return copy;
}

import * as pulumi from "@pulumi/pulumi";
import { HogFlow } from "pulumi-hogflow";

const sender = new pulumi.Config().getNumber("senderIntegration") ?? 7;
const patience = "2d";

/** The configuration of an e-mail step, with the words that it begins with. */
const email = (subject: string, text: string) => ({
  inputs: {
    email: {
      templating: "liquid" as const,
      value: { from: { integrationId: sender }, to: "{{ person.properties.email }}", subject, text, html: `<p>${text}</p>` },
    },
  },
});

/** What marketing edits in PostHog. `html` takes the design with it, from which the editor makes it. */
const wordsOf = (step: string): string[] => ["subject", "text", "html"].map((field) => `actions.${step}.config.inputs.email.value.${field}`);

const trial = new HogFlow("trial-ending", {
  status: "active",
  editorOwns: [...wordsOf("reminder"), ...wordsOf("last_call")],
  conversion: { events: [{ filters: { events: [{ id: "subscription started" }] } }], window: "14d" },
  actions: {
    trigger_node: { type: "trigger", name: "Trial ends soon", config: { type: "event", filters: { events: [{ id: "trial ending" }] } }, next: "reminder" },
    reminder: { type: "function_email", name: "Reminder", config: email("Your trial ends soon", "Choose a plan to keep your projects."), next: "patience" },
    patience: { type: "delay", name: "Patience", config: { delayDuration: patience }, next: "last_call" },
    last_call: { type: "function_email", name: "Last call", config: email("Your trial ends today", "Your projects stay for 30 days."), next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});

export const url = trial.url;

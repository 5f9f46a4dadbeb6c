import * as pulumi from "@pulumi/pulumi";
import { delay, email, event, HogFlow, on } from "pulumi-hogflow";

const sender = new pulumi.Config().getNumber("senderIntegration") ?? 7;

/** An e-mail whose words marketing edits in PostHog; these are the first ones. `html` takes the design with it, from which the editor makes it. */
const wordsOfMarketing = (id: string, subject: string, text: string) =>
  email(id, {
    from: { integrationId: sender },
    subject,
    text,
    html: `<p>${text}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>`,
    editorOwns: ["subject", "text", "html"],
  });

const trial = new HogFlow("trial-ending", {
  status: "active",
  conversion: { events: event("subscription started"), window: "14d" },
  trigger: on.event("trial ending", { name: "Trial ends soon" }),
  steps: [
    wordsOfMarketing("reminder", "Your trial ends soon", "Choose a plan to keep your projects."),
    delay("patience", "2d"),
    wordsOfMarketing("last_call", "Your trial ends today", "Your projects stay for 30 days."),
  ],
});

export const url = trial.url;

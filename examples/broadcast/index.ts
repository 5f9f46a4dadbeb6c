import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";

const config = new pulumi.Config();
const sender = config.getNumber("senderIntegration") ?? 7;

const newsletter = new HogFlow("newsletter", {
  description: "What is new, once a month.",
  status: "active",
  exitCondition: "exit_only_at_end",
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Subscribers",
      config: {
        type: "batch",
        filters: {
          audienceType: "persons",
          properties: [
            { key: "email", operator: "is_set", type: "person" },
            { key: "newsletter", value: ["true"], operator: "exact", type: "person" },
          ],
          filterTestAccounts: true,
        },
      },
      next: "newsletter",
    },
    newsletter: {
      type: "function_email",
      name: "Newsletter",
      config: {
        messageCategoryType: "marketing",
        inputs: {
          email: {
            templating: "liquid",
            value: {
              from: { integrationId: sender, name: "Example" },
              to: { email: "{{ person.properties.email }}", name: "" },
              replyTo: "hello@example.com",
              subject: "What is new at Example",
              preheader: "Dark mode, and faster than ever",
              html: fs.readFileSync(path.join(__dirname, "mails", "newsletter.html"), "utf8"),
            },
          },
        },
      },
      next: "exit_node",
    },
    exit_node: { type: "exit", name: "Exit" },
  },
});

// `flow` takes the resource itself, not its id: PostHog pauses the schedules of a flow whose audience changes, and the schedule
// is then replaced in the same `pulumi up`.
const firstTuesday = new HogFlowSchedule("newsletter-first-tuesday", {
  flow: newsletter,
  rrule: "FREQ=MONTHLY;BYDAY=1TU",
  startsAt: "2026-12-01T10:00:00",
  timezone: "America/New_York",
});

export const url = newsletter.url;
export const scheduleStatus = firstTuesday.status;

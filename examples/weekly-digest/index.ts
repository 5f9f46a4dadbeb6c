import * as pulumi from "@pulumi/pulumi";
import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";

const config = new pulumi.Config();
const sender = config.getNumber("senderIntegration") ?? 7;
const reportUrl = config.get("reportUrl") ?? "https://reports.example.com/weekly";

const digest = new HogFlow("weekly-digest", {
  description: "The numbers of the week. Runs without a person, so the recipients are a variable.",
  status: "active",
  exitCondition: "exit_only_at_end",
  variables: {
    headline: { type: "string", label: "Headline" },
    signups: { type: "number", label: "New sign-ups", default: 0 },
    recipients: { type: "string", label: "Recipients", default: "team@example.com" },
  },
  actions: {
    trigger_node: { type: "trigger", name: "Schedule", config: { type: "schedule" }, next: "numbers" },
    numbers: {
      type: "function",
      name: "Fetch the numbers",
      // No numbers, no digest.
      onError: "abort",
      config: { templateId: "template-webhook", inputs: { url: { value: reportUrl }, method: { value: "GET" } } },
      outputVariable: [
        { key: "headline", resultPath: "body.headline" },
        { key: "signups", resultPath: "body.signups" },
      ],
      next: "office_hours",
    },
    office_hours: {
      type: "wait_until_time_window",
      name: "Office hours",
      config: { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" },
      next: "send",
    },
    send: {
      type: "function_email",
      name: "Send the digest",
      config: {
        messageCategoryType: "transactional",
        inputs: {
          email: {
            templating: "liquid",
            value: {
              from: { integrationId: sender, name: "Weekly digest" },
              to: "{{ variables.recipients }}",
              subject: "This week: {{ variables.headline }}",
              text: "{{ variables.signups }} people signed up.",
            },
          },
        },
      },
      next: "exit_node",
    },
    exit_node: { type: "exit", name: "Exit" },
  },
});

new HogFlowSchedule("digest-mondays", {
  flow: digest,
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  startsAt: "2026-12-07T08:00:00",
  timezone: "Europe/Berlin",
});

// The board gets it, too, on the first day of each quarter.
new HogFlowSchedule("digest-quarterly", {
  flow: digest,
  rrule: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
  startsAt: "2027-01-01T08:00:00",
  timezone: "Europe/Berlin",
  variables: { recipients: "board@example.com" },
});

export const url = digest.url;

import * as pulumi from "@pulumi/pulumi";
import { HogFlow } from "pulumi-hogflow";

const config = new pulumi.Config();
const slackWorkspace = config.getNumber("slackWorkspace") ?? 11;
const salesChannel = config.get("salesChannel") ?? "C0123456";
const supportChannel = config.get("supportChannel") ?? "C0654321";

const slack = (channel: string, text: string) => ({
  templateId: "template-slack",
  inputs: { slack_workspace: { value: slackWorkspace }, channel: { value: channel }, text: { value: text } },
});

const tickets = new HogFlow("tickets", {
  description: "Tickets of the help desk, told to the team that cares.",
  status: "active",
  exitCondition: "exit_only_at_end",
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Ticket opened",
      config: {
        type: "webhook",
        inputs: {
          event: { value: "{request.body.event}" },
          distinct_id: { value: "{request.body.distinct_id}" },
          properties: { value: { severity: "{request.body.severity}", subject: "{request.body.subject}" } },
          // The help desk sends this text as its Authorization header; requests without it are refused.
          auth_header: { value: pulumi.interpolate`Bearer ${config.requireSecret("ticketToken")}` },
        },
      },
      next: "who",
    },
    who: {
      type: "conditional_branch",
      name: "Whose ticket?",
      config: {
        conditions: [
          { name: "VIP", filters: { properties: [{ key: "vip", value: ["true"], operator: "exact", type: "person" }] } },
          { name: "Urgent", filters: { properties: [{ key: "severity", value: ["urgent"], operator: "exact", type: "event" }] } },
        ],
      },
      branches: ["tell_sales", "tell_support_now"],
      next: "tell_support",
    },
    tell_sales: {
      type: "function",
      name: "Tell sales",
      config: slack(salesChannel, "VIP ticket from {person.name}: {event.properties.subject}"),
      next: "tell_support",
    },
    tell_support_now: {
      type: "function",
      name: "Alarm support",
      config: slack(supportChannel, "<!here> Urgent ticket from {person.name}: {event.properties.subject}"),
      next: "exit_node",
    },
    tell_support: {
      type: "function",
      name: "Tell support",
      config: slack(supportChannel, "Ticket from {person.name}: {event.properties.subject}"),
      next: "exit_node",
    },
    exit_node: { type: "exit", name: "Exit" },
  },
});

/** Where the help desk posts to. */
export const webhookUrl = tickets.webhookUrl;

import * as pulumi from "@pulumi/pulumi";
import { HogFlow } from "pulumi-hogflow";

const production = pulumi.getStack() === "production";
const sender = new pulumi.Config().requireNumber("senderIntegration");

const invoices = new HogFlow(
  "invoice-reminder",
  {
    // Elsewhere a draft, which testers may switch on and off in PostHog.
    status: production ? "active" : undefined,
    // After a `pulumi destroy`, PostHog still has the flow in its archive, with its metrics.
    onDelete: production ? "archive" : "delete",
    conversion: { events: [{ filters: { events: [{ id: "invoice paid" }] } }], window: "30d" },
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Invoice is overdue",
        config: { type: "event", filters: { events: [{ id: "invoice overdue" }] } },
        next: "grace",
      },
      // Nobody wants to wait for two days in a test.
      grace: { type: "delay", name: "Days of grace", config: { delayDuration: production ? "2d" : "1m" }, next: "reminder" },
      reminder: {
        type: "function_email",
        name: "Reminder",
        config: {
          messageCategoryType: "transactional",
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: sender },
                to: production ? "{{ person.properties.email }}" : "testers@example.com",
                subject: "Your invoice {{ event.properties.number }} is overdue",
                text: "Please pay {{ event.properties.amount }} within seven days.",
              },
            },
          },
        },
        next: "exit_node",
      },
      exit_node: { type: "exit", name: "Exit" },
    },
  },
  // `pulumi destroy` and a removal from the program are refused.
  { protect: production },
);

export const url = invoices.url;
export const status = invoices.status;

import * as pulumi from "@pulumi/pulumi";
import { delay, email, event, eventProperty, HogFlow, liquid, on } from "pulumi-hogflow";

const production = pulumi.getStack() === "production";
const sender = new pulumi.Config().requireNumber("senderIntegration");

const invoices = new HogFlow(
  "invoice-reminder",
  {
    // Elsewhere a draft, which testers may switch on and off in PostHog.
    status: production ? "active" : undefined,
    // After a `pulumi destroy`, PostHog still has the flow in its archive, with its metrics.
    onDelete: production ? "archive" : "delete",
    conversion: { events: event("invoice paid"), window: "30d" },
    trigger: on.event("invoice overdue", { name: "Invoice is overdue" }),
    steps: [
      // Nobody wants to wait for two days in a test.
      delay("grace", production ? "2d" : "1m", { name: "Days of grace" }),
      email("reminder", {
        from: { integrationId: sender },
        to: production ? undefined : "testers@example.com",
        subject: liquid`Your invoice ${eventProperty("number")} is overdue`,
        text: liquid`Please pay ${eventProperty("amount")} within seven days.`,
        messageCategoryType: "transactional",
      }),
    ],
  },
  // `pulumi destroy` and a removal from the program are refused.
  { protect: production },
);

export const url = invoices.url;
export const status = invoices.status;

import * as pulumi from "@pulumi/pulumi";
import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";

const config = new pulumi.Config();
const sender = config.getNumber("senderIntegration") ?? 7;

const DAY = 24 * 60 * 60;

const email = (subject: string, text: string) => ({
  messageCategoryType: "marketing" as const,
  inputs: {
    email: {
      templating: "liquid" as const,
      value: { from: { integrationId: sender }, to: "{{ person.properties.email }}", subject, text: `${text}\n\nUnsubscribe: {{ unsubscribe_url }}` },
    },
  },
});

const winBack = new HogFlow("win-back", {
  description: "Two offers and a control group for people who left.",
  status: "active",
  // The audience is asked every month, and nobody gets an offer more than once in half a year.
  triggerMasking: { hash: "{person.id}", ttl: 180 * DAY },
  emailSendingRateLimit: { count: 500, period: "hour" },
  conversion: { events: [{ filters: { events: [{ id: "subscription started" }] } }], window: "30d" },
  actions: {
    trigger_node: {
      type: "trigger",
      name: "People who left",
      config: {
        type: "batch",
        filters: {
          properties: [
            { key: "churned", value: ["true"], operator: "exact", type: "person" },
            { key: "email", operator: "is_set", type: "person" },
          ],
        },
      },
      next: "offer",
    },
    offer: {
      type: "random_cohort_branch",
      name: "Which offer?",
      config: {
        cohorts: [
          { name: "Discount", percentage: 45 },
          { name: "Free month", percentage: 45 },
          { name: "Control", percentage: 10 },
        ],
      },
      branches: ["discount", "free_month", "exit_node"],
    },
    discount: { type: "function_email", name: "Discount", config: email("20 % off for you", "Come back, and pay 20 % less for a year."), next: "think_it_over" },
    free_month: { type: "function_email", name: "Free month", config: email("A month on us", "Come back, and the first month is free."), next: "think_it_over" },
    think_it_over: { type: "delay", name: "Think it over", config: { delayDuration: "4d" }, next: "reminder" },
    reminder: { type: "function_email", name: "Reminder", config: email("Your offer ends soon", "Our offer is good until the end of the month."), next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});

new HogFlowSchedule("win-back-monthly", {
  flow: winBack,
  rrule: "FREQ=MONTHLY;BYMONTHDAY=1",
  startsAt: "2027-01-01T10:00:00",
  timezone: "Europe/London",
});

export const url = winBack.url;

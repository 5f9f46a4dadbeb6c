import * as pulumi from "@pulumi/pulumi";
import { delay, email, event, exit, HogFlow, HogFlowSchedule, on, person, share, split } from "pulumi-hogflow";

const sender = new pulumi.Config().getNumber("senderIntegration") ?? 7;

const DAY = 24 * 60 * 60;

/** An e-mail of this flow: with the link to unsubscribe, which marketing needs. */
const mail = (id: string, subject: string, text: string) =>
  email(id, {
    from: { integrationId: sender },
    subject,
    text: `${text}\n\nUnsubscribe: {{ unsubscribe_url }}`,
    messageCategoryType: "marketing",
  });

const winBack = new HogFlow("win-back", {
  description: "Two offers and a control group for people who left.",
  status: "active",
  // The audience is asked every month, and nobody gets an offer more than once in half a year.
  triggerMasking: { hash: "{person.id}", ttl: 180 * DAY },
  emailSendingRateLimit: { count: 500, period: "hour" },
  conversion: { events: event("subscription started"), window: "30d" },
  trigger: on.batch([person("churned").is(true), person("email").isSet()], { name: "People who left" }),
  steps: [
    split(
      "offer",
      [
        share("Discount", 45, [mail("discount", "20 % off for you", "Come back, and pay 20 % less for a year.")]),
        share("Free month", 45, [mail("free_month", "A month on us", "Come back, and the first month is free.")]),
        share("Control", 10, [exit()]),
      ],
      { name: "Which offer?" },
    ),
    delay("think_it_over", "4d"),
    mail("reminder", "Your offer ends soon", "Our offer is good until the end of the month."),
  ],
});

new HogFlowSchedule("win-back-monthly", {
  flow: winBack,
  rrule: "FREQ=MONTHLY;BYMONTHDAY=1",
  startsAt: "2027-01-01T10:00:00",
  timezone: "Europe/London",
});

export const url = winBack.url;

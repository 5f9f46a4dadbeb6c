import * as pulumi from "@pulumi/pulumi";
import { delay, email, HogFlow, HogFlowSchedule, liquid, on, person } from "pulumi-hogflow";

/** The sender of messages: the e-mail integration in PostHog. */
const team = { integrationId: new pulumi.Config().getNumber("senderIntegration") ?? 7 };

/** The end of every e-mail. */
const footer = liquid`\n\nNo more e-mails like this: {{ unsubscribe_url }}`;

const onboarding = new HogFlow("onboarding", {
  status: "active",
  trigger: on.event("user signed up", { name: "Signed up", filterTestAccounts: true }),
  steps: [
    email("welcome", {
      from: team,
      subject: "Welcome!",
      text: liquid`Good to have you. Create a project to begin.${footer}`,
    }),
    delay("let_them_try", "3d"),
    email("tips", {
      from: team,
      subject: "Three tips",
      text: liquid`Invite your team, connect your data, ask us anything.${footer}`,
    }),
  ],
});

const trialCheckIn = new HogFlow("trial-check-in", {
  status: "active",
  trigger: on.batch(person("plan").is("trial"), { name: "Everybody on a trial" }),
  steps: [
    email("check_in", {
      name: "Check-in",
      from: team,
      subject: "How is your trial going?",
      text: liquid`Reply to this e-mail, we read everything.${footer}`,
    }),
  ],
});

new HogFlowSchedule("trial-check-in-mondays", {
  flow: trialCheckIn,
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  startsAt: "2026-12-07T09:00:00",
  timezone: "Europe/Berlin",
});

export const onboardingUrl = onboarding.url;
export const trialCheckInUrl = trialCheckIn.url;

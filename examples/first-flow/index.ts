import * as pulumi from "@pulumi/pulumi";
import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";

/** Id of the e-mail integration in PostHog that messages are sent from. */
const sender = new pulumi.Config().getNumber("senderIntegration") ?? 7;

const email = (subject: string, text: string) => ({
  inputs: {
    email: {
      templating: "liquid" as const,
      value: { from: { integrationId: sender }, to: "{{ person.properties.email }}", subject, text },
    },
  },
});

const onboarding = new HogFlow("onboarding", {
  status: "active",
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Signed up",
      config: { type: "event", filters: { events: [{ id: "user signed up" }], filterTestAccounts: true } },
      next: "welcome",
    },
    welcome: { type: "function_email", name: "Welcome", config: email("Welcome!", "Good to have you. Create a project to begin."), next: "let_them_try" },
    let_them_try: { type: "delay", name: "Let them try", config: { delayDuration: "3d" }, next: "tips" },
    tips: { type: "function_email", name: "Tips", config: email("Three tips", "Invite your team, connect your data, ask us anything."), next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});

const trialCheckIn = new HogFlow("trial-check-in", {
  status: "active",
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Everybody on a trial",
      config: { type: "batch", filters: { properties: [{ key: "plan", value: ["trial"], operator: "exact", type: "person" }] } },
      next: "check_in",
    },
    check_in: { type: "function_email", name: "Check-in", config: email("How is your trial going?", "Reply to this e-mail, we read everything."), next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});

new HogFlowSchedule("trial-check-in-mondays", {
  flow: trialCheckIn,
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  startsAt: "2026-12-07T09:00:00",
  timezone: "Europe/Berlin",
});

export const onboardingUrl = onboarding.url;
export const trialCheckInUrl = trialCheckIn.url;

import * as pulumi from "@pulumi/pulumi";
import { email, HogFlow, HogFlowSchedule, liquid, on, timeWindow, values, variables, webhook } from "pulumi-hogflow";

const config = new pulumi.Config();
const sender = config.getNumber("senderIntegration") ?? 7;
const reportUrl = config.get("reportUrl") ?? "https://reports.example.com/weekly";

const vars = variables({
  headline: { type: "string", label: "Headline" },
  signups: { type: "number", label: "New sign-ups", default: 0 },
  recipients: { type: "string", label: "Recipients", default: "team@example.com" },
});

const digest = new HogFlow("weekly-digest", {
  description: "The numbers of the week. Runs without a person, so the recipients are a variable.",
  status: "active",
  exitCondition: "exit_only_at_end",
  variables: vars,
  trigger: on.schedule(),
  steps: [
    webhook("numbers", {
      name: "Fetch the numbers",
      url: reportUrl,
      method: "GET",
      outputVariable: [vars.headline.from("body.headline"), vars.signups.from("body.signups")],
      // No numbers, no digest.
      onError: "abort",
    }),
    timeWindow("office_hours", { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" }),
    email("send", {
      name: "Send the digest",
      from: { integrationId: sender, name: "Weekly digest" },
      to: liquid`${vars.recipients}`,
      subject: liquid`This week: ${vars.headline}`,
      text: liquid`${vars.signups} people signed up.`,
      messageCategoryType: "transactional",
    }),
  ],
});

new HogFlowSchedule("digest-mondays", {
  flow: digest,
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  startsAt: "2026-12-07T08:00:00",
  timezone: "Europe/Berlin",
});

// The board gets it too, on the first day of each quarter.
new HogFlowSchedule("digest-quarterly", {
  flow: digest,
  rrule: "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
  startsAt: "2027-01-01T08:00:00",
  timezone: "Europe/Berlin",
  variables: values(vars, { recipients: "board@example.com" }),
});

export const url = digest.url;

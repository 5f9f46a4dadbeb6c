import * as pulumi from "@pulumi/pulumi";
import { branch, eventProperty, goTo, HogFlow, on, otherwise, person, slack, when } from "pulumi-hogflow";

const config = new pulumi.Config();
const slackWorkspace = config.getNumber("slackWorkspace") ?? 11;
const salesChannel = config.get("salesChannel") ?? "C0123456";
const supportChannel = config.get("supportChannel") ?? "C0654321";

const tickets = new HogFlow("tickets", {
  description: "Tickets of the help desk, told to the team that cares.",
  status: "active",
  exitCondition: "exit_only_at_end",
  trigger: on.webhook({
    name: "Ticket opened",
    event: "{request.body.event}",
    distinctId: "{request.body.distinct_id}",
    properties: { severity: "{request.body.severity}", subject: "{request.body.subject}" },
    // The help desk sends this text as its Authorization header; requests without it are refused.
    authHeader: pulumi.interpolate`Bearer ${config.requireSecret("ticketToken")}`,
  }),
  steps: [
    branch(
      "who",
      [
        when(
          person("vip").is(true),
          [
            slack("tell_sales", {
              slackWorkspace,
              channel: salesChannel,
              text: "VIP ticket from {person.name}: {event.properties.subject}",
            }),
            goTo("tell_support"),
          ],
          { name: "VIP" },
        ),
        when(
          eventProperty("severity").is("urgent"),
          [
            slack("tell_support_now", {
              name: "Alarm support",
              slackWorkspace,
              channel: supportChannel,
              text: "<!here> Urgent ticket from {person.name}: {event.properties.subject}",
            }),
          ],
          { name: "Urgent" },
        ),
        otherwise([
          slack("tell_support", {
            slackWorkspace,
            channel: supportChannel,
            text: "Ticket from {person.name}: {event.properties.subject}",
          }),
        ]),
      ],
      { name: "Whose ticket?" },
    ),
  ],
});

/** Where the help desk posts to. */
export const webhookUrl = tickets.webhookUrl;

// Six flows as users write them: what a test of composition starts from, and what must compile.
import type { Config, Output } from "@pulumi/pulumi";
import { branch, cohort, delay, email, event, eventProperty, exit, file, goTo, HogFlow, HogFlowSchedule, hog, liquid, nothing, on, otherwise, person, push, share, slack, split, timeWindow, variables, waitUntil, webhook, when } from "../../sdk";

export interface World {
  config: Config;
  isProd: boolean;
  salesChannel: Output<string>;
}

const team = { integrationId: 7, name: "Example" };

/** Onboarding with a goal; the welcome's words belong to marketing. */
export const onboarding = ({ config }: World) =>
  new HogFlow("onboarding", {
    status: "active",
    trigger: on.event("user signed up", { filterTestAccounts: true }),
    conversion: { events: event("subscribed"), window: "14d" },
    steps: [
      email("welcome", { from: team, subject: liquid`Welcome, ${person("first_name").or("there")}`, html: file("mails/welcome.html"), editorOwns: ["subject", "html"] }),
      waitUntil("first_project", {
        events: event("project created"),
        maxWaitDuration: "3d",
        onTimeout: [email("tips", { name: "Three tips", from: team, subject: "Stuck?", html: file("mails/tips.html") })],
      }),
      delay("let_them_try", "5d"),
      branch("plan", [
        when(person("plan").is("pro", "enterprise"), [exit("already_paying")]),
        when([person("seats").gte(10), person("country").isNot("US")], [
          webhook("tell_sales", { url: "https://crm.example.com/leads", body: { email: hog`${person("email")}` }, signingSecret: config.requireSecret("crmKey") }),
        ]),
        otherwise([email("upgrade", { from: team, subject: "Ready for more?", html: file("mails/upgrade.html") })]),
      ]),
    ],
  });

const bought = event("order completed");

/** Abandoned cart: two waits, each with its time-out. */
export const abandonedCart = () =>
  new HogFlow("abandoned-cart", {
    trigger: on.event("cart updated", { where: eventProperty("items").gt(0) }),
    triggerMasking: { hash: "{person.id}", ttl: 4 * 3600 },
    steps: [
      waitUntil("bought", { events: bought, maxWaitDuration: "2h", onMatch: [exit()] }),
      timeWindow("daytime", { time: ["09:00", "21:00"], timezone: "Europe/Berlin", usePersonTimezone: true }),
      email("reminder", { from: team, subject: "You left something behind", html: file("mails/cart.html"), filters: person("email").isSet() }),
      waitUntil("bought_after_mail", {
        events: bought,
        condition: person("cart_items").is(0),
        maxWaitDuration: "1d",
        onMatch: [exit("recovered")],
        onTimeout: [push("last_call", { channels: [3], title: "Your cart is waiting", body: liquid`${eventProperty("items")} things in it` })],
      }),
    ],
  });

const offer = (key: string, subject: string) => [
  email(`${key}_offer`, { from: team, subject, html: file(`mails/${key}.html`) }),
  delay(`${key}_pause`, "4d"),
  email(`${key}_reminder`, { from: team, subject: `Last chance: ${subject}`, html: file("mails/last.html") }),
];

/** Re-engagement: an audience, a random split with a control group, a shared sequence. */
export const winBack = ({ isProd }: World) => {
  const flow = new HogFlow("win-back", {
    status: isProd ? "active" : "draft",
    trigger: on.batch([person("last_seen").before("2026-06-01"), cohort(42)]),
    steps: [
      split("offer", [share("discount", 45, offer("discount", "20 % off")), share("free month", 45, offer("month", "A month on us")), share("control", 10, nothing)]),
      isProd && email("survey", { from: team, subject: "What made you leave?", text: "Hit reply, we read everything." }),
    ],
  });
  new HogFlowSchedule("win-back-mondays", { flow, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
  return flow;
};

/** An incoming webhook, with a shared secret in its header, to Slack. */
export const tickets = ({ config, salesChannel }: World) =>
  new HogFlow("tickets", {
    trigger: on.webhook({ event: "{request.body.event}", distinctId: "{request.body.distinct_id}", properties: { severity: "{request.body.severity}" }, authHeader: config.requireSecret("ticketToken") }),
    steps: [
      branch("who", [
        when(person("vip").is(true), [slack("tell_sales", { slackWorkspace: 11, channel: salesChannel, text: hog`VIP ticket from ${person("name")}: ${eventProperty("severity")}` })]),
        otherwise([slack("tell_support", { slackWorkspace: 11, channel: "C0654321", text: hog`Ticket from ${person("email")}` })]),
      ]),
    ],
  });

const vars = variables({ score: "number", summary: "string", coupon: { type: "string", default: "THANKS10" } });

/** NPS: an HTTP step fills variables, a branch reads them, one path jumps into another. */
export const nps = () =>
  new HogFlow("nps", {
    trigger: on.event("survey sent", { where: eventProperty("$survey_id").is("0198-nps") }),
    variables: vars,
    steps: [
      webhook("rate", { url: "https://nps.example.com/score", body: { text: hog`${eventProperty("$survey_response")}` }, onError: "abort", outputVariable: [vars.score.from("body.score"), vars.summary.from("body.summary")] }),
      branch("score", [
        when(vars.summary.contains("cancel"), [goTo("detractor")]),
        when(vars.score.gte(9), [email("thanks", { from: team, subject: "Thank you!", html: liquid`<p>${vars.coupon} is yours.</p>` })]),
        when(vars.score.between(7, 8), [exit("passive")]),
        otherwise([
          slack("detractor", { slackWorkspace: 11, channel: "C0123456", text: hog`${person("email")} gave ${vars.score}: ${vars.summary}` }),
          delay("cool_down", "2d"),
          email("sorry", { from: team, subject: "We should talk", html: file("mails/sorry.html") }),
        ]),
      ]),
    ],
  });

const digestVars = variables({ headline: "string", recipients: { type: "string", default: "team@example.com" } });

/** A weekly digest, without a person, sent in office hours. */
export const digest = () =>
  new HogFlow("weekly-digest", {
    trigger: on.schedule(),
    variables: digestVars,
    steps: [
      webhook("numbers", { url: "https://reports.example.com/weekly", method: "GET", outputVariable: digestVars.headline.from("body.headline"), onError: "abort" }),
      timeWindow("office_hours", { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin" }),
      email("digest", { from: team, to: liquid`${digestVars.recipients}`, subject: liquid`This week: ${digestVars.headline}`, html: file("mails/digest.html"), messageCategoryType: "transactional" }),
    ],
  });

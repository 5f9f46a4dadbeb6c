import * as pulumi from "@pulumi/pulumi";
import {
  branch,
  delay,
  email,
  event,
  file,
  goTo,
  HogFlow,
  hog,
  liquid,
  on,
  person,
  waitUntil,
  webhook,
  when,
} from "pulumi-hogflow";

const config = new pulumi.Config();
const crmUrl = config.get("crmUrl") ?? "https://crm.example.com/leads";
const ada = { integrationId: config.getNumber("senderIntegration") ?? 7, name: "Ada from Example" };

/** The body of an e-mail, with the end that all of them have: the tags of both files are live. */
const body = (name: string) => liquid`${file(`mails/${name}.html`)}${file("mails/footer.html")}`;

const onboarding = new HogFlow("onboarding", {
  description: "From sign-up to the first paid month.",
  status: "active",
  // A run ends as soon as its person pays; whoever pays within 14 days counts as converted.
  exitCondition: "exit_on_conversion",
  conversion: { events: event("subscription started"), window: "14d" },
  trigger: on.event("user signed up", { name: "Signed up", filterTestAccounts: true }),
  steps: [
    email("welcome", {
      from: ada,
      subject: liquid`Welcome, ${person("first_name").or("there")}`,
      html: body("welcome"),
    }),
    waitUntil("first_project", {
      name: "First project?",
      events: { name: "Project created", event: event("project created") },
      maxWaitDuration: "3d",
      onTimeout: [email("tips", { name: "Three tips", from: ada, subject: "Stuck?", html: body("tips") })],
    }),
    delay("let_them_try", "5d"),
    branch(
      "team_size",
      [
        when(
          person("seats").gte(50),
          [
            webhook("tell_sales", {
              url: crmUrl,
              body: { email: hog`${person("email")}`, seats: hog`${person("seats")}` },
              // The CRM checks the signature with the same secret. PostHog stores it encrypted and never returns it.
              signingSecret: config.requireSecret("crmSigningSecret"),
              // The e-mail goes out even when the CRM is down.
              onError: "continue",
            }),
            goTo("upgrade"),
          ],
          { name: "Large" },
        ),
        when(
          person("seats").gte(10),
          [email("upgrade", { from: ada, subject: "Ready for more?", html: body("upgrade") })],
          { name: "Medium" },
        ),
      ],
      { name: "Which team?" },
    ),
  ],
});

export const url = onboarding.url;

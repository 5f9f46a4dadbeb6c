import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { HogFlow } from "pulumi-hogflow";

const config = new pulumi.Config();
const sender = config.getNumber("senderIntegration") ?? 7;
const crmUrl = config.get("crmUrl") ?? "https://crm.example.com/leads";

/** The configuration of an e-mail step whose body is a file in `mails`. */
const email = (subject: string, file: string) => ({
  inputs: {
    email: {
      templating: "liquid" as const,
      value: {
        from: { integrationId: sender, name: "Ada from Example" },
        to: "{{ person.properties.email }}",
        subject,
        html: fs.readFileSync(path.join(__dirname, "mails", file), "utf8"),
      },
    },
  },
});

const onboarding = new HogFlow("onboarding", {
  description: "From sign-up to the first paid month.",
  status: "active",
  // A run ends as soon as its person pays; whoever pays within 14 days counts as converted.
  exitCondition: "exit_on_conversion",
  conversion: { events: [{ filters: { events: [{ id: "subscription started" }] } }], window: "14d" },
  actions: {
    trigger_node: {
      type: "trigger",
      name: "Signed up",
      config: { type: "event", filters: { events: [{ id: "user signed up" }], filterTestAccounts: true } },
      next: "welcome",
    },
    welcome: {
      type: "function_email",
      name: "Welcome",
      config: email('Welcome, {{ person.properties.first_name | default: "there" }}', "welcome.html"),
      next: "first_project",
    },
    first_project: {
      type: "wait_until_condition",
      name: "First project?",
      config: { events: [{ name: "Project created", filters: { events: [{ id: "project created" }] } }], maxWaitDuration: "3d" },
      branches: ["let_them_try"],
      // The time is out.
      next: "tips",
    },
    tips: { type: "function_email", name: "Three tips", config: email("Stuck?", "tips.html"), next: "let_them_try" },
    let_them_try: { type: "delay", name: "Let them try", config: { delayDuration: "5d" }, next: "team_size" },
    team_size: {
      type: "conditional_branch",
      name: "Which team?",
      config: {
        conditions: [
          { name: "Large", filters: { properties: [{ key: "seats", value: 50, operator: "gte", type: "person" }] } },
          { name: "Medium", filters: { properties: [{ key: "seats", value: 10, operator: "gte", type: "person" }] } },
        ],
      },
      branches: ["tell_sales", "upgrade"],
      next: "exit_node",
    },
    tell_sales: {
      type: "function",
      name: "Tell sales",
      // The e-mail goes out even when the CRM is down.
      onError: "continue",
      config: {
        templateId: "template-webhook",
        inputs: {
          url: { value: crmUrl },
          body: { value: { email: "{person.properties.email}", seats: "{person.properties.seats}" } },
          // The CRM checks the signature with the same secret. PostHog stores it encrypted and never returns it.
          signing_secret: { value: config.requireSecret("crmSigningSecret") },
        },
      },
      next: "upgrade",
    },
    upgrade: { type: "function_email", name: "Upgrade", config: email("Ready for more?", "upgrade.html"), next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
});

export const url = onboarding.url;

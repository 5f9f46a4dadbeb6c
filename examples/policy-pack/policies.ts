// The policies of the pack and their settings, apart from the pack, so that tests can import them.
import { flowPolicy, hogflowPolicies, type HogflowPolicyConfig } from "pulumi-hogflow/policy";

/** A policy of this organisation: text messages cost money, so a flow that sends any says who approved it. */
const approvedTexts = flowPolicy(
  {
    name: "approvedTexts",
    description: "A flow that sends text messages names in its description who approved that.",
    configSchema: { properties: { approvers: { type: "array", items: { type: "string" }, default: ["finance"] } } },
  },
  (flow, { approvers }) => {
    const sends = flow.steps.filter(({ channel }) => channel === "sms");
    const description = String(flow.known(["description"]) ?? "");
    const isApproved = (approvers as string[]).some((name) => description.includes(`Approved: ${name}`));
    if (sends.length === 0 || isApproved || flow.isUnknown(["description"])) return [];
    return sends.map(({ path }) => ({
      path,
      what: "sends a text message, and nobody has approved that",
      why: "Text messages cost money",
      fix: 'Add a line such as "Approved: finance" to the description',
    }));
  },
);

export const policies = [...hogflowPolicies(), approvedTexts];

export const settings: HogflowPolicyConfig = {
  quietHours: { enforcementLevel: "advisory", from: "21:00", to: "08:00", timezone: "Europe/Berlin" },
  weeklyEmails: { most: 3 },
  senders: { integrations: [7] },
  webhookHosts: { hosts: ["crm.example.com", "*.internal.example.com"] },
  owner: { enforcementLevel: "advisory", pattern: "^Owner: \\S+@example\\.com$" },
  protectedFlows: { flows: ["onboarding/production/onboarding"] },
};

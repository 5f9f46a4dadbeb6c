// The rules of the pack, one row each: their names are those that Pulumi shows, and that configuration uses.
import { conversion } from "./conversion";
import { emailCategory } from "./email-category";
import { owner } from "./owner";
import { protectedFlows } from "./protected-flows";
import { quietHours } from "./quiet-hours";
import { senders } from "./senders";
import { webhookHosts } from "./webhook-hosts";
import { weeklyEmails } from "./weekly-emails";

export const POLICY_RULES = {
  quietHours,
  weeklyEmails,
  emailCategory,
  senders,
  webhookHosts,
  conversion,
  owner,
  protectedFlows,
} as const;

/** Name of a policy of this package. */
export type PolicyName = keyof typeof POLICY_RULES;

// Whether a message may go to its recipient (run time §3.9, checks 1 to 4).
import type { Preferences } from "../input/scenario";

export interface Recipient {
  channel: "email" | "sms" | "push";
  to: string;
  transactional: boolean;
  category: string | undefined;
}

export type Verdict = { send: true } | { skip: string; metric?: string } | { error: string };

const has = (list: readonly string[] | undefined, address: string): boolean => list?.some((entry) => entry.toLowerCase() === address.toLowerCase()) === true;

export const isSuppressed = (preferences: Preferences | undefined, address: string): boolean => has(preferences?.suppressed, address);

/** In PostHog's order: the first that applies decides. */
export function mayReceive({ channel, to, transactional, category }: Recipient, preferences: Preferences | undefined): Verdict {
  if (channel === "email" && to !== "" && isSuppressed(preferences, to)) return { skip: "the address is on the suppression list", metric: "email_suppressed" };
  if (!transactional && to === "") return { error: "No recipient identifier found" };
  if (!transactional && hasOptedOut(preferences, category)) return { skip: "the person opted out" };
  if (channel === "email" && has(preferences?.undeliverable, to)) return { skip: "the address is predicted undeliverable", metric: "email_bounce_prevented" };
  return { send: true };
}

function hasOptedOut(preferences: Preferences | undefined, category: string | undefined): boolean {
  const optedOut = preferences?.optedOut;
  if (optedOut === undefined) return false;
  return optedOut === "all" || optedOut.includes("all") || (category !== undefined && optedOut.includes(category));
}

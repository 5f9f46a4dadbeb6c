// Whether a message may go to its recipient (run time §3.9, checks 1 to 4).
import type { OptedOut, Preferences } from "../input/people";
import type { Message } from "../result/sent";
import type { StepRun } from "./step";

export interface Recipient {
  channel: "email" | "sms" | "push";
  to: string;
  transactional: boolean;
  category: string | undefined;
  optedOut: OptedOut | undefined;
}

export type Verdict = { send: true } | { skip: string; metric?: string } | { error: string };

/** Runs without a person are asked by the scenario's own preferences: their recipient is whoever the flow names. */
export function recipientOf({ world, person }: Pick<StepRun, "world" | "person">, { channel, to, categoryType, category }: Message): Recipient {
  return { channel, to, transactional: categoryType === "transactional", category, optedOut: person ? person.optedOut : world.scenario.preferences?.optedOut };
}

const has = (list: readonly string[] | undefined, address: string): boolean => list?.some((entry) => entry.toLowerCase() === address.toLowerCase()) === true;

export const isSuppressed = (preferences: Preferences | undefined, address: string): boolean => has(preferences?.suppressed, address);

/** In PostHog's order: the first that applies decides. */
export function mayReceive({ channel, to, transactional, category, optedOut }: Recipient, preferences: Preferences | undefined): Verdict {
  if (channel === "email" && to !== "" && isSuppressed(preferences, to)) return { skip: "the address is on the suppression list", metric: "email_suppressed" };
  if (!transactional && to === "") return { error: "No recipient identifier found" };
  if (!transactional && hasOptedOut(optedOut, category)) return { skip: "the person opted out" };
  if (channel === "email" && has(preferences?.undeliverable, to)) return { skip: "the address is predicted undeliverable", metric: "email_bounce_prevented" };
  return { send: true };
}

function hasOptedOut(optedOut: OptedOut | undefined, category: string | undefined): boolean {
  if (optedOut === undefined) return false;
  return optedOut === "all" || optedOut.includes("all") || (category !== undefined && optedOut.includes(category));
}

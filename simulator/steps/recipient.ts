// Whether a message may go to its recipient (run time §3.9, checks 1 to 4).
import type { OptedOut, Preferences } from "../input/people";
import type { Channel, MessageType } from "../../definition/schema/step-kinds";
import type { StepRun } from "./step";

export interface Recipient {
  channel: Channel;
  to: string;
  /** Every address that an e-mail is sent to: the recipient's and those of its copies. */
  addresses: readonly string[];
  transactional: boolean;
  category: string | undefined;
  optedOut: OptedOut | undefined;
}

/** Why nothing is sent, and the metric that PostHog counts for it. */
export interface Skip {
  skip: string;
  metric?: string;
}

export type Verdict = { send: true } | Skip | { error: string };

type MessageStep = { [Type in MessageType]: StepRun<Type> }[MessageType];

/** For a run without a person the scenario's own preferences count: the flow names its recipient. */
export function recipientOf(
  { world, person, step }: MessageStep,
  { channel, to, addresses = [] }: Pick<Recipient, "channel" | "to"> & Partial<Recipient>,
): Recipient {
  const { messageCategoryType, messageCategoryId } = step.config;
  return {
    channel,
    to,
    addresses,
    transactional: messageCategoryType === "transactional",
    category: messageCategoryId,
    optedOut: person ? person.optedOut : world.scenario.preferences?.optedOut,
  };
}

const has = (list: readonly string[] | undefined, address: string): boolean =>
  list?.some((entry) => entry.toLowerCase() === address.toLowerCase()) === true;

/** The addresses of a list with commas; of `Ann <ann@example.com>` the address alone. */
export function addressesOf(list: unknown): string[] {
  if (typeof list !== "string") return [];
  return list
    .split(",")
    .map((entry) => (/<([^>]+)>/.exec(entry)?.[1] ?? entry).trim())
    .filter((address) => address !== "");
}

/** In PostHog's order: the first that applies decides. */
export function mayReceive(
  { channel, to, addresses, transactional, category, optedOut }: Recipient,
  preferences: Preferences | undefined,
): Verdict {
  const suppressed = addresses.find((address) => has(preferences?.suppressed, address));
  if (suppressed !== undefined) return { skip: `${suppressed} is on the suppression list`, metric: "email_suppressed" };
  if (!transactional && to === "") return { error: "No recipient identifier found" };
  if (!transactional && hasOptedOut(optedOut, category)) return { skip: "the person opted out" };
  if (channel === "email" && has(preferences?.undeliverable, to.trim()))
    return { skip: "the address is predicted undeliverable", metric: "email_bounce_prevented" };
  return { send: true };
}

function hasOptedOut(optedOut: OptedOut | undefined, category: string | undefined): boolean {
  if (optedOut === undefined) return false;
  return optedOut === "all" || optedOut.includes("all") || (category !== undefined && optedOut.includes(category));
}

// Differences in words, and people with the same difference together.
import { DAY_MS } from "../../definition/lengths";
import { spanText } from "../input/moment";
import type { Delivery, Difference } from "../many/difference";
import type { EndKind } from "../result/run";

const VERBS: Readonly<Record<Delivery["kind"], string>> = { message: "gets", request: "triggers" };

const ENDS: Readonly<Record<EndKind, string>> = {
  exit: "reaches the end",
  conversion: "leaves as converted",
  trigger_not_matched: "leaves because the trigger no longer matches",
  workflow_changed: "leaves because the workflow changed",
  failed: "fails before the end",
  canceled: "is canceled",
  not_started: "does not start",
  still_running: "stays in the flow",
  endless: "runs in a circle",
  not_simulated: "cannot be simulated",
};

/** One clause for each difference; empty without any. */
export const differencesText = (
  differences: readonly Difference[],
  quote: (title: string) => string = (title) => `*${title}*`,
): string => differences.map((difference) => differenceText(difference, quote)).join("; ");

function differenceText(difference: Difference, quote: (title: string) => string): string {
  const deliveryText = ({ kind, title }: Delivery): string => `${VERBS[kind]} ${quote(title)}`;
  switch (difference.kind) {
    case "now_starts":
      return "the flow now starts";
    case "no_longer_starts":
      return "the flow no longer starts";
    case "removed":
      return `no longer ${deliveryText(difference.delivery)}`;
    case "added":
      return `${deliveryText(difference.delivery)} ${timeText(difference.delivery.after)}`;
    case "moved": {
      const { delivery, before } = difference;
      return `${deliveryText(delivery)} ${timeText(delivery.after, before)} instead of ${timeText(before, delivery.after)}`;
    }
    case "content_changed":
      return `${deliveryText(difference.delivery)} with other content`;
    case "end_changed":
      return `${ENDS[difference.after]} instead of: ${ENDS[difference.before]}`;
  }
}

/** "at once", "on day 3"; closer where the other time is on the same day. */
function timeText(after: number, other?: number): string {
  if (after === 0) return "at once";
  if (after < DAY_MS || (other !== undefined && Math.floor(after / DAY_MS) === Math.floor(other / DAY_MS)))
    return `after ${spanText(after).slice(1)}`;
  return `on day ${Math.floor(after / DAY_MS)}`;
}

/** One line for each text, after the names that share it. */
export function linesByText(
  people: Iterable<{ name: string; text: string }>,
  namesText: (names: readonly string[]) => string = (names) => names.join(", "),
): string[] {
  const names = new Map<string, string[]>();
  for (const { name, text } of people) if (text !== "") names.set(text, [...(names.get(text) ?? []), name]);
  return [...names].map(([text, sharing]) => `${namesText(sharing)}: ${text}`);
}

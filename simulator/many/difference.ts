// What a change of a flow means for somebody, as data.
import type { ReadScenario } from "../input/scenario";
import type { EndKind } from "../result/run";
import type { Message, SentRequest } from "../result/sent";
import type { Simulation } from "../result/simulation";
import { simulateModel } from "../simulate";
import type { FlowModel } from "../world/flow-model";

/** What a step sends or calls for somebody. */
export interface Delivery {
  kind: "message" | "request";
  /** The step's title. */
  title: string;
  /** Milliseconds since the run's start. */
  after: number;
}

/** What somebody notices of a change. */
export type Difference =
  | { kind: "now_starts" | "no_longer_starts" }
  | { kind: "removed" | "added" | "content_changed"; delivery: Delivery }
  | { kind: "moved"; delivery: Delivery; before: number }
  | { kind: "end_changed"; before: EndKind; after: EndKind };

/** What of a simulation somebody notices. */
export type Outcome = Pick<Simulation, "runs" | "messages" | "requests" | "end">;

/** Simulates both versions for one scenario. */
export function differencesFor(before: FlowModel, after: FlowModel, scenario: ReadScenario): Difference[] {
  return differencesOf(noticedIn(simulateModel(before, scenario)), noticedIn(simulateModel(after, scenario)));
}

/** What somebody notices of a flow. */
export interface Noticed {
  starts: boolean;
  end: EndKind;
  deliveries: readonly KeyedDelivery[];
}

/** `brief` stands for a content; two that are the same must be so afterwards. Default: the content itself, which may be long. */
export const noticedIn = (outcome: Outcome, brief: (content: string) => string = (content) => content): Noticed => ({
  starts: outcome.runs.length > 0,
  end: outcome.end.how,
  deliveries: deliveries(outcome, brief),
});

interface KeyedDelivery extends Delivery {
  /** The step, and how many deliveries it had before. */
  key: string;
  content: string;
}

function deliveries({ messages, requests }: Outcome, brief: (content: string) => string): KeyedDelivery[] {
  const counts = new Map<string, number>();
  const keyed = (step: string): string => {
    const count = counts.get(step) ?? 0;
    counts.set(step, count + 1);
    return `${step} ${count}`;
  };
  const delivery = (
    kind: Delivery["kind"],
    { step, stepName, after }: Message | SentRequest,
    content: string,
  ): KeyedDelivery => ({ kind, key: keyed(step), title: stepName, after, content: brief(content) });
  return [
    ...messages.map((message) => delivery("message", message, messageContent(message))),
    ...requests.map((request) => delivery("request", request, requestContent(request))),
  ];
}

/** What somebody reads of a message: two with the same content are one to them. */
export const messageContent = ({
  to,
  subject,
  body,
  text,
  preheader,
  cc,
  bcc,
  categoryType,
  category,
  replyTo,
  sender,
}: Message): string =>
  JSON.stringify([to, subject, body, text, preheader, cc, bcc, categoryType, category, replyTo, sender]);
/** What arrives of a request. */
export const requestContent = ({ url, method, headers, body, inputs }: SentRequest): string =>
  JSON.stringify([url, method, headers, body, url === undefined ? inputs : null]);

/** What one person notices of a change. */
export function differencesOf(before: Noticed, after: Noticed): Difference[] {
  const [started, starts] = [before.starts, after.starts];
  if (started && !starts) return [{ kind: "no_longer_starts" }];
  const old = new Map(before.deliveries.map((delivery) => [delivery.key, delivery]));
  const now = after.deliveries;
  const left = new Set(now.map(({ key }) => key));
  const found: Difference[] = !started && starts ? [{ kind: "now_starts" }] : [];
  for (const [key, delivery] of old) if (!left.has(key)) found.push({ kind: "removed", delivery });
  for (const delivery of now) {
    const was = old.get(delivery.key);
    if (!was) {
      found.push({ kind: "added", delivery });
      continue;
    }
    if (was.after !== delivery.after) found.push({ kind: "moved", delivery, before: was.after });
    if (was.content !== delivery.content) found.push({ kind: "content_changed", delivery });
  }
  if (started && starts && before.end !== after.end)
    found.push({ kind: "end_changed", before: before.end, after: after.end });
  return found;
}

// What a change of a flow means for people, in sentences.
import { spanText } from "../input/moment";
import type { Scenario } from "../input/scenario";
import { readFlow, type FlowSource } from "../input/source";
import type { EndKind } from "../result/run";
import type { Message, SentRequest } from "../result/sent";
import { simulateModel, type Simulation } from "../simulate";
import { modelOf } from "../world/flow-model";

const DAY_MS = 86_400_000;

/**
 * Simulates both versions of a flow for the same people, and says what differs: who gets what no longer, anew, at another time, or with other words.
 *
 * @param people Scenarios by a name that a reader understands.
 * @throws Error when one of the flows, or a scenario, cannot be read.
 * @returns Sentences, people with the same difference together; empty when nobody notices.
 * @example
 * behaviourDifference(before, after, { "free plan": { person: { properties: { plan: "free" } } } });
 * // ["free plan: no longer gets *Pro tips*; gets *Upgrade* on day 3"]
 */
export function behaviourDifference(
  before: FlowSource,
  after: FlowSource,
  people: Readonly<Record<string, Scenario>>,
): string[] {
  const bySentence = new Map<string, string[]>();
  for (const [name, scenario] of Object.entries(people)) {
    const [old, now] = [before, after].map((flow) =>
      simulateModel(modelOf(readFlow(flow, scenario.outputs)), scenario),
    );
    const sentence = differences(old!, now!).join("; ");
    if (sentence !== "") bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), name]);
  }
  return [...bySentence].map(([sentence, names]) => `${names.join(", ")}: ${sentence}`);
}

interface Delivery {
  key: string;
  title: string;
  after: number;
  words: string;
  verbs: { gets: string; noLonger: string };
}

const GETS = { gets: "gets", noLonger: "no longer gets" };
const CALLED = { gets: "is told to", noLonger: "is no longer told to" };

function deliveries({ messages, requests }: Simulation): Delivery[] {
  const counts = new Map<string, number>();
  const keyed = (step: string): string => {
    const place = counts.get(step) ?? 0;
    counts.set(step, place + 1);
    return `${step} ${place}`;
  };
  return [
    ...messages.map((message) => ({
      key: keyed(message.step),
      title: message.stepName,
      after: message.after,
      words: wordsOf(message),
      verbs: GETS,
    })),
    ...requests.map((request) => ({
      key: keyed(request.step),
      title: request.stepName,
      after: request.after,
      words: requestWords(request),
      verbs: CALLED,
    })),
  ];
}

const wordsOf = ({ to, subject, body, text, cc, bcc, categoryType, category }: Message): string =>
  JSON.stringify([to, subject, body, text, cc, bcc, categoryType, category]);
const requestWords = ({ url, method, headers, body, inputs }: SentRequest): string =>
  JSON.stringify([url, method, headers, body, url === undefined ? inputs : null]);

function differences(before: Simulation, after: Simulation): string[] {
  if (before.runs.length > 0 && after.runs.length === 0) return ["the flow no longer starts"];
  const old = new Map(deliveries(before).map((delivery) => [delivery.key, delivery]));
  const found: string[] = before.runs.length === 0 && after.runs.length > 0 ? ["the flow now starts"] : [];
  const now = deliveries(after);
  const still = new Set(now.map(({ key }) => key));
  for (const { key, title, verbs } of old.values()) if (!still.has(key)) found.push(`${verbs.noLonger} *${title}*`);
  for (const { key, title, after: time, words, verbs } of now) {
    const was = old.get(key);
    if (!was) found.push(`${verbs.gets} *${title}* ${timeWords(time)}`);
    else {
      if (was.after !== time)
        found.push(`${verbs.gets} *${title}* ${timeWords(time, was.after)} instead of ${timeWords(was.after, time)}`);
      if (was.words !== words) found.push(`${verbs.gets} *${title}* with other content`);
    }
  }
  if (ENDS[before.end.how] !== ENDS[after.end.how] && after.runs.length > 0 && before.runs.length > 0)
    found.push(`${ENDS[after.end.how]} instead of: ${ENDS[before.end.how]}`);
  return found;
}

const ENDS: Readonly<Record<EndKind, string>> = {
  exit: "comes to the end",
  conversion: "leaves as converted",
  trigger_not_matched: "leaves because the trigger no longer matches",
  workflow_changed: "leaves because the workflow changed",
  failed: "fails on the way",
  canceled: "is canceled",
  not_started: "does not start",
  still_running: "stays in the flow",
  endless: "runs in a circle",
  not_simulated: "cannot be simulated",
};

/** "at once", "on day 3"; closer where the other time is on the same day. */
function timeWords(after: number, other?: number): string {
  if (after === 0) return "at once";
  if (after < DAY_MS || (other !== undefined && Math.floor(after / DAY_MS) === Math.floor(other / DAY_MS)))
    return `after ${spanText(after).slice(1)}`;
  return `on day ${Math.floor(after / DAY_MS)}`;
}

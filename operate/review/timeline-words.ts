// What somebody gets, and when, in words: "3 e-mails on day 0, was 1: Welcome, Offer (new), Tips (new)".
import { DAY_MS, MINUTE_MS } from "../../definition/lengths";
import { counted, firstWords, listWords } from "../words/values";
import { dayOf, type Delivery } from "./simulate-people";

const MOST_DAYS = 5;
const MOST_TITLES = 6;

/**
 * How the days of somebody differ; empty when none does. A flow that got another name makes no difference to people.
 *
 * @example
 * ```ts
 * timelineWords([], [{ kind: "e-mail", urn, flow: "Onboarding", title: "Welcome", at: 0, content: "…", isAssumed: false, maybe: false }]); // 1 e-mail on day 0, was none: Welcome (new)
 * ```
 */
export function timelineWords(before: readonly Delivery[], after: readonly Delivery[]): string {
  const days = [...new Set([...before, ...after].map(dayOf))].sort((a, b) => a - b);
  const changed = days.flatMap((day) => {
    const on = (deliveries: readonly Delivery[]): Delivery[] => deliveries.filter((each) => dayOf(each) === day);
    const words = dayWords(day, on(before), on(after));
    return words === undefined ? [] : [words];
  });
  const shown = changed.slice(0, MOST_DAYS);
  const rest = changed.length - shown.length;
  return [...shown, ...(rest > 0 ? [`other messages on ${counted(rest, "more day")}`] : [])].join("; ");
}

/** What makes two deliveries the same to whoever gets them. */
const keyOf = ({ kind, title, at, content }: Delivery): string => JSON.stringify([kind, title, at, content]);

function dayWords(day: number, was: readonly Delivery[], is: readonly Delivery[]): string | undefined {
  const [gone, fresh] = different(was, is);
  if (gone.length === 0 && fresh.length === 0) return undefined;
  if (is.length === 0) return `nothing on day ${day}, was ${countsText(was)}: ${titlesText(was)}`;
  const marks = new Map<Delivery, string>();
  const left = [...gone];
  for (const delivery of fresh) {
    const i = left.findIndex(
      ({ urn, kind, title }) => urn === delivery.urn && kind === delivery.kind && title === delivery.title,
    );
    const old = i < 0 ? undefined : left.splice(i, 1)[0];
    marks.set(
      delivery,
      old === undefined
        ? "new"
        : old.content !== delivery.content
          ? "other content"
          : `${timeText(delivery.at)}, was ${timeText(old.at)}`,
    );
  }
  const isMixed = flowsOf([...was, ...is]) > 1;
  const [now, before] = [countsText(is), was.length === 0 ? "none" : countsText(was)];
  const wasText =
    was.length === is.length && now === before
      ? ", as many as before"
      : `, was ${sameKind(was, is) && was.length > 0 ? was.length.toLocaleString("en-US") : before}`;
  const noLonger = left.length === 0 ? "" : `; no longer ${titlesText(left, { isMixed })}`;
  return `${now} on day ${day}${wasText}: ${titlesText(is, { marks, isMixed })}${noLonger}`;
}

/** What is gone and what is new. The same of the same flow comes first, then the same of another one. */
function different(was: readonly Delivery[], is: readonly Delivery[]): [Delivery[], Delivery[]] {
  const ofFlow = (delivery: Delivery): string => delivery.urn + keyOf(delivery);
  const [gone, fresh] = [without(was, is, ofFlow), without(is, was, ofFlow)];
  return [without(gone, fresh, keyOf), without(fresh, gone, keyOf)];
}

/** Those of the first that the second lacks; one of each stands against one. */
function without<T>(items: readonly T[], others: readonly T[], key: (item: T) => string): T[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(key(other), (counts.get(key(other)) ?? 0) + 1);
  return items.filter((item) => {
    const count = counts.get(key(item)) ?? 0;
    counts.set(key(item), count - 1);
    return count <= 0;
  });
}

const flowsOf = (deliveries: readonly Delivery[]): number => new Set(deliveries.map(({ urn }) => urn)).size;

const PLURALS = {
  "e-mail": "e-mails",
  "text message": "text messages",
  "push notification": "push notifications",
  "Slack message": "Slack messages",
  request: "requests",
} as const satisfies Record<Delivery["kind"], string>;

const kindsOf = (deliveries: readonly Delivery[]): Delivery["kind"][] => [
  ...new Set(deliveries.map(({ kind }) => kind)),
];

/** `2 e-mails and 1 request`. */
const countsText = (deliveries: readonly Delivery[]): string =>
  listWords(
    (Object.keys(PLURALS) as Delivery["kind"][])
      .filter((kind) => kindsOf(deliveries).includes(kind))
      .map((kind) => counted(deliveries.filter((each) => each.kind === kind).length, kind, PLURALS[kind])),
    "and",
  );

const sameKind = (was: readonly Delivery[], is: readonly Delivery[]): boolean =>
  new Set([...kindsOf(was), ...kindsOf(is)]).size === 1;

/** With `isMixed`, each names its flow. */
function titlesText(
  deliveries: readonly Delivery[],
  {
    marks = new Map(),
    isMixed = flowsOf(deliveries) > 1,
  }: { marks?: ReadonlyMap<Delivery, string>; isMixed?: boolean } = {},
): string {
  const texts = deliveries.map((delivery) => {
    const { title, flow, to, maybe } = delivery;
    const notes = [
      ...(isMixed ? [`from ${flow}`] : []),
      ...(to === undefined ? [] : [`to ${to}`]),
      ...(maybe === "stays" ? ["if its flow is active"] : []),
      ...(marks.has(delivery) ? [marks.get(delivery)!] : []),
    ];
    return notes.length === 0 ? title : `${title} (${notes.join(", ")})`;
  });
  return firstWords(texts, MOST_TITLES);
}

/** `at 09:05`, in UTC. */
function timeText(at: number): string {
  const minutes = Math.floor((at % DAY_MS) / MINUTE_MS);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `at ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

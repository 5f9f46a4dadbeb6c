// The messages of a page: one for each step that sends, with what each person gets of it.
import type { Delivery, Link, Mark, MessageContent, ShowData, ShownFlow, ShownStep, Side } from "../data";
import { pairsOf } from "../pairs";
import { lookupIn, stepsOf } from "./lookup";
import { deadLinks, lacksUnsubscribe, needsNoUnsubscribe } from "./message-faults";

/** A message of a flow. */
export interface Message {
  flow: ShownFlow;
  step: ShownStep;
  /** The side that is shown: `before` where the change removes it. */
  side: Side;
  /** On the side that is shown, by time. */
  deliveries: readonly Delivery[];
  /** What a change does to it, for anybody. */
  mark?: Mark;
  /** Whether its flow is a draft: it is not sent until somebody activates the flow. */
  isDraft: boolean;
  /** What is wrong with it; nothing of what the change removes, because nobody has to fix that. */
  lacksUnsubscribe: boolean;
  /** Whether it has no unsubscribe link and, as it is transactional, needs none. */
  needsNoUnsubscribe: boolean;
  /** Indexes of people for whom something is not filled. */
  unfilled: ReadonlySet<number>;
  /** Links that lead nowhere for somebody, each once. */
  deadLinks: readonly Link[];
}

const made = new WeakMap<ShowData, Message[]>();

/** All of them, by flow, in the order of running. */
export function messagesOf(data: ShowData): readonly Message[] {
  const known = made.get(data);
  if (known !== undefined) return known;
  const messages = data.flows.flatMap((flow) => {
    const isKept = new Set(flow.after?.steps.map(({ id }) => id));
    return stepsOf(flow)
      .map((step) => ({ flow, step, side: isKept.has(step.id) ? ("after" as const) : ("before" as const) }))
      .map((place) => messageOf(data, place))
      .filter(({ step, deliveries }) => step.sends || deliveries.length > 0);
  });
  made.set(data, messages);
  return messages;
}

function messageOf(data: ShowData, place: Pick<Message, "flow" | "step" | "side">): Message {
  const deliveries = lookupIn(data)
    .deliveriesOfStep(place.flow.name, place.step.id)
    .filter(({ side }) => side === place.side);
  return {
    ...place,
    deliveries,
    mark: markOf(data, place),
    isDraft: place.side === "after" && place.flow.after?.status === "draft",
    ...faultsOf(data, place.side === "after" ? deliveries : []),
  };
}

type Faults = Pick<Message, "lacksUnsubscribe" | "needsNoUnsubscribe" | "unfilled" | "deadLinks">;

function faultsOf(data: ShowData, deliveries: readonly Delivery[]): Faults {
  const contents = [...new Set(deliveries.map(({ content }) => content))].map((index) => data.contents[index]!);
  const links = contents.flatMap(deadLinks).map((link) => [JSON.stringify([link.text, link.url]), link] as const);
  return {
    lacksUnsubscribe: contents.some(lacksUnsubscribe),
    needsNoUnsubscribe: contents.some(needsNoUnsubscribe),
    unfilled: new Set(
      deliveries.filter(({ content }) => data.contents[content]!.gaps.length > 0).map(({ person }) => person),
    ),
    deadLinks: [...new Map(links).values()],
  };
}

function markOf(data: ShowData, { flow, step, side }: Pick<Message, "flow" | "step" | "side">): Mark | undefined {
  if (data.change === undefined) return undefined;
  if (side === "before") return "removed";
  if (!flow.before?.steps.some(({ id }) => id === step.id)) return "added";
  return messageChanges(data, flow.name, step.id).length > 0 ? "changed" : undefined;
}

/** A message to one person on both sides of a change. */
export interface MessageChange {
  person: number;
  before?: MessageContent;
  after?: MessageContent;
  /** Addresses, of the sides that there are. */
  to: Partial<Record<Side, string>>;
}

/** For each person who gets something else than before from a step: their messages, each with the one that it replaces. */
export function messageChanges(data: ShowData, flow: string, step: string): MessageChange[] {
  const contentOf = (delivery: Delivery | undefined) => delivery && data.contents[delivery.content];
  return pairsOf(lookupIn(data).deliveriesOfStep(flow, step))
    .filter(({ before, after }) => before?.content !== after?.content)
    .map(({ before, after }) => ({
      person: (after ?? before)!.person,
      before: contentOf(before),
      after: contentOf(after),
      to: { before: before?.to, after: after?.to },
    }));
}

/** What one person gets of it, by time. */
export const deliveriesTo = ({ deliveries }: Message, person: number): Delivery[] =>
  deliveries.filter((delivery) => delivery.person === person);

/** What a list shows of it: what the person gets, or else whoever gets it first. */
export const exampleOf = ({ deliveries }: Message, person: number): Delivery | undefined =>
  deliveries.find((delivery) => delivery.person === person) ?? deliveries[0];

// What sample people get of a flow, for comparison with what they got before: contents are hashes, because those of a large stack do not fit into memory.
import { createHash } from "node:crypto";
import { DAY_MS } from "../../definition/lengths";
import { linesOf } from "../../definition/plain-text";
import { messageContent, noticedIn, requestContent, type Noticed, type Outcome } from "../../simulator/many/difference";
import type { Message } from "../../simulator/result/sent";
import { sentIn, type DeliveryKind } from "../people/deliveries";
import { flowRunsOf, NOT_STARTED } from "../people/flow-runs";
import type { ReadySide } from "../people/flow-side";
import type { KeptPerson } from "../people/kept";
import type { StackFlow } from "./stack-flows";

/** What somebody gets. */
export interface Delivery {
  kind: DeliveryKind;
  /** The flow, and its title: two may have the same. */
  urn: string;
  flow: string;
  /** Title of the step. */
  title: string;
  /** Milliseconds since day 0 began for this person, at midnight UTC. */
  at: number;
  /** A hash of the recipient and of everything that is read: two with the same are one to people. */
  content: string;
  /** The address, of an e-mail that goes to somebody else. */
  to?: string;
  /** Whether it comes only because a start is assumed. */
  isAssumed: boolean;
  /** Whether nobody knows if its flow is active; `open` where the reading of a change says which it takes. */
  maybe: false | "open" | "stays";
}

/** One person in one flow. */
export interface Passage {
  /** Whether any run of theirs started. */
  enters: boolean;
  /** Contents are hashes: those of a large stack do not fit into memory. */
  noticed: Noticed;
  deliveries: Delivery[];
  /** Ids of the steps that they came to. */
  visited: ReadonlySet<string>;
  /** The subject, title or first line of what each step sends, by its id. */
  examples: ReadonlyMap<string, string>;
  /** What is not known about it, in words. */
  doubts: string[];
  /** What was assumed to start it. */
  assumed?: "event" | "start";
}

/** Of one who does not enter. */
export const ABSENT: Passage = {
  enters: false,
  noticed: { starts: false, end: "not_started", deliveries: [] },
  deliveries: [],
  visited: new Set(),
  examples: new Map(),
  doubts: [],
};

const brief = (content: string): string => createHash("sha1").update(content).digest("base64");

/** A flow of the stack on one side, read once for all people. */
export interface FlowToPass {
  flow: Pick<StackFlow, "urn" | "title" | "isChanged">;
  ready: ReadySide;
}

/**
 * A person's way through one side of a flow. Never throws.
 *
 * @param hasSchedules Whether the stack has a schedule for it, before or after the change: without any, one start is assumed.
 */
export function passageOf(person: KeptPerson, { flow, ready }: FlowToPass, hasSchedules: boolean): Passage {
  const { starts, doubts, assumed } = flowRunsOf(person, ready, { hasSchedules });
  const outcome: Outcome = {
    runs: starts.flatMap(({ runs }) => runs),
    messages: starts.flatMap(({ messages }) => messages),
    requests: starts.flatMap(({ requests }) => requests),
    end: starts[0]?.end ?? NOT_STARTED,
  };
  if (outcome.runs.length === 0) return { ...ABSENT, doubts };
  const maybe = ready.side.status === undefined ? (flow.isChanged ? "open" : "stays") : false;
  return {
    enters: true,
    noticed: noticedIn(outcome, brief),
    deliveries: sentIn(person, starts).map(({ kind, title, sinceDayZero, to, message, request }) => ({
      urn: flow.urn,
      flow: flow.title,
      isAssumed: assumed !== undefined,
      maybe,
      kind,
      title,
      at: sinceDayZero,
      content: brief(message ? messageContent(message) : requestContent(request)),
      ...(to === undefined ? {} : { to }),
    })),
    visited: new Set(outcome.runs.flatMap(({ steps }) => steps.map(({ id }) => id))),
    examples: new Map(outcome.messages.map((message) => [message.step, headlineOf(message)])),
    doubts,
    ...(assumed ? { assumed } : {}),
  };
}

/** What people read first. */
const headlineOf = ({ subject, body }: Message): string => subject ?? linesOf(body)[0] ?? "";

/** The day that something falls on, from 0. */
export const dayOf = ({ at }: Pick<Delivery, "at">): number => Math.floor(at / DAY_MS);

// Sends sample people through flows, one flow at a time: what each person gets of it, and what nobody can say.
import { createHash } from "node:crypto";
import { triggerOf } from "../../definition/canonical/canonical";
import { containsUnknown, isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { DAY_MS } from "../../definition/lengths";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { readDefinition, withReadEdits } from "../../simulator/input/read-definition";
import type { Scenario } from "../../simulator/input/scenario";
import { messageContent, noticedIn, requestContent, type Noticed, type Outcome } from "../../simulator/many/difference";
import type { Simulation } from "../../simulator/result/simulation";
import { simulateModel } from "../../simulator/simulate";
import { modelOf, type FlowModel } from "../../simulator/world/flow-model";
import { DoesNotStart } from "../../simulator/world/trigger";
import type { KeptPerson } from "../simulate";
import { LATER } from "../words/values";
import type { FlowSide, StackFlow } from "./stack-flows";
import { reasonOf } from "./undescribed";

/** What somebody gets. */
export interface Delivery {
  kind: "e-mail" | "text message" | "push notification" | "request";
  /** The flow, and its title: two may have the same. */
  urn: string;
  flow: string;
  /** Title of the step. */
  title: string;
  /** Milliseconds since day 0 began for this person. */
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
  /** What is not known about it, in words. */
  doubts: string[];
  /** What was assumed to start it. */
  assumed?: "event" | "start";
}

/** How long people are followed; most flows are over by then, and one that goes in circles never is. */
const HORIZON_DAYS = 366;
const HORIZON = `+${HORIZON_DAYS}d`;

/** Of one who does not enter. */
export const ABSENT: Passage = {
  enters: false,
  noticed: { starts: false, end: "not_started", deliveries: [] },
  deliveries: [],
  visited: new Set(),
  doubts: [],
};

const NOT_STARTED: Outcome["end"] = {
  how: "not_started",
  status: "none",
  at: new Date(0).toISOString(),
  after: 0,
  reason: "",
};

const brief = (content: string): string => createHash("sha1").update(content).digest("base64");

/** A flow that is ready to be simulated, or why it is not. */
export interface ReadySide {
  side: FlowSide;
  flow: Pick<StackFlow, "urn" | "title" | "isChanged">;
  model?: FlowModel;
  /** What is not known of the flow itself, in words. */
  doubts: string[];
}

/** Reads a side once, for all people. */
export function readySide(side: FlowSide, flow: ReadySide["flow"]): ReadySide {
  try {
    const known = withoutUnknown(side.definition);
    if (known === undefined) return { side, flow, doubts: ["some of its values are known only during `pulumi up`"] };
    return {
      side,
      flow,
      model: modelOf(readDefinition(known)),
      doubts: known === side.definition ? [] : ["some of its texts are known only during `pulumi up`"],
    };
  } catch (error) {
    return { side, flow, doubts: [reasonOf(error)] };
  }
}

/** Texts that are not known yet change no path through the flow. Anything else may. */
function withoutUnknown(definition: Dict): Dict | undefined {
  if (!containsUnknown(definition["actions"])) return definition;
  const actions = definition["actions"];
  if (!isDict(actions)) return undefined;
  const filled = Object.fromEntries(
    Object.entries(actions).map(([id, step]) => {
      const [config, inputs] = [own(step, "config"), own(own(step, "config"), "inputs")];
      return isDict(step) && isDict(config) && isDict(inputs)
        ? [id, { ...step, config: { ...config, inputs: withTexts(inputs) } }]
        : [id, step];
    }),
  );
  return containsUnknown(filled) ? undefined : { ...definition, actions: filled };
}

function withTexts(value: unknown, key = ""): unknown {
  // A sender has to be a number.
  if (isUnknown(value)) return key === "integrationId" ? 1 : `(${LATER})`;
  if (Array.isArray(value)) return value.map((item) => withTexts(item));
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTexts(item, name)]));
}

/** An event that no flow is about, for people who only have later ones. */
const NO_EVENT = { event: "hogflow review: none" };

/**
 * How a person starts a flow.
 *
 * @param hasSchedules Whether the stack has a schedule for it, before or after the change: without any, one start is assumed.
 */
function startsOf(
  { scenario, flows }: KeptPerson,
  { side }: ReadySide,
  hasSchedules: boolean,
): { scenarios: Scenario[]; assumed?: Passage["assumed"] } {
  const { trigger, edits, ...rest } = { until: HORIZON, ...scenario };
  const isNamed = flows !== undefined;
  const base: Scenario = isNamed && edits ? { ...rest, edits } : rest;
  const type = own(triggerOf(side.definition["actions"])?.step["config"], "type");
  const isKind = (key: string): boolean => typeof trigger === "object" && key in trigger;
  switch (triggerKindOf(type)?.startedBy) {
    case "schedule":
      if (type === "schedule" && !isNamed) return { scenarios: [] };
      if (!hasSchedules) return { scenarios: [base], assumed: "start" };
      return {
        scenarios: side.schedules.map(({ variables }) => ({
          ...base,
          variables: { ...(isDict(variables) ? variables : {}), ...base.variables },
        })),
      };
    case "request":
      return isKind("request") || isNamed
        ? { scenarios: [{ ...base, ...(trigger ? { trigger } : {}) }] }
        : { scenarios: [] };
    case "row":
      return isKind("row") || isNamed
        ? { scenarios: [{ ...base, ...(trigger ? { trigger } : {}) }] }
        : { scenarios: [] };
    default:
      if (isKind("request") || isKind("row"))
        return { scenarios: base.events?.length ? [{ ...base, trigger: NO_EVENT }] : [] };
      return trigger === undefined ? { scenarios: [base], assumed: "event" } : { scenarios: [{ ...base, trigger }] };
  }
}

/** Whether the file of the person has the flow in mind. */
export const isFor = ({ flows }: KeptPerson, { name, title }: { name: string; title: string }): boolean =>
  flows === undefined || flows.includes(name) || flows.includes(title);

/** A person's way through one side of a flow. Never throws. */
export function passageOf(person: KeptPerson, ready: ReadySide, hasSchedules: boolean): Passage {
  if (ready.model === undefined) return { ...ABSENT, doubts: ready.doubts };
  try {
    const { scenarios, assumed } = startsOf(person, ready, hasSchedules);
    const simulations = scenarios.map((scenario) =>
      simulateModel(ready.model!, withReadEdits(scenario, readDefinition)),
    );
    return passage(person, ready, simulations, assumed);
  } catch (error) {
    // People who are for every flow do not start each of them.
    if (error instanceof DoesNotStart && person.flows === undefined) return ABSENT;
    return { ...ABSENT, doubts: [`${person.name} cannot be simulated: ${reasonOf(error)}`] };
  }
}

function passage(
  { scenario }: KeptPerson,
  { side, flow, doubts }: ReadySide,
  simulations: readonly Simulation[],
  assumed: Passage["assumed"],
): Passage {
  const others = new Set((scenario.others ?? []).map(({ distinctId }, i) => distinctId ?? `person-${i + 2}`));
  const parts = simulations.map((simulation) => mine(simulation, others));
  const outcome: Outcome = {
    runs: parts.flatMap(({ runs }) => runs),
    messages: parts.flatMap(({ messages }) => messages),
    requests: parts.flatMap(({ requests }) => requests),
    end: parts[0]?.end ?? NOT_STARTED,
  };
  if (outcome.runs.length === 0)
    return { ...ABSENT, doubts: [...doubts, ...simulations.flatMap(({ notSimulated }) => notSimulated)] };
  const address = own(scenario.person?.properties, "email");
  const common = {
    urn: flow.urn,
    flow: flow.title,
    isAssumed: assumed !== undefined,
    maybe: side.status === undefined ? (flow.isChanged ? "open" : "stays") : false,
  } as const;
  const deliveries = simulations.flatMap((simulation, i) => {
    const start = Date.parse(simulation.started);
    return [
      ...parts[i]!.messages.map((message): Delivery => ({
        ...common,
        kind: CHANNELS[message.channel],
        title: message.stepName,
        at: Date.parse(message.at) - start,
        content: brief(messageContent(message)),
        ...(message.channel === "email" && typeof address === "string" && !sameAddress(message.to, address)
          ? { to: message.to }
          : {}),
      })),
      ...parts[i]!.requests.map((request): Delivery => ({
        ...common,
        kind: "request",
        title: request.stepName,
        at: Date.parse(request.at) - start,
        content: brief(requestContent(request)),
      })),
    ];
  });
  const isCut = scenario.until === undefined && outcome.runs.some(({ end }) => end.how === "still_running");
  return {
    enters: true,
    noticed: noticedIn(outcome, brief),
    deliveries: deliveries.sort((a, b) => a.at - b.at),
    visited: new Set(outcome.runs.flatMap(({ steps }) => steps.map(({ id }) => id))),
    doubts: [
      ...doubts,
      ...new Set(simulations.flatMap(({ notSimulated }) => notSimulated)),
      ...outcome.runs.flatMap(({ end }) => (end.how === "not_simulated" || end.how === "endless" ? [end.reason] : [])),
      ...(isCut ? [`people are followed for ${HORIZON_DAYS} days, and some are still in it then`] : []),
    ],
    ...(assumed ? { assumed } : {}),
  };
}

const CHANNELS = { email: "e-mail", sms: "text message", push: "push notification" } as const;

const sameAddress = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

/** Of a simulation with other people in it, what is about the person. */
function mine(simulation: Simulation, others: ReadonlySet<string>): Outcome {
  if (others.size === 0) return simulation;
  const runs = simulation.runs.filter(({ person }) => person === undefined || !others.has(person));
  const numbers = new Set(runs.map(({ number }) => number));
  const ofThem = <T extends { run: number }>(items: readonly T[]): T[] => items.filter(({ run }) => numbers.has(run));
  return {
    runs,
    messages: ofThem(simulation.messages),
    requests: ofThem(simulation.requests),
    end: runs[0]?.end ?? NOT_STARTED,
  };
}

/** The day that something falls on, from 0. */
export const dayOf = ({ at }: Pick<Delivery, "at">): number => Math.floor(at / DAY_MS);

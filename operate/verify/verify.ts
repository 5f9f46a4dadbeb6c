// Flows before PostHog's own worker, step by step, and beside it what the simulator says. Nothing is stored, and nothing is sent for real.
import { own, type Dict } from "../../definition/canonical/values";
import { MINUTE_MS } from "../../definition/lengths";
import { PostHogApiError, type Clock, type PostHogClient } from "../../api";
import { simulateStep, type OneStepResult } from "../../simulator/one-step";
import type { FlowModel } from "../../simulator/world/flow-model";
import { OperateError } from "../errors";
import { masked } from "../mask";
import type { KeptPerson } from "../people/kept";
import type { ProjectFlow } from "../project-flows";
import { titleOf } from "../words/steps";
import { compare, type Comparison, type Difference, type Open, type Untested } from "./compare";
import { probesOf, type FlowProbes, type Probe } from "./probes";
import { configurationOf, requestOf, UNSTORED, wholeConfiguration } from "./request";
import { readWorkerAnswer } from "./worker-answer";

/** What is verified, for whom, and how much is asked. */
export interface VerifyOptions {
  /** See `flowsOfPreview`. */
  flows: readonly ProjectFlow[];
  /** Sample people. Their properties are sent to PostHog. */
  people: readonly KeptPerson[];
  /** For the project whose worker is asked. */
  client: Pick<PostHogClient, "testInvocation" | "projectId">;
  /** The worker's own may be two minutes from it. */
  clock: Pick<Clock, "now">;
  /** Most requests. Default 300, which is less than a minute's worth of what PostHog allows a key. */
  most?: number | undefined;
  /** Stops before the next request. */
  signal?: AbortSignal;
  /** Told before each request. */
  onRequest?: (done: number, all: number) => void;
}

/** How a step went: the worst that came of it for anybody. */
export interface VerifiedStep {
  id: string;
  /** Its title in the editor. */
  title: string;
  /** Its type, such as `delay`; unknown ones included. */
  type: string;
  verdict: "agrees" | "differs" | "untested";
  /** Names of the sample people for whom it was asked. */
  people: string[];
  /** What differs, and for whom. */
  differences: (Difference & { people: string[] })[];
  /** What was not compared, and why. Of a step that agrees: for some of the people. */
  untested: Untested[];
  /** What of a comparison was left out. */
  open: Open[];
}

/** How a flow went. */
export interface VerifiedFlow {
  /** Its URN, or what else names it. */
  key: string;
  name: string;
  title: string;
  /** In keyed form, without secrets. */
  definition: Dict;
  /** In the flow's order, without those that nobody comes to. */
  steps: VerifiedStep[];
  /** Steps that nobody of the sample people comes to. */
  unreached: { id: string; title: string }[];
  /** What is not known of the flow, in words; where it cannot be simulated, why. */
  doubts: string[];
}

/** What came of a verification. */
export interface Verification {
  /** In the order in which they were given. */
  flows: VerifiedFlow[];
  /** How many steps agree. */
  agrees: number;
  /** How many differ; a flow that PostHog refuses has one. */
  differs: number;
  /** How many were not tested. */
  untested: number;
  /** How many nobody of the sample people comes to. */
  unreached: number;
  /** How many requests were sent. */
  requests: number;
}

const MOST = 300;
/** Requests under way at once: each is one short run of the worker. */
const AT_ONCE = 4;
/** After so many failures of the worker in a row nothing more is asked. */
const MOST_FAILURES = 5;

/**
 * Asks PostHog's worker about each step that sample people come to, and compares with the simulator.
 *
 * Every request is a test run of a configuration that is stored nowhere, with outgoing calls mocked, and holds no secret.
 *
 * @throws PostHogApiError when the key is refused or the host cannot be reached, OperateError when this PostHog has no test runs.
 * @example
 * ```ts
 * const { flows } = flowsOfPreview(parsePreview(readFileSync("preview.json", "utf8")));
 * const people = [{ name: "ada", scenario: { person: { properties: { plan: "free" } }, trigger: "user signed up" } }];
 * const { agrees, differs } = await verify({ flows, people, client, clock: systemClock });
 * ```
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { flows, people, client, most = MOST } = options;
  const asked = flows
    .map(withoutSecrets)
    .map((flow) => new AskedFlow(flow, probesOf(flow, people, Number(client.projectId) || 1)));
  const all = inTurns(asked.map((flow) => flow.questions()));
  const session = new Session(options, Math.min(most, all.length));
  for (const { flow, probe } of all.slice(most)) flow.add(probe, untested({ why: "budget" }));
  // A flow's first question is whether PostHog takes it at all.
  const taken = all.slice(0, most);
  await session.run(taken.filter(({ isFirst }) => isFirst));
  await session.run(taken.filter(({ isFirst }) => !isFirst));
  const verified = asked.map((flow) => flow.verified());
  const count = (verdict: VerifiedStep["verdict"]): number =>
    verified.reduce((sum, { steps }) => sum + steps.filter((step) => step.verdict === verdict).length, 0);
  return {
    flows: verified,
    agrees: count("agrees"),
    differs: count("differs"),
    untested: count("untested"),
    unreached: verified.reduce((sum, { unreached }) => sum + unreached.length, 0),
    requests: session.requests,
  };
}

/** A credential decides nothing of what is compared, so the same text stands for it on both sides. */
const withoutSecrets = (flow: ProjectFlow): ProjectFlow => ({
  ...flow,
  side: { ...flow.side, definition: masked(flow.side.definition) },
});

const untested = (why: Untested): Comparison => ({ verdict: "untested", untested: why });

interface Question {
  flow: AskedFlow;
  probe: Probe;
  isFirst: boolean;
}

/** One of each, then the next of each: a budget that is too small is not used up by the first flow. */
function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

/** A flow while it is asked about. */
class AskedFlow {
  readonly whole: Dict;
  private readonly found: { probe: Probe; comparison: Comparison }[] = [];
  /** Why PostHog does not take it, where it does not. */
  refusal: Comparison | undefined;

  constructor(
    private readonly flow: ProjectFlow,
    private readonly probes: FlowProbes,
  ) {
    this.whole = wholeConfiguration(probes.definition, flow.side.status);
  }

  questions(): Question[] {
    return this.probes.probes.map((probe, i) => ({ flow: this, probe, isFirst: i === 0 }));
  }

  get model(): FlowModel {
    return this.probes.model!;
  }

  get definition(): Dict {
    return this.probes.definition;
  }

  add(probe: Probe, comparison: Comparison): void {
    this.found.push({ probe, comparison });
  }

  verified(): VerifiedFlow {
    const { key, name, title } = this.flow;
    const { definition, unreached, strange, doubts } = this.probes;
    const actions = definition["actions"];
    const ids = [...new Set([...this.probes.probes.map(({ step }) => step), ...strange])];
    const place = new Map(this.order().map((id, i) => [id, i]));
    return {
      key,
      name,
      title,
      definition,
      steps: ids
        .sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0))
        .map((id) => this.step(id, strange.includes(id))),
      unreached: unreached.map((id) => ({ id, title: titleOf(actions, id) })),
      doubts,
    };
  }

  private order(): string[] {
    const actions = this.whole["actions"];
    return Array.isArray(actions) ? actions.map((action) => String(own(action, "id"))) : [];
  }

  private step(id: string, isStrange: boolean): VerifiedStep {
    const actions = this.definition["actions"];
    const type = String(own(own(actions, id), "type"));
    const found = this.found.filter(({ probe }) => probe.step === id);
    const verdicts = new Set(found.map(({ comparison }) => comparison.verdict));
    const verdict = verdicts.has("differs") ? "differs" : verdicts.has("agrees") ? "agrees" : "untested";
    const reasons = found.flatMap(({ comparison }) => (comparison.verdict === "untested" ? [comparison.untested] : []));
    return {
      id,
      title: titleOf(actions, id),
      type,
      verdict,
      people: [...new Set(found.flatMap(({ probe }) => probe.people))],
      differences: merged(
        found.flatMap(({ probe: { people }, comparison }) =>
          comparison.verdict === "differs" ? comparison.differences.map((each) => ({ ...each, people })) : [],
        ),
      ),
      untested: isStrange
        ? [{ why: "kind", type }]
        : // Where PostHog refuses a flow, one of its steps says why.
          once(reasons.filter(({ why }) => why !== "refused" || verdict !== "differs")),
      open: once(found.flatMap(({ comparison }) => (comparison.verdict === "agrees" ? comparison.open : []))),
    };
  }
}

/** What differs in the same way for several people is one difference; moments are some seconds apart. */
function merged(differences: VerifiedStep["differences"]): VerifiedStep["differences"] {
  const byKey = new Map<string, VerifiedStep["differences"][number]>();
  for (const difference of differences) {
    const { part, ours, posthog, people } = difference;
    const key = JSON.stringify(part === "until" ? [part] : [part, ours, posthog], (name, value: unknown) =>
      name === "until" ? undefined : value,
    );
    const known = byKey.get(key);
    byKey.set(key, known ? { ...known, people: [...new Set([...known.people, ...people])] } : difference);
  }
  return [...byKey.values()];
}

const once = <T>(items: readonly T[]): T[] => [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];

/** Asks, and stops asking where that makes no sense any more. */
class Session {
  requests = 0;
  private failures = 0;
  private stop: Untested | undefined;

  constructor(
    private readonly options: VerifyOptions,
    private readonly all: number,
  ) {}

  async run(questions: readonly Question[]): Promise<void> {
    const next = questions.values();
    const worker = async (): Promise<void> => {
      for (const question of next) question.flow.add(question.probe, await this.answerTo(question));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  private async answerTo({ flow, probe, isFirst }: Question): Promise<Comparison> {
    this.options.signal?.throwIfAborted();
    if (flow.refusal !== undefined) return flow.refusal;
    if (this.stop !== undefined) return untested(this.stop);
    const { whole } = flow;
    try {
      const comparison = await this.asked(flow, probe, isFirst ? whole : configurationOf(whole, probe.step));
      this.failures = 0;
      return comparison;
    } catch (error) {
      if (!(error instanceof PostHogApiError)) throw error;
      return this.refused(error, { flow, isFirst });
    }
  }

  private async asked(flow: AskedFlow, { step, state, project }: Probe, configuration: Dict): Promise<Comparison> {
    const { client, clock, onRequest } = this.options;
    this.requests += 1;
    onRequest?.(this.requests, this.all);
    const before = clock.now();
    const answer = await client.testInvocation(UNSTORED, requestOf(configuration, step, state));
    const after = clock.now();
    const at = (now: number, seed: number): OneStepResult =>
      simulateStep(flow.model, { step, state, project, now, seed, projectId: Number(client.projectId) || 1 });
    return compare({
      definition: flow.definition,
      step,
      ours: [at(before - MINUTE_MS, 1), at(after + MINUTE_MS, 2)],
      theirs: readWorkerAnswer(answer),
      at: (before + after) / 2,
    });
  }

  /** What an error of the API means for this step, for its flow, and for the rest. */
  private refused(error: PostHogApiError, { flow, isFirst }: Omit<Question, "probe">): Comparison {
    const { status, code, detail, path, outcome } = error;
    const why = path === undefined ? detail : `${path}: ${detail}`;
    if (status === 404)
      throw new OperateError({
        what: "This PostHog has no test runs for a flow that is not stored",
        why: `POST hog_flows/${UNSTORED}/invocations answered 404: it is too old, or project ${this.options.client.projectId} is not there for this key`,
        fix: "Update PostHog, or check the project: `hogflow doctor` says whether the key can see it",
      });
    if (status === 400) {
      const refusal: Comparison = {
        verdict: "differs",
        differences: [{ part: "outcome", ours: { how: "moves" }, posthog: { how: "refused", error: why } }],
      };
      if (isFirst) flow.refusal = untested({ why: "refused" });
      return refusal;
    }
    if (status === 429 || code === "paused") {
      this.stop = { why: "limit", error: detail };
      return untested(this.stop);
    }
    // Also one that did not answer in time.
    if ((status !== undefined && status >= 500) || outcome === "unknown") {
      this.failures += 1;
      const failure: Untested = { why: "worker", error: detail };
      if (this.failures >= MOST_FAILURES) this.stop = failure;
      return untested(failure);
    }
    throw error;
  }
}

// What PostHog's worker is asked about a flow: each step that sample people come to, with what it is given then.
import { orderOf } from "../../definition/graph/flow-graph";
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { simulateStep, type OneStep, type OneStepResult } from "../../simulator/one-step";
import type { FlowModel } from "../../simulator/world/flow-model";
import type { StepState } from "../../simulator/world/observer";
import { flowRunsOf, othersOf } from "../people/flow-runs";
import { readySide, withKnownTexts } from "../people/flow-side";
import { peopleFor, type KeptPerson } from "../people/kept";
import type { ProjectFlow } from "../project-flows";

/** One step, as one or several sample people come to it. */
export interface Probe {
  step: string;
  state: StepState;
  /** What of their files decides for this step. */
  project: OneStep["project"];
  /** Their names. */
  people: string[];
}

/** What can be asked about a flow. */
export interface FlowProbes {
  /** Absent where the flow cannot be simulated; `doubts` say why. */
  model?: FlowModel;
  /** In keyed form, without secrets. */
  definition: Dict;
  /** The most important ones first. */
  probes: Probe[];
  /** Steps that nobody comes to, in the flow's order. */
  unreached: string[];
  /** Steps of kinds that are not known here, in the flow's order. */
  strange: string[];
  /** What is not known of the flow, in words. */
  doubts: string[];
}

/** So many people are asked about for each thing that may come of a step. */
const EACH = 2;

/** Sends sample people through a flow, and keeps what each step is given. */
export function probesOf(flow: ProjectFlow, people: readonly KeptPerson[], projectId: number): FlowProbes {
  const { side } = flow;
  const ready = readySide(side);
  const actions = side.definition["actions"];
  const definition = withKnownTexts(side.definition).known ?? side.definition;
  const { model } = ready;
  if (model === undefined || !isDict(actions))
    return { definition, probes: [], unreached: [], strange: [], doubts: ready.doubts };
  const order = orderOf(actions);
  const isKnown = (id: string): boolean => stepKindOf(own(actions[id], "type")) !== undefined;
  const collected = new Collection(model, projectId);
  const doubts = new Set<string>();
  for (const person of peopleFor(people, flow, [side])) {
    const others = othersOf(person.scenario);
    const keep = (step: string, state: StepState): void => {
      if (isKnown(step) && (state.person === undefined || !others.has(state.person.distinctId)))
        collected.add(person, step, state);
    };
    const observer = { onStart: (state: StepState) => keep(model.triggerId, state), onStep: keep, onMatch: keep };
    const runs = flowRunsOf(person, ready, { hasSchedules: side.schedules.length > 0, observer });
    for (const doubt of runs.starts.length === 0 ? runs.doubts : []) doubts.add(doubt);
  }
  const probes = collected.inOrder(order);
  const reached = new Set(probes.map(({ step }) => step));
  return {
    model,
    definition,
    probes,
    unreached: order.filter((id) => isKnown(id) && id !== model.triggerId && !reached.has(id)),
    strange: order.filter((id) => !isKnown(id)),
    doubts: [...doubts],
  };
}

/** Keeps of each step what is worth a request: people with the same data count as one, and of those with the same outcome a few will do. */
class Collection {
  private readonly probes = new Map<string, Probe & { outcome: string }>();

  constructor(
    private readonly model: FlowModel,
    private readonly projectId: number,
  ) {}

  add({ name, scenario }: KeptPerson, step: string, state: StepState): void {
    const { event, person, groups, variables } = state;
    const key = JSON.stringify([step, event.event, event.properties, person?.properties, groups, variables]);
    const known = this.probes.get(key);
    if (known !== undefined) {
      if (!known.people.includes(name)) known.people.push(name);
      return;
    }
    const { testAccounts, actions, projectTimezone } = scenario;
    const project = {
      ...(testAccounts === undefined ? {} : { testAccounts }),
      ...(actions === undefined ? {} : { actions }),
      ...(projectTimezone === undefined ? {} : { projectTimezone }),
    };
    const result = simulateStep(this.model, { step, state, project, now: 0, seed: 1, projectId: this.projectId });
    this.probes.set(key, { step, state, project, people: [name], outcome: JSON.stringify([step, kindOf(result)]) });
  }

  /** Each step once, then once more for each other thing that may come of it, then the rest. */
  inOrder(order: readonly string[]): Probe[] {
    const rounds: Probe[][] = [];
    const perStep = new Map<string, number>();
    const perOutcome = new Map<string, number>();
    for (const { outcome, ...probe } of this.probes.values()) {
      const seen = perOutcome.get(outcome) ?? 0;
      if (seen >= EACH) continue;
      perOutcome.set(outcome, seen + 1);
      const first = perStep.get(probe.step) ?? 0;
      perStep.set(probe.step, first + 1);
      const round = first === 0 ? 0 : 1 + seen;
      (rounds[round] ??= []).push(probe);
    }
    const place = new Map(order.map((id, i) => [id, i]));
    return rounds.flatMap((round) => [...round].sort((a, b) => place.get(a.step)! - place.get(b.step)!));
  }
}

/** What comes of a step, but for its texts. */
const kindOf = ({ how, to, isFiltered }: OneStepResult): unknown => [how, to, isFiltered];

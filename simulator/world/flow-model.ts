// A flow as the worker follows it: steps by id, and where their edges lead (run time §2.4).
import { isDict, type Dict } from "../../definition/canonical/values";
import { orderOf, toEdges } from "../../definition/canonical/wiring";
import type { Action, FlowDefinition, TriggerConfig } from "../../definition/schema/types";
import type { ReadFlow } from "../input/flow";
import { unreadableSetting, unreadableStep } from "../input/unreadable";
import { NotSimulated } from "../not-simulated";
import type { NotSimulatedNote } from "../notes";

export interface FlowModel {
  id: string;
  name: string;
  definition: FlowDefinition;
  actions: ReadonlyMap<string, Action>;
  triggerId: string;
  trigger: TriggerConfig;
  next: ReadonlyMap<string, string>;
  branches: ReadonlyMap<string, ReadonlyMap<number, string>>;
  redirects: Readonly<Record<string, string>>;
  /** Why a step cannot be simulated, by id. */
  unreadable: ReadonlyMap<string, NotSimulatedNote>;
}

/** Stands for what cannot be read: nothing looks into it, and no run gets beyond it. */
const SEALED = { type: "unreadable", config: {}, filters: undefined };

/** @throws Error when there is no trigger, NotSimulated when it, or a setting of the flow, cannot be read. */
export function modelOf({ definition, name, id, redirects }: ReadFlow): FlowModel {
  const unreadable = new Map<string, NotSimulatedNote>();
  const actions = new Map(
    Object.entries(definition.actions).map(([id, step]): [string, Action] => {
      const why = unreadableStep(id, step);
      if (why === undefined) return [id, step];
      if (step?.type === "trigger") throw new NotSimulated(why);
      unreadable.set(id, why);
      return [id, { ...step, ...SEALED } as unknown as Action];
    }),
  );
  const trigger = [...actions].find(([, { type }]) => type === "trigger");
  if (!trigger) throw new Error("The flow has no trigger, so nothing starts it");
  const setting = unreadableSetting(definition);
  if (setting !== undefined) throw new NotSimulated(setting);
  const next = new Map<string, string>();
  const branches = new Map<string, Map<number, string>>();
  for (const edge of toEdges(
    definition.actions as unknown as Dict,
    orderOf(definition.actions as unknown as Dict),
    definition.leftover?.edges ?? [],
  )) {
    if (!isDict(edge)) continue;
    const { from, to, type, index } = edge as { from: string; to: string; type: string; index?: number };
    // Of several edges of one kind the first counts.
    if (type === "continue" && !next.has(from)) next.set(from, to);
    if (type !== "branch" || index === undefined) continue;
    const known = branches.get(from) ?? new Map<number, string>();
    branches.set(from, known);
    if (!known.has(index)) known.set(index, to);
  }
  return {
    id: id ?? `flow:${name}`,
    name,
    definition,
    actions,
    triggerId: trigger[0],
    trigger: trigger[1].config as TriggerConfig,
    next,
    branches,
    redirects,
    unreadable,
  };
}

/** Where the edge leads; undefined without one, and where the step at its end does not exist. */
export function targetOf(model: FlowModel, from: string, edge: "continue" | number): string | undefined {
  const to = edge === "continue" ? model.next.get(from) : model.branches.get(from)?.get(edge);
  return to !== undefined && model.actions.has(to) ? to : undefined;
}

/** The name of a branch in the words of the flow. */
export function branchName(step: Action | undefined, branch: number): string | undefined {
  if (step?.type === "conditional_branch") return step.config.conditions?.[branch]?.name;
  if (step?.type === "random_cohort_branch") return step.config.cohorts?.[branch]?.name;
  return undefined;
}

// A flow as the worker follows it: steps by id, and where their edges lead (run time §2.4).
import { own } from "../../definition/canonical/values";
import { branchEntries } from "../../definition/graph/branches";
import { FlowGraph, type EdgeKey } from "../../definition/graph/flow-graph";
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
  graph: FlowGraph;
  redirects: Readonly<Record<string, string>>;
  /** Why a step cannot be simulated, by id. */
  unreadable: ReadonlyMap<string, NotSimulatedNote>;
}

/** What cannot be read: nothing looks into it, and no run gets beyond it. */
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
  return {
    id: id ?? `flow:${name}`,
    name,
    definition,
    actions,
    triggerId: trigger[0],
    trigger: trigger[1].config as TriggerConfig,
    graph: new FlowGraph(definition),
    redirects,
    unreadable,
  };
}

/** Where the edge leads; undefined without one, and where the step at its end does not exist. */
export const targetOf = ({ graph }: FlowModel, from: string, edge: EdgeKey): string | undefined => graph.to(from, edge);

/** The name of a branch in the words of the flow. */
export function branchName(step: Action | undefined, branch: number): string | undefined {
  const name = own(branchEntries(step)?.[branch], "name");
  return typeof name === "string" ? name : undefined;
}

// Flows that send the same to the same people. The provider compares whole definitions; here only what decides who gets what is compared, so that other ids,
// titles and waits hide no twin.
import { triggerOf } from "../../definition/canonical/canonical";
import { containsUnknown, isDict, own, stableText, type Dict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { mayRun } from "./status";
import { sends, type StackFlow } from "./stack-flows";

/** Flows of which each does the same. */
export interface Twins {
  /** Titles, and names of the resources. */
  flows: { title: string; name: string }[];
  /** Whether all of them are known to be active. */
  areActive: boolean;
}

/** Those that this change makes: at least one of them changes, and they were not twins before. */
export function twinsIn(flows: readonly StackFlow[]): Twins[] {
  const before = groups(flows, "before");
  return [...groups(flows, "after")].flatMap(([key, members]) => {
    const known = new Set(before.get(key)?.map(({ urn }) => urn));
    if (members.length < 2 || members.every(({ urn }) => known.has(urn))) return [];
    return [
      {
        flows: members.map(({ title, name }) => ({ title, name })),
        areActive: members.every(({ after }) => after?.status === "active"),
      },
    ];
  });
}

function groups(flows: readonly StackFlow[], side: "before" | "after"): Map<string, StackFlow[]> {
  const found = new Map<string, StackFlow[]>();
  for (const flow of flows) {
    const here = flow[side];
    const key = here === undefined || !mayRun(here.status) ? undefined : doesText(here.definition);
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), flow]);
  }
  return found;
}

function doesText(definition: Dict): string | undefined {
  try {
    return doesOf(definition);
  } catch {
    // Its own entry in the review says that it cannot be read.
    return undefined;
  }
}

/** Who starts it, what decides between people, and what it sends; nothing for a flow that sends nothing, or where a part is not known. */
function doesOf({ actions, host, projectId }: Dict): string | undefined {
  const trigger = triggerOf(actions);
  if (!isDict(actions) || trigger === undefined || containsUnknown(actions)) return undefined;
  const steps = Object.values(actions).filter((step) => own(step, "type") !== "trigger");
  if (!steps.some(sends)) return undefined;
  const does = steps
    .filter(decides)
    .map((step) => stableText([own(step, "type"), own(step, "config") ?? null, own(step, "filters") ?? null]))
    .sort();
  return stableText([host ?? null, projectId ?? null, own(trigger.step, "config") ?? null, does]);
}

/** Waits and exits change when, not what. */
const decides = (step: unknown): boolean => {
  const type = own(step, "type");
  return sends(step) || (stepKindOf(type)?.branches !== undefined && type !== "wait_until_condition");
};

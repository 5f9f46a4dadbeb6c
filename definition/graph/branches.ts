// How many branches a step can use, by its kind and its config.
import { isUnknown, own } from "../canonical/values";
import { stepKindOf } from "../schema/step-kinds";

/** The entries of the config that have a branch each; undefined where the step branches by no list, or where it is none. */
export function branchEntries(step: unknown): readonly unknown[] | undefined {
  const list = stepKindOf(own(step, "type"))?.branches?.list;
  const entries = list === undefined ? undefined : own(own(step, "config"), list);
  return Array.isArray(entries) ? entries : undefined;
}

/** How many branches a step can use; undefined where that is not known. */
export function branchCount(step: unknown): number | undefined {
  const kind = stepKindOf(own(step, "type"));
  if (!kind?.branches) return kind && 0;
  if (kind.branches.list === undefined) return 1;
  const entries = branchEntries(step);
  return entries?.some(isUnknown) ? undefined : entries?.length;
}

/** Whether runs leave the step by its branches alone, unless they skip it or it fails. */
export const isLeftByBranches = (step: unknown): boolean =>
  stepKindOf(own(step, "type"))?.branches?.next === "nobody" && (branchCount(step) ?? 1) > 0;

// The status of a flow before and after a change, as far as anybody knows it: what is not stated is whatever somebody chose in PostHog.
import { isKnownOff } from "../../provider/flow/in-flight";
import type { LiveStatuses } from "./live-status";
import type { PreviewedResource } from "./preview";

/** A status that nobody has stated is whatever somebody chose in PostHog since. What the state has of it is only how it was then. */
export function statusBefore(resource: PreviewedResource, statuses: LiveStatuses): string | undefined {
  const { id, before, liveStatus } = resource;
  const stated = statusIn(before?.["status"]);
  return (
    statuses.get(id ?? "") ??
    ((liveStatus === undefined || liveStatus === stated) && !writesOver(resource) ? stated : undefined)
  );
}

/** Whether this change writes over what is live and in no state: an edit, or a flow that is taken over. */
export const writesOver = ({ fate, adopts, before, after }: PreviewedResource): boolean =>
  (adopts || fate === "update") &&
  after?.["overwriteDrift"] !== undefined &&
  after["overwriteDrift"] !== before?.["overwriteDrift"];

export function statusAfter(resource: PreviewedResource, statuses: LiveStatuses): string | undefined {
  const { fate, after, end } = resource;
  if (fate === "delete") return end === "kept" ? statusBefore(resource, statuses) : undefined;
  const stated = after?.["status"];
  if (stated !== undefined && stated !== null) return statusIn(stated);
  // Made without a stated status, it is a draft.
  return (fate === "create" && !resource.adopts) || fate === "replace" ? "draft" : statusBefore(resource, statuses);
}

/** Whether it is active, or nobody knows. */
export const mayRun = (status: string | undefined): boolean => !isKnownOff(status);
const statusIn = (value: unknown): string | undefined =>
  value === "active" || isKnownOff(value) ? String(value) : undefined;

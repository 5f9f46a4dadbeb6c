// The flows of the whole stack, before and after a change: which may run, and what of the stack starts them. What stays is among them where the preview
// shows it (`--show-sames`), because it can send the same to the same people.
import { isUnknown, own, same, type Dict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { FlowSide } from "../people/flow-side";
import type { LiveStatuses } from "./live-status";
import type { Preview, PreviewedResource } from "./preview";
import { reasonOf } from "./undescribed";
import { statusAfter, statusBefore, writesOver } from "./status";

/** A flow of the stack. */
export interface StackFlow {
  urn: string;
  /** Logical name in the program. */
  name: string;
  /** Title in PostHog. */
  title: string;
  /** Absent where it does not exist, or nobody knows it: see `unread`. */
  before?: FlowSide;
  after?: FlowSide;
  /** Whether the change touches it, its status or its schedules. */
  isChanged: boolean;
  /** Whether one of its schedules gets other times: only its first run is looked at. */
  hasNewTimes: boolean;
  /** The stack's schedules that start it, paused ones included, by what they are before and after. */
  named: { before: NamedSchedule[]; after: NamedSchedule[] };
  /** Why one of its sides is not known, in words. */
  unread?: string;
}

/** A schedule with its logical name in the program. */
export interface NamedSchedule {
  name: string;
  inputs: Dict;
}

/**
 * All flows that a preview shows.
 *
 * @param statuses Statuses that PostHog has just told, by id of the flow.
 */
export function stackFlows({ resources }: Preview, statuses: LiveStatuses): StackFlow[] {
  const schedules = resources.filter(({ kind }) => kind === "schedule");
  return resources
    .filter(({ kind }) => kind === "flow")
    .map((flow) => {
      try {
        return stackFlow(flow, schedulesOf(flow, schedules), statuses);
      } catch (error) {
        // One that cannot be read does not keep the others from being looked at.
        const { urn, name, fate } = flow;
        return {
          urn,
          name,
          title: name,
          isChanged: fate !== "same",
          hasNewTimes: false,
          named: { before: [], after: [] },
          unread: reasonOf(error),
        };
      }
    });
}

function stackFlow(
  resource: PreviewedResource,
  schedules: readonly PreviewedResource[],
  statuses: LiveStatuses,
): StackFlow {
  const { urn, name, fate, end, error, adopts } = resource;
  const status = statusBefore(resource, statuses);
  const named = {
    before: schedules.filter(wasThere).flatMap(({ name: its, before, after }) => inputsOf(its, before ?? after)),
    after: schedules.filter(isThere).flatMap(({ name: its, before, after }) => inputsOf(its, after ?? before)),
  };
  // What is taken over is as the program says, or an edit is written over that nobody sees here.
  const was = adopts ? resource.after : resource.before;
  const before: FlowSide | undefined =
    was === undefined || (fate === "create" && !adopts) || writesOver(resource)
      ? undefined
      : side(was, status, named.before);
  const is = fate === "delete" ? (end === "kept" ? resource.before : undefined) : (resource.after ?? resource.before);
  const after: FlowSide | undefined =
    is === undefined ? undefined : side(is, fate === "same" ? status : statusAfter(resource, statuses), named.after);
  const unread =
    error ?? (writesOver(resource) ? "it writes over what is live, which the preview does not show" : undefined);
  return {
    urn,
    name,
    title: titleIn(resource.after) ?? titleIn(resource.before) ?? name,
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    isChanged: fate !== "same" || before?.status !== after?.status || schedules.some(({ fate: its }) => its !== "same"),
    hasNewTimes: schedules.some(
      ({ before: was, after: is }) => was && is && TIMES.some((key) => !same(was[key], is[key])),
    ),
    named,
    ...(unread === undefined ? {} : { unread }),
  };
}

const inputsOf = (name: string, inputs: Dict | undefined): NamedSchedule[] =>
  inputs === undefined ? [] : [{ name, inputs }];

/** Whether a step does something in the world outside: a message, a request. */
export function sends(step: unknown): boolean {
  const kind = stepKindOf(own(step, "type"));
  return kind !== undefined && kind.template !== "none";
}

const TIMES = ["rrule", "startsAt", "timezone"];

const side = (definition: Dict, status: string | undefined, schedules: readonly NamedSchedule[]): FlowSide => ({
  definition,
  ...(status === undefined ? {} : { status }),
  schedules: schedules.map(({ inputs }) => inputs).filter((inputs) => inputs["paused"] === undefined),
});

const wasThere = ({ fate, adopts }: PreviewedResource): boolean => fate !== "create" || adopts === true;
const isThere = ({ fate, end }: PreviewedResource): boolean => fate !== "delete" || end === "kept";

/** By what they depend on, else by the id of the flow. */
const schedulesOf = ({ urn, id }: PreviewedResource, schedules: readonly PreviewedResource[]): PreviewedResource[] =>
  schedules.filter(
    ({ flowUrn, before, after }) =>
      flowUrn === urn || (id !== undefined && (own(after, "flowId") === id || own(before, "flowId") === id)),
  );

function titleIn(definition: Dict | undefined): string | undefined {
  const name = definition?.["name"];
  return typeof name === "string" && name !== "" && !isUnknown(name) ? name : undefined;
}

// What carries this stack's marker in PostHog and is in no state: flows, and schedules on the stack's own flows. A killed run leaves them when its program
// is changed back, and so does `pulumi state delete`. A refresh asks only about what is in the state, so it cannot see them.
import { isGone, systemClock, type Clock, type PostHogClient, type WireFlowRow, type WireSchedule } from "../../api";
import { ownerUrn } from "../../definition/resource-types";
import { markerOf, markOf, resourceIn, stackToken, type Owner } from "../../definition/canonical/marker";
import { isDict } from "../../definition/canonical/values";
import { editorUrl } from "../../provider/flow/outputs";
import { acknowledgedIn } from "../../provider/ownership/managed";
import { Session } from "../../provider/session";
import { configuredHost, configuredProject, normalHost, type TargetSettings } from "../../definition/target";
import { canBeScheduled } from "../scheduled-flows";

interface Common {
  /** As `adopt` takes it: `<flow id>/<schedule id>` of a schedule. */
  id: string;
  /** The flow's title in PostHog. */
  title: string;
  status: string;
  /** The editor's address of the flow. */
  url: string;
}

/** A flow that carries the stack's marker and is in no state. */
interface FlowLeftBehind extends Common {
  kind: "flow";
  /** The resource that the marker names, where its sentence is whole. */
  resource?: string;
  /** Set where that resource manages another flow: somebody may have copied that one in PostHog's editor. */
  besides?: string;
}

/** An active schedule that is in no state, on a flow that is in the state and carries the stack's marker. */
interface ScheduleLeftBehind extends Common {
  kind: "schedule";
  /** The resource that manages the flow. */
  flow: string;
  rrule: string;
  startsAt: string;
  timezone: string;
  nextRunAt?: string;
}

/** What carries the stack's marker and is in no state. */
export type LeftBehind = FlowLeftBehind | ScheduleLeftBehind;

/** What was found, and what could not be looked at. */
export interface LeftBehindReport {
  found: LeftBehind[];
  /** Why something could not be looked at, one sentence each. Empty when everything was. */
  unread: string[];
}

/** A flow or schedule that the state has, or that the next `up` makes. */
export interface KnownResource {
  kind: "flow" | "schedule";
  name: string;
  urn: string;
  /** Absent for one that the next `up` makes; it takes over what carries its own marker, or says why not. */
  id?: string;
  host?: unknown;
  projectId?: unknown;
  /** Ids of schedules that the resource acknowledges as not managed. */
  acknowledged: readonly string[];
  /** Of a flow: the tokens of its marker when this stack last saw it; absent where it had none. */
  marker?: string;
}

/** What is known of a stack. */
export interface KnownStack {
  /** Name of the Pulumi project. */
  project: string;
  /** Name of the stack, without organisation and project. */
  stack: string;
  resources: readonly KnownResource[];
  /** Ids of what an interrupted replacement still has to delete. */
  condemned?: readonly string[];
}

/** How it is looked for. */
export interface LeftBehindOptions {
  settings: TargetSettings;
  /** Where else to look than where the stack has flows. Default: the configured host and project. */
  host?: string | undefined;
  projectId?: string | undefined;
  /** Default: the system's. */
  clock?: Clock | undefined;
  /** Told what the provider would show as notes, such as that it waits for PostHog's rate limit. */
  note?: ((message: string) => void) | undefined;
  progress?: ((text: string) => void) | undefined;
  /** Only these flows of the stack, by their names, are asked for schedules, and no flow without a resource is looked for. Default: everything. */
  only?: readonly string[];
  /** Most flows that are asked for their schedules. Default: all. */
  mostFlows?: number;
}

/** Flows that are read at the same time; the client keeps the limits of PostHog. */
const AT_ONCE = 8;

/**
 * Flows that carry the stack's marker and are in no state, and active schedules on the stack's flows that are in no state. Reads only: one search in each
 * project that the stack uses, and one request for each of its flows that a schedule can start.
 *
 * Archived flows are not among them, nor are schedules that are paused or completed: they send nothing.
 *
 * @returns What was found, and why something could not be looked at. Never throws for what PostHog answers.
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * const state = await readStack(workspace, { env: process.env });
 * const { found } = await findLeftBehind(knownFromState(state, workspace)!, { settings: await workspace.settings() });
 * ```
 */
export async function findLeftBehind(
  known: KnownStack,
  {
    settings,
    host,
    projectId,
    clock = systemClock,
    note = () => {},
    progress,
    only,
    mostFlows = Number.POSITIVE_INFINITY,
  }: LeftBehindOptions,
): Promise<LeftBehindReport> {
  const session = new Session({ env: settings.env, clock, warn: () => {}, note });
  session.configure({ ...settings.config });
  const report: LeftBehindReport = { found: [], unread: [] };
  let left = mostFlows;
  for (const target of targetsOf(known, settings, { host, projectId })) {
    progress?.("Looking for what is in no state …");
    try {
      const { api } = session.connection(target);
      const marked = (await api.searchFlows(stackToken(known))).filter(
        ({ description, status }) => markerOf(description)?.stack === stackToken(known) && status !== "archived",
      );
      const held = new Map(
        known.resources.flatMap((resource) =>
          resource.kind === "flow" && resource.id !== undefined ? [[resource.id.toLowerCase(), resource] as const] : [],
        ),
      );
      if (only === undefined) report.found.push(...unknownFlows(marked, known, held, target));
      const ours = marked.flatMap((row): Held[] => {
        const resource = held.get(row.id.toLowerCase());
        return resource !== undefined && canBeScheduled(row) && (only?.includes(resource.name) ?? true)
          ? [{ row, resource }]
          : [];
      });
      const checked = ours.slice(0, left);
      left -= checked.length;
      if (checked.length < ours.length)
        report.unread.push(
          `The schedules of ${ours.length - checked.length} flows were not checked, to save the rate limit; \`hogflow drift\` checks all.`,
        );
      await unknownSchedules(api, checked, { known, target, report, progress });
    } catch (error) {
      report.unread.push(
        `Could not check whether project ${target.projectId} on ${target.host} holds flows or schedules of this stack that are in no state: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return report;
}

interface Target {
  host: string;
  projectId: string;
}

/** Where the stack's flows live, and where it would make new ones. */
function targetsOf(
  { resources }: KnownStack,
  settings: TargetSettings,
  given: { host: string | undefined; projectId: string | undefined },
): Target[] {
  const configured = {
    host: given.host ?? configuredHost(settings),
    projectId: given.projectId ?? configuredProject(settings),
  };
  const targets = new Map<string, Target>();
  for (const { host, projectId } of [...resources, configured]) {
    const normal = typeof host === "string" ? normalHost(host) : undefined;
    if (
      normal === undefined ||
      "why" in normal ||
      (typeof projectId !== "string" && typeof projectId !== "number") ||
      projectId === ""
    )
      continue;
    targets.set(`${normal.host} ${projectId}`, { host: normal.host, projectId: String(projectId) });
  }
  return [...targets.values()];
}

const ownerOf = ({ project, stack }: KnownStack, urn = ""): Owner => ({ project, stack, name: "", urn });

/** What the marker of a resource has that no other one has. */
const resourceToken = (known: KnownStack, urn: string): string => markerOf(markOf(ownerOf(known, ownerUrn(urn))))!.own;

function unknownFlows(
  marked: readonly WireFlowRow[],
  known: KnownStack,
  held: ReadonlyMap<string, KnownResource>,
  { host, projectId }: Target,
): FlowLeftBehind[] {
  const condemned = new Set(known.condemned?.map((id) => id.toLowerCase()));
  const flows = new Map(
    known.resources
      .filter(({ kind }) => kind === "flow")
      .map((resource) => [resourceToken(known, resource.urn), resource]),
  );
  return marked.flatMap(({ id, name, description, status }): FlowLeftBehind[] => {
    const namesake = flows.get(markerOf(description)?.own ?? "");
    // What the next `up` makes takes over what an earlier one has left, or says why not.
    if (
      held.has(id.toLowerCase()) ||
      condemned.has(id.toLowerCase()) ||
      (namesake !== undefined && namesake.id === undefined)
    )
      return [];
    const resource = resourceIn(description, ownerOf(known));
    return [
      {
        kind: "flow",
        id,
        title: name ?? resource ?? id,
        status,
        url: editorUrl(host, projectId, id),
        ...(resource === undefined ? {} : { resource }),
        ...(namesake?.id === undefined ? {} : { besides: namesake.id }),
      },
    ];
  });
}

interface Held {
  row: WireFlowRow;
  resource: KnownResource;
}

async function unknownSchedules(
  api: PostHogClient,
  ours: readonly Held[],
  {
    known,
    target,
    report,
    progress,
  }: { known: KnownStack; target: Target; report: LeftBehindReport; progress?: ((text: string) => void) | undefined },
): Promise<void> {
  const acknowledged = known.resources.flatMap((resource) => resource.acknowledged);
  const ids = new Set(
    [
      ...known.resources.flatMap(({ kind, id }) => (kind === "schedule" && id !== undefined ? [id] : [])),
      ...(known.condemned ?? []),
    ].map((id) => id.toLowerCase()),
  );
  const found: ScheduleLeftBehind[][] = [];
  const queue = ours.entries();
  let begun = 0;
  const work = async (): Promise<void> => {
    for (const [place, { row, resource }] of queue) {
      progress?.(`Reading schedules of ${(begun += 1)} of ${ours.length} flows …`);
      try {
        // The detail answer holds them, and a key for flows alone may read it.
        const { schedules } = await api.getFlow(row.id);
        found[place] = schedules
          .filter(
            ({ id, status }) =>
              status === "active" && !ids.has(`${row.id}/${id}`.toLowerCase()) && !acknowledged.includes(id),
          )
          .map((schedule) => ({
            kind: "schedule",
            id: `${row.id}/${schedule.id}`,
            title: row.name ?? resource.name,
            status: schedule.status,
            url: editorUrl(target.host, target.projectId, row.id),
            flow: resource.name,
            ...timesOf(schedule),
          }));
      } catch (error) {
        if (!isGone(error))
          report.unread.push(
            `Could not check whether flow ${resource.name} has schedules that are in no state: ${error instanceof Error ? error.message : String(error)}`,
          );
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  report.found.push(...found.flat());
}

const timesOf = ({
  rrule,
  starts_at: startsAt,
  timezone,
  next_run_at: nextRunAt,
}: WireSchedule): Pick<ScheduleLeftBehind, "rrule" | "startsAt" | "timezone" | "nextRunAt"> => ({
  rrule,
  startsAt,
  timezone,
  ...(typeof nextRunAt === "string" ? { nextRunAt } : {}),
});

/** The schedules that a resource acknowledges, wherever its properties say so. */
export const acknowledgedBy = (...sides: readonly unknown[]): string[] =>
  sides.flatMap((side) => (isDict(side) ? acknowledgedIn(side["acknowledge"]) : []));

// From a source to the data of its page: with the project's people, and with what PostHog says where it was asked.
import { packageVersion } from "../../definition/package";
import { isUnknown } from "../../definition/canonical/values";
import type { ShowData } from "../../show/data";
import type { ResourceDrift } from "../drift/drift";
import { maskData } from "../mask";
import { readPeople } from "../people/kept";
import type { LiveStatuses } from "../review/live-status";
import type { Preview, PreviewedResource } from "../review/preview";
import type { StackState } from "../stack-state";
import type { Workspace } from "../workspace";
import { showData } from "./show-data";
import type { ShowSource } from "./source";

/** What PostHog and the state say of the stack, asked once. */
export interface Asked {
  state: StackState;
  drift: readonly ResourceDrift[];
  /** By id of the flow. */
  statuses: LiveStatuses;
}

export interface MakePageOptions {
  /** Milliseconds since the epoch: day 0 of everybody's calendar. */
  now: number;
  /** Folder with sample people. Absent: they are made up. */
  people?: string | undefined;
  /** Most e-mails that somebody may get in seven days. */
  perWeek?: number | undefined;
  asked?: Asked | undefined;
  workspace: Workspace;
}

/** A page, and what it was made of. */
export interface MadePage {
  data: ShowData;
  source: ShowSource;
}

/** The data of a page, with `[secret]` in place of every credential: none comes in, which costs less than to look for them in what every person gets. */
export function makePage(source: ShowSource, { now, people, perWeek, asked, workspace }: MakePageOptions): ShowData {
  const preview = asked ? withState(source.preview, asked.state) : source.preview;
  return showData({
    title: source.title,
    version: packageVersion(),
    now,
    preview,
    change: source.change,
    people: people === undefined ? [] : maskData(readPeople(people)),
    ...(asked ? { statuses: asked.statuses, drift: asked.drift } : {}),
    target: targetOf(preview),
    written: source.resources,
    folders: { program: workspace.programDir, root: workspace.dir },
    findings: maskData([...source.problems, ...source.findings]),
    ...(perWeek === undefined ? {} : { perWeek }),
    notes: maskData(source.notes),
  });
}

/** A preview of programs alone knows no ids: what the state has under the same name has them. */
function withState(preview: Preview, { resources }: StackState): Preview {
  const known = new Map(resources.map((resource) => [resource.urn, resource]));
  return {
    ...preview,
    resources: preview.resources.map((resource) => {
      const { id, outputs } = known.get(resource.urn) ?? {};
      const url = outputs?.["url"];
      return {
        ...(id === undefined ? {} : { id }),
        ...(typeof url === "string" ? { url } : {}),
        ...resource,
      };
    }),
  };
}

/** Where everything is, if it is in one place. */
function targetOf({ resources }: Preview): { host: string; projectId: string } | undefined {
  const targets = new Map<string, { host: string; projectId: string }>();
  for (const { before, after } of resources as readonly PreviewedResource[]) {
    const { host, projectId } = after ?? before ?? {};
    if (typeof host !== "string" || projectId === undefined || isUnknown(host) || isUnknown(projectId))
      return undefined;
    targets.set(`${host} ${String(projectId)}`, { host, projectId: String(projectId) });
  }
  return targets.size === 1 ? [...targets.values()][0] : undefined;
}

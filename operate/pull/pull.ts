// `hogflow pull`: the programs of live flows, read from PostHog.
import { PostHogApiError, type PostHogClient, type WireFlowRow } from "../../api";
import { OperateError } from "../errors";
import { canBeScheduled } from "../scheduled-flows";
import { logicalNames } from "./names";
import type { StackName } from "./notes";
import type { LiveFlow } from "./live-flow";
import { pulledFlow, type PulledFlow } from "./program";
import { SharedSenders } from "./senders";

export type PullClient = Pick<PostHogClient, "allFlows" | "getFlow">;

/** A flow that could not be read or written as a program. */
export interface PullFailure {
  id: string;
  title: string;
  /** Why. */
  error: string;
}

/** Which flows are pulled, and where to. */
export interface PullOptions {
  /** Ids of flows, archived or not. Default: all flows that are not archived. */
  ids?: readonly string[];
  /** Without `ids`: archived flows, too. Default false. */
  archived?: boolean;
  /** Folder of the programs, relative to the one in which they run. Default `flows`. */
  out?: string;
  /** The Pulumi project and stack that the programs are for, to say which flows are theirs already. Default: none is known. */
  stack?: StackName | undefined;
  /** Logical names that flows have already, by id; see `pulledNames`. Default: all are made from titles. */
  names?: ReadonlyMap<string, string>;
  /** Whether the programs are ES modules, which import files by their full names. Default false. */
  isModule?: boolean;
  /** Told of a flow that cannot be read, of a whole project, or whose program cannot be written; the others are. Default: the first one is thrown. */
  onFailure?: (failure: PullFailure) => void;
  /** Told after each flow. */
  onFlow?: (done: number, of: number) => void;
}

/** Flows that are read at the same time; the client keeps the limits of PostHog. */
const AT_ONCE = 8;

/**
 * The programs of live flows, without writing anything. A flow has the same program whichever others are pulled with it.
 *
 * @throws OperateError for an id that PostHog does not have.
 * @example
 * ```ts
 * const pulled = await pullFlows(client, { out: "flows" });
 * await writePulled(pulled, { cwd: process.cwd() });
 * ```
 */
export async function pullFlows(
  client: PullClient,
  { ids, archived = false, out, stack, names: kept, isModule, onFailure, onFlow }: PullOptions = {},
): Promise<PulledFlow[]> {
  // All of them in any case: what a flow is called depends on the titles of the others.
  const rows = await client.allFlows();
  const names = logicalNames(rows, kept);
  const senders = new SharedSenders(rows);
  const wanted = ids === undefined ? rows.filter(({ status }) => archived || status !== "archived") : named(ids, rows);
  const flows: LiveFlow[] = [];
  const queue = wanted.entries();
  let done = 0;
  let isOver = false;
  // One that nobody can read does not keep the others from being pulled, unless it was asked for.
  const readable = async (row: WireFlowRow): Promise<LiveFlow | undefined> => {
    try {
      return await client.getFlow(row.id);
    } catch (error) {
      if (
        onFailure === undefined ||
        ids !== undefined ||
        row.actions.length > 0 ||
        !(error instanceof PostHogApiError && error.code === "unreadable")
      )
        throw error;
      onFailure({ id: row.id, title: row.name ?? row.id, error: error.detail });
      return undefined;
    }
  };
  const read = async (): Promise<void> => {
    try {
      for (const [place, row] of queue) {
        if (isOver) return;
        const flow = canBeScheduled(row) ? await readable(row) : { ...row, schedules: [] };
        if (flow) flows[place] = flow;
        onFlow?.((done += 1), wanted.length);
      }
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, read));
  const pulled = flows.filter(Boolean).flatMap((flow) => {
    try {
      return [
        pulledFlow(flow, {
          name: names.get(flow.id)!,
          stack,
          senders,
          isModule,
          ...(out === undefined ? {} : { out }),
        }),
      ];
    } catch (error) {
      if (onFailure === undefined) throw error;
      onFailure({
        id: flow.id,
        title: flow.name ?? flow.id,
        error: error instanceof Error ? error.message : String(error),
      });
      return [];
    }
  });
  // PostHog's order is that of the last edits.
  return ids === undefined ? pulled.sort((a, b) => (a.name < b.name ? -1 : 1)) : pulled;
}

function named(ids: readonly string[], rows: readonly WireFlowRow[]): WireFlowRow[] {
  const byId = new Map(rows.map((row) => [row.id.toLowerCase(), row]));
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  const unknown = wanted.filter((id) => !byId.has(id));
  if (unknown.length > 0)
    throw new OperateError({
      what: `There is no flow ${unknown.join(", and none ")} in this project`,
      fix: "Copy the id from the address of the flow in PostHog",
    });
  return wanted.map((id) => byId.get(id)!);
}

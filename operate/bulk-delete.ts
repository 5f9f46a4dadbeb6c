// Deletes archived flows for good: with their schedules, revisions and numbers.
import type { PostHogClient, WireFlowRow } from "../api";
import { OperateError } from "./errors";

/** An archived flow, to be deleted. */
export interface Doomed {
  id: string;
  name: string;
  updatedAt: string;
  /** The line of its description that says who manages it, where there is one. */
  managedBy?: string;
}

const MANAGED = /Managed in code by [^\n]*?(?=\. |$)/m;

/**
 * The archived flows among these, or all archived ones. Changes nothing.
 *
 * @throws OperateError when one of them is not archived, or does not exist: PostHog would skip it without a word.
 *
 * @example
 * const doomed = await archivedFlows(client, "all");
 */
export async function archivedFlows(client: PostHogClient, ids: readonly string[] | "all"): Promise<Doomed[]> {
  if (ids === "all") return (await client.allFlows({ status: "archived" })).map(doomed);
  const rows = new Map((await client.allFlows()).map((row) => [row.id, row]));
  const wrong = [...new Set(ids)].flatMap((id) => {
    const row = rows.get(id);
    if (!row) return [`  ${id} does not exist in project ${client.projectId}`];
    return row.status === "archived" ? [] : [`  ${id}  ${nameOf(row)} is ${row.status}`];
  });
  if (wrong.length > 0)
    throw new OperateError({
      what: `Only archived flows can be deleted in bulk. These cannot:\n${wrong.join("\n")}\n`,
      fix: 'Archive them first (`status: "archived"`), or leave them out',
    });
  return [...new Set(ids)].map((id) => doomed(rows.get(id)!));
}

const nameOf = ({ name }: WireFlowRow): string => name || "(no name)";

function doomed(row: WireFlowRow): Doomed {
  const managedBy = MANAGED.exec(row.description)?.[0];
  return {
    id: row.id,
    name: nameOf(row),
    updatedAt: row.updated_at,
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}

/** What came of it. */
export interface Deleted {
  /** What PostHog says it deleted. */
  deleted: number;
  /** Flows that are still there, such as those that were taken out of the archive meanwhile. */
  left: string[];
}

/**
 * Deletes archived flows. This cannot be undone. Flows that are not archived any more are left alone by PostHog, and named in `left`.
 *
 * @example
 * const doomed = await archivedFlows(client, "all");
 * const { deleted, left } = await deleteArchived(client, doomed.map(({ id }) => id));
 */
export async function deleteArchived(client: PostHogClient, ids: readonly string[]): Promise<Deleted> {
  if (ids.length === 0) return { deleted: 0, left: [] };
  const { deleted } = await client.bulkDeleteFlows([...ids]);
  if (deleted === ids.length) return { deleted, left: [] };
  const there = new Set((await client.allFlows()).map(({ id }) => id));
  return { deleted, left: ids.filter((id) => there.has(id)) };
}

// Which flow a person means: its id, or its exact name.
import type { PostHogClient, WireFlowRow } from "../api";
import { OperateError } from "./errors";
import { oneLine } from "../definition/plain-text";

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SHOWN = 10;

/**
 * The id of a flow that is named by id or by its exact name. An id is taken as it is, without a request.
 *
 * @throws OperateError when no flow, or more than one, has the name.
 *
 * @example
 * const id = await findFlow(client, "Onboarding");
 */
export async function findFlow(client: PostHogClient, idOrName: string): Promise<string> {
  const given = idOrName.trim();
  if (UUID.test(given)) return given.toLowerCase();
  if (given === "")
    throw new OperateError({ what: "No flow was named", fix: "Give the id of a flow, or its exact name" });
  const rows = await client.searchFlows([...given].slice(0, 200).join(""));
  const named = rows.filter(({ name }) => name === given);
  if (named.length === 1) return named[0]!.id;
  if (named.length > 1)
    throw new OperateError({
      what: `${named.length} flows are named "${given}":\n${listed(named)}\n`,
      fix: "Give the id of the one you mean",
    });
  const near = rows.length > 0 ? `These contain the text:\n${listed(rows)}\n` : undefined;
  throw new OperateError({
    what: `There is no flow named "${given}" in project ${client.projectId}`,
    why: near,
    fix: "Give the id of a flow, or its exact name",
  });
}

function listed(rows: readonly WireFlowRow[]): string {
  const lines = rows
    .slice(0, SHOWN)
    .map(({ id, name, status }) => `  ${oneLine(`${id}  ${name ?? "(no name)"} (${status})`)}`);
  return [...lines, ...(rows.length > SHOWN ? [`  … and ${rows.length - SHOWN} more`] : [])].join("\n");
}

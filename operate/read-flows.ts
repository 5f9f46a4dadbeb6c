// All flows of a project, each whole, with its schedules.
import type { PostHogClient, WireFlow } from "../api";

/** How flows are read. */
export interface ReadFlowsOptions {
  progress?: (text: string) => void;
}

/** Requests under way at once: answers of large flows are large, too. */
const AT_ONCE = 6;

/**
 * Every flow of the project in full, in the order of the list. One request a page of 500, and one a flow.
 *
 * @example
 * const flows = await readAllFlows(client);
 */
export async function readAllFlows(
  client: PostHogClient,
  { progress = () => {} }: ReadFlowsOptions = {},
): Promise<WireFlow[]> {
  progress("Listing flows …");
  const rows = await client.allFlows();
  const flows: WireFlow[] = [];
  for (let i = 0; i < rows.length; i += AT_ONCE) {
    progress(`Reading flows: ${i} of ${rows.length} …`);
    flows.push(...(await Promise.all(rows.slice(i, i + AT_ONCE).map(({ id }) => client.getFlow(id)))));
  }
  return flows;
}

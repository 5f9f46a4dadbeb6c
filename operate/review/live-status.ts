// The statuses of the flows of a review as PostHog has them now: what somebody has chosen there is in no state. Read only.
import type { PostHogClient } from "../../api";
import type { PreviewedResource } from "./preview";

/** Status by id of the flow. */
export type LiveStatuses = ReadonlyMap<string, string>;

/** Up to this many flows are asked for one by one; more, by the list of all. */
const FEW = 10;

/**
 * Reads the statuses of the flows of a preview, also of those that stay: one may be switched off there, or send the same as one that changes. Never throws: a status that cannot be read stays unknown, and `missing` says why.
 *
 * @example
 * ```ts
 * const preview = parsePreview(readFileSync("preview.json", "utf8"));
 * const { statuses } = await liveStatuses(preview, client);
 * const review = reviewOf(preview, { now: Date.now(), statuses });
 * ```
 */
export async function liveStatuses(
  preview: { resources: readonly Pick<PreviewedResource, "kind" | "id">[] },
  client: Pick<PostHogClient, "listFlows" | "allFlows">,
): Promise<{ statuses: LiveStatuses; missing: string[] }> {
  const ids = [
    ...new Set(preview.resources.flatMap(({ kind, id }) => (kind === "flow" && id !== undefined ? [id] : []))),
  ];
  try {
    const rows =
      ids.length > FEW
        ? await client.allFlows()
        : (await Promise.all(ids.map((id) => client.listFlows({ id, limit: 1 })))).flatMap(({ results }) => results);
    return {
      statuses: new Map(rows.filter(({ id }) => ids.includes(id)).map(({ id, status }) => [id, status])),
      missing: [],
    };
  } catch (error) {
    return { statuses: new Map(), missing: [error instanceof Error ? error.message : String(error)] };
  }
}

// Whether the flows of a stack still carry its markers in PostHog. A refresh takes over what it finds; this says what it would find.
import { isGone, type PostHogClient } from "../../api";
import { markerOf, stackToken, tokensOf } from "../../definition/canonical/marker";
import { normalHost } from "../../definition/target";
import { ownerWords } from "../../provider/ownership/ownership";
import type { KnownStack } from "./find";

/** What the markers of a stack's flows say. */
export interface MarkerReport {
  /** Flows that were looked at: those of the client's project that had a marker. */
  checked: number;
  /** Flows that carry the marker of somebody else, with that owner in words. */
  taken: { flow: string; owner: string }[];
  /** Flows without a marker. */
  lost: string[];
}

/** Most flows that are read one by one. */
const MOST_READ = 20;

/**
 * Compares the markers that a stack's state has with those in PostHog: one search, and a request for each flow that the search does not find, up to 20.
 *
 * @example
 * ```ts
 * const { taken } = await readMarkers(client, knownFromState(state, workspace)!);
 * ```
 */
export async function readMarkers(
  client: Pick<PostHogClient, "searchFlows" | "getFlow" | "host" | "projectId">,
  known: KnownStack,
): Promise<MarkerReport> {
  const flows = known.resources.filter(
    ({ kind, id, marker, host, projectId }) =>
      kind === "flow" &&
      id !== undefined &&
      marker !== undefined &&
      isSameHost(host, client.host) &&
      String(projectId) === client.projectId,
  );
  const report: MarkerReport = { checked: flows.length, taken: [], lost: [] };
  if (flows.length === 0) return report;
  const found = new Map(
    (await client.searchFlows(stackToken(known))).map((row) => [row.id, tokensOf(markerOf(row.description))]),
  );
  const others = flows.filter(({ id, marker }) => found.get(id!) !== marker);
  for (const { id, name, marker } of others.slice(0, MOST_READ)) {
    const live = await client.getFlow(id!).catch((error: unknown) => {
      if (isGone(error)) return undefined;
      throw error;
    });
    if (live === undefined) continue;
    const now = markerOf(live.description);
    if (now === undefined) report.lost.push(name);
    else if (tokensOf(now) !== marker) report.taken.push({ flow: name, owner: ownerWords(now) });
  }
  return report;
}

function isSameHost(host: unknown, other: string): boolean {
  const normal = normalHost(String(host));
  return !("why" in normal) && normal.host === other;
}

// Which people went through a flow, and how they ended.
import type { PostHogClient, RunQuery, WireRun } from "../api";

/** Which runs. */
export interface RunsOptions {
  /** A span or a moment; default: the last seven days. */
  since?: string;
  until?: string;
  status?: string;
  /** A person's distinct id. */
  person?: string;
  /** Part of the error's text. */
  error?: string;
  /** 1 to 500, default 50. */
  limit?: number;
}

/** Runs of a flow. */
export interface Runs {
  /** Newest first. */
  runs: WireRun[];
  /** How many there are in the span, shown or not. */
  count: number;
}

const DEFAULT_LIMIT = 50;

/**
 * Runs of a flow, newest first, and how many there are. Needs the scope `person:read`.
 *
 * @example
 * const { runs, count } = await listRuns(client, flowId, { status: "failed", since: "-1d" });
 */
export async function listRuns(client: PostHogClient, flowId: string, options: RunsOptions = {}): Promise<Runs> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const query: RunQuery = {
    status: options.status,
    distinct_id: options.person,
    error_message_contains: options.error,
    after: options.since,
    before: options.until,
  };
  const runs = await client.listRuns(flowId, { ...query, limit });
  // Fewer than asked for are all.
  const count = runs.length < limit ? runs.length : (await client.countRuns(flowId, query)).count;
  return { runs, count };
}

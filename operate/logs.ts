// Log lines of a flow's runs: those of a span, and then those that come.
import type { Clock, LogQuery, PostHogClient, WireLogLine } from "../api";
import { momentOf } from "./spans";

/** Which lines. */
export interface LogOptions {
  /** A span (`-1d`) or a moment; default: everything that PostHog still has. */
  since?: string;
  until?: string;
  /** Default: all. */
  level?: LogQuery["level"];
  search?: string;
  /** Id of a run. */
  run?: string;
  /** At most so many lines, the newest ones; default 100. */
  limit?: number;
}

const PAGE = 500;
const DEFAULT_LIMIT = 100;

/**
 * Log lines of a flow, oldest first.
 *
 * @example
 * for (const line of await readLogs({ client, clock: systemClock, flowId }, { since: "-1h", level: ["error"] })) console.log(line.message);
 */
export async function readLogs(
  { client, clock, flowId }: { client: PostHogClient; clock: Clock; flowId: string },
  options: LogOptions = {},
): Promise<WireLogLine[]> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const query = queryOf(options, clock);
  const lines: WireLogLine[] = [];
  while (lines.length < limit) {
    const page = await client.listLogs(flowId, {
      ...query,
      limit: Math.min(PAGE, limit - lines.length),
      offset: lines.length === 0 ? undefined : lines.length,
    });
    lines.push(...page.results);
    if (page.next === null || page.results.length === 0) break;
  }
  return inOrder(lines);
}

/** Which lines, and what to do with them. */
export interface FollowOptions extends LogOptions {
  signal?: AbortSignal;
  /** Between two looks, in milliseconds; default 3000. */
  intervalMs?: number;
  onLines(lines: WireLogLine[]): void;
}

/** Lines may be stored a little after the time that they carry. */
const OVERLAP_MS = 30_000;

/**
 * Gives the lines that there are, and then those that come, until the signal is aborted; each line once. A request that fails is the end of it.
 *
 * @example
 * await followLogs({ client, clock: systemClock, flowId }, { signal, onLines: (lines) => lines.forEach((line) => console.log(line.message)) });
 */
export async function followLogs(
  where: { client: PostHogClient; clock: Clock; flowId: string },
  options: FollowOptions,
): Promise<void> {
  const { clock } = where;
  const seen = new Map<string, number>();
  let from = options.since;
  let limit = options.limit ?? DEFAULT_LIMIT;
  // What the first look left out on purpose is not news later.
  let floor: number | undefined;
  for (;;) {
    const lines = await readLogs(where, { ...options, since: from, limit });
    if (lines.length > 0) floor ??= lines.length >= limit ? timeOf(lines[0]!) : -Infinity;
    const fresh = lines.filter((line) => !seen.has(keyOf(line)) && timeOf(line) >= (floor ?? -Infinity));
    for (const line of fresh) seen.set(keyOf(line), timeOf(line));
    if (fresh.length > 0) options.onLines(fresh);
    if (seen.size > 0) {
      // By the server's stamps: the clock of this machine may be wrong.
      const newest = Math.max(...seen.values());
      from = new Date(newest - OVERLAP_MS).toISOString();
      limit = Number.MAX_SAFE_INTEGER;
      for (const [key, time] of seen) if (time < newest - 2 * OVERLAP_MS) seen.delete(key);
    }
    await clock.sleep(options.intervalMs ?? 3000, options.signal);
  }
}

function queryOf({ since, until, level, search, run }: LogOptions, clock: Clock): LogQuery {
  const now = clock.now();
  return {
    after: since === undefined ? undefined : momentOf(since, now),
    before: until === undefined ? undefined : momentOf(until, now),
    level,
    search: search || undefined,
    instance_id: run,
  };
}

const timeOf = ({ timestamp }: WireLogLine): number => Date.parse(timestamp) || 0;
const keyOf = ({ timestamp, instance_id, level, message }: WireLogLine): string =>
  JSON.stringify([timestamp, instance_id, level, message]);
/** Stamps of one form compare as text, to the microsecond. */
const inOrder = (lines: WireLogLine[]): WireLogLine[] =>
  lines.sort((a, b) => timeOf(a) - timeOf(b) || (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));

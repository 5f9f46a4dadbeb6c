/** Rate limits per key: sliding windows over the requests that were let through. */
import { throttled } from "../errors";

/** How many requests each key has. */
export interface RateLimit {
  perMinute?: number;
  perHour?: number;
  retryAfter?: "seconds" | "date";
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

export class Throttle {
  private limit: RateLimit | null;
  private readonly seen = new Map<string, number[]>();

  constructor(limit: RateLimit | null = null) {
    this.limit = limit;
  }

  set(limit: RateLimit | null): void {
    this.limit = limit;
    this.seen.clear();
  }

  /** Counts a request of a key, or refuses it. */
  check(key: string, now: number): void {
    if (!this.limit) return;
    const times = (this.seen.get(key) ?? []).filter((time) => time > now - HOUR && time <= now);
    const waits = [
      waitFor(times, now, { span: MINUTE, limit: this.limit.perMinute }),
      waitFor(times, now, { span: HOUR, limit: this.limit.perHour }),
    ];
    const wait = Math.max(...waits);
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      throw throttled(
        seconds,
        this.limit.retryAfter === "date"
          ? new Date(Math.ceil((now + wait) / 1000) * 1000).toUTCString()
          : String(seconds),
      );
    }
    this.seen.set(key, [...times, now]);
  }
}

function waitFor(
  times: readonly number[],
  now: number,
  { span, limit }: { span: number; limit: number | undefined },
): number {
  if (limit === undefined) return 0;
  const recent = times.filter((time) => time > now - span);
  if (recent.length < limit) return 0;
  const oldest = recent[recent.length - limit] ?? now;
  return oldest + span - now;
}

/**
 * Keeps one process below PostHog's rate limits (API §6.4: 480 requests a minute and 4,800 an hour, per key), bounds
 * how many requests run at once, and stops all of them when the server says 429. First come, first served.
 */
import { createHash } from "node:crypto";
import { type Clock, systemClock } from "./clock";

/** At most `max` starts in any `ms` milliseconds. */
export interface Window {
  ms: number;
  max: number;
}

/** API §6.4. */
export const POSTHOG_WINDOWS: readonly Window[] = [
  { ms: 60_000, max: 480 },
  { ms: 3_600_000, max: 4_800 },
];

export interface LimiterOptions {
  /** Default: PostHog's limits. */
  windows?: readonly Window[];
  /** Share of each window that is used, 0 to 1. Default 0.95: the server's clock ticks differently, and someone may try the key by hand. */
  share?: number;
  /** Requests in flight at once. Default 8. */
  maxConcurrency?: number;
  clock?: Clock;
}

/** What one caller may say about its place in the queue. */
export interface Ticket {
  /** Leaves the queue when aborted; a task that has started is not touched. */
  signal?: AbortSignal;
  /** Leaves the queue when aborted, and once it is, does not wait in it; a task that need not wait starts all the same. */
  waiting?: AbortSignal;
  /** Gives up at once when a pause (not a full window) lasts longer than this. Default: waits however long. */
  maxPauseMs?: number;
  /** Called when the caller has to wait for a window or a pause, and again after each minute in which it still does. */
  onWait?: (wait: Wait) => void;
}

/** Why and for how long a queue pauses. */
export interface Wait {
  /** Milliseconds until it moves again. */
  ms: number;
  /** The limit that is used up, as the server has it. Absent when the server itself asked for a pause (429). */
  limit?: Window;
}

export interface Limiter {
  /** Runs the task when its turn comes. Rejects with the task's error, the signal's reason, or `PausedTooLong`. */
  run<T>(task: () => Promise<T>, ticket?: Ticket): Promise<T>;
  /** Nothing starts for the next `ms` milliseconds. A shorter pause never cuts a longer one. */
  pause(ms: number): void;
}

/** The server asked everybody to stay away for longer than the caller is willing to wait. Nothing was sent. */
export class PausedTooLong extends Error {
  constructor(readonly ms: number) {
    super(`paused for another ${ms} ms`);
    this.name = "PausedTooLong";
  }
}

interface Waiter {
  ticket: Ticket;
  start(): void;
  fail(reason: unknown): void;
}

/** Whoever waits longer than this is told again: an hour of silence looks like a hang. */
const REMIND_MS = 60_000;

export function createLimiter(options: LimiterOptions = {}): Limiter {
  const clock = options.clock ?? systemClock;
  const share = options.share ?? 0.95;
  const maxConcurrency = options.maxConcurrency ?? 8;
  const windows = (options.windows ?? POSTHOG_WINDOWS).map((limit) => ({
    limit,
    ms: limit.ms,
    max: Math.max(1, Math.floor(limit.max * share)),
  }));
  const longest = Math.max(0, ...windows.map((window) => window.ms));

  const queue: Waiter[] = [];
  const starts: number[] = [];
  let active = 0;
  let pausedUntil = 0;
  let alarm: { at: number; off: AbortController } | undefined;
  /** Those in the queue who have not been told yet that they wait. */
  const untold = new Set<Waiter>();
  /** When all were told last; nothing while the queue moves. */
  let remindedAt: number | undefined;

  const mustWait = (now: number): Wait => {
    while (starts.length > 0 && starts[0]! <= now - longest) starts.shift();
    let until = pausedUntil;
    let full: Window | undefined;
    for (const { limit, ms, max } of windows) {
      const blocking = starts[starts.length - max];
      if (blocking === undefined || blocking + ms <= until) continue;
      until = blocking + ms;
      full = limit;
    }
    return { ms: until - now, ...(full ? { limit: full } : {}) };
  };

  /** Reports who waits, and answers when to report again. */
  const report = (now: number, wait: Wait): number => {
    const again = remindedAt !== undefined && now - remindedAt >= REMIND_MS;
    for (const { ticket } of again ? queue : untold) ticket.onWait?.(wait);
    untold.clear();
    if (again || remindedAt === undefined) remindedAt = now;
    return remindedAt + REMIND_MS;
  };

  // The alarm exists only while somebody waits: an idle limiter must not keep the process alive.
  const disarm = () => {
    alarm?.off.abort();
    alarm = undefined;
  };

  const arm = (now: number, ms: number) => {
    if (alarm?.at === now + ms) return;
    disarm();
    const mine = (alarm = { at: now + ms, off: new AbortController() });
    clock.sleep(ms, mine.off.signal).then(
      () => {
        if (alarm !== mine) return;
        alarm = undefined;
        pump();
      },
      () => undefined,
    );
  };

  const pump = () => {
    while (queue.length > 0 && active < maxConcurrency) {
      const now = clock.now();
      const wait = mustWait(now);
      if (wait.ms > 0) {
        arm(now, Math.min(wait.ms, report(now, wait) - now));
        return;
      }
      remindedAt = undefined;
      active++;
      starts.push(now);
      const next = queue.shift()!;
      untold.delete(next);
      next.start();
    }
    disarm();
  };

  const tooLong = ({ maxPauseMs }: Ticket): number | undefined => {
    const ms = pausedUntil - clock.now();
    return maxPauseMs !== undefined && ms > maxPauseMs ? ms : undefined;
  };

  const turn = (ticket: Ticket): Promise<void> =>
    new Promise((resolve, reject) => {
      const { signal, waiting } = ticket;
      if (signal?.aborted) return reject(signal.reason);
      const ms = tooLong(ticket);
      if (ms !== undefined) return reject(new PausedTooLong(ms));
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        untold.delete(waiter);
        waiter.fail(signal?.reason ?? waiting?.reason);
        if (queue.length === 0) disarm();
      };
      const stops = [signal, waiting].filter((stop) => stop !== undefined);
      const unlisten = () => {
        for (const stop of stops) stop.removeEventListener("abort", leave);
      };
      const waiter: Waiter = {
        ticket,
        start() {
          unlisten();
          resolve();
        },
        fail(reason) {
          unlisten();
          reject(reason);
        },
      };
      for (const stop of stops) stop.addEventListener("abort", leave, { once: true });
      queue.push(waiter);
      untold.add(waiter);
      pump();
      if (waiting?.aborted && queue.includes(waiter)) leave();
    });

  return {
    async run(task, ticket = {}) {
      await turn(ticket);
      try {
        return await task();
      } finally {
        active--;
        pump();
      }
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      for (const waiter of [...queue]) {
        const left = tooLong(waiter.ticket);
        if (left === undefined) continue;
        queue.splice(queue.indexOf(waiter), 1);
        untold.delete(waiter);
        waiter.fail(new PausedTooLong(left));
      }
      pump();
    },
  };
}

// Keyed by clock as well, so that a test with its own time never waits for another test's requests.
const shared = new WeakMap<Clock, Map<string, Limiter>>();

/** The process-wide limiter of an API key. Only a hash of the key is kept. */
export function sharedLimiter(apiKey: string, clock: Clock = systemClock): Limiter {
  const name = createHash("sha256").update(apiKey).digest("hex");
  let limiters = shared.get(clock);
  if (!limiters) shared.set(clock, (limiters = new Map()));
  let limiter = limiters.get(name);
  if (!limiter) limiters.set(name, (limiter = createLimiter({ clock })));
  return limiter;
}

/** The process stays below PostHog's limits (API §6.4), in order, and leaves nothing running. */
import { describe, expect, it } from "vitest";
import { createLimiter, type Clock, PausedTooLong, sharedLimiter, type Wait } from "../../api";
import { clientOf, fastClock, FLOW, serve } from "./helpers";

describe("windows", () => {
  it("keeps a sliding minute and hour with 5 % to spare, first come first served", async () => {
    const clock = fastClock();
    const limiter = createLimiter({ clock });
    const started: Array<{ index: number; at: number }> = [];
    const begin = clock.time;
    await Promise.all(
      Array.from({ length: 5000 }, (_, index) =>
        limiter.run(async () => void started.push({ index, at: clock.time - begin })),
      ),
    );
    expect(started.map(({ index }) => index)).toEqual(Array.from({ length: 5000 }, (_, index) => index));
    const busiest = (ms: number) =>
      Math.max(...started.map(({ at }) => started.filter((other) => other.at >= at && other.at < at + ms).length));
    expect(busiest(60_000)).toBe(456);
    expect(busiest(3_600_000)).toBe(4560);
  });

  it("slides: a slot is free when its own start is a window old", async () => {
    const clock = fastClock();
    const limiter = createLimiter({ clock, windows: [{ ms: 100, max: 2 }], share: 1 });
    const at: number[] = [];
    const begin = clock.time;
    await limiter.run(async () => void at.push(clock.time - begin));
    clock.time += 60;
    await Promise.all([1, 2, 3].map(() => limiter.run(async () => void at.push(clock.time - begin))));
    expect(at).toEqual([0, 60, 100, 160]);
  });

  it("tells a caller once that it has to wait, and for which limit", async () => {
    const clock = fastClock();
    const limit = { ms: 100, max: 1 };
    const limiter = createLimiter({ clock, windows: [limit, { ms: 50, max: 1 }] });
    const waits: Wait[] = [];
    await Promise.all([1, 2].map(() => limiter.run(async () => undefined, { onWait: (wait) => waits.push(wait) })));
    expect(waits).toEqual([{ ms: 100, limit }]);
  });

  it("tells everybody who waits again after each minute, and is in time all the same", async () => {
    const clock = fastClock();
    const limit = { ms: 200_000, max: 1 };
    const limiter = createLimiter({ clock, windows: [limit], share: 1 });
    const begin = clock.time;
    const waits: string[] = [];
    await limiter.run(async () => undefined);
    const waiting = ["a", "b"].map((who) =>
      limiter.run(async () => clock.time - begin, { onWait: ({ ms }) => waits.push(`${who} ${ms}`) }),
    );
    expect(await Promise.all(waiting)).toEqual([200_000, 400_000]);
    const told = (who: string) => waits.filter((text) => text.startsWith(who)).map((text) => Number(text.slice(2)));
    expect(told("a")).toEqual([200_000, 140_000, 80_000, 20_000]);
    expect(told("b")).toEqual([200_000, 140_000, 80_000, 20_000, 140_000, 80_000, 20_000]);
  });
});

describe("concurrency", () => {
  it("is 8 by default, also through the client", async () => {
    let now = 0;
    let most = 0;
    const server = await serve(() => ({
      raw: (response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(FLOW));
        }, 50);
      },
    }));
    const { client } = clientOf(server);
    await Promise.all(Array.from({ length: 40 }, () => client.getFlow("f")));
    expect(most).toBe(8);
  });

  it("frees the slot of a task that fails", async () => {
    const limiter = createLimiter({ clock: fastClock(), maxConcurrency: 1 });
    await expect(limiter.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await limiter.run(async () => 1)).toBe(1);
  });
});

describe("pause", () => {
  it("holds everybody back, and a shorter one does not cut it", async () => {
    const clock = fastClock();
    const limiter = createLimiter({ clock });
    const begin = clock.time;
    limiter.pause(5000);
    limiter.pause(10);
    const waits: Wait[] = [];
    await limiter.run(async () => expect(clock.time - begin).toBe(5000), { onWait: (wait) => waits.push(wait) });
    // The server's wish, and no limit that is known here.
    expect(waits).toEqual([{ ms: 5000 }]);
  });

  it("refuses those who are less patient, waiting or new", async () => {
    const stopped: Clock = { ...fastClock(), sleep: () => new Promise(() => undefined) };
    const limiter = createLimiter({ clock: stopped });
    limiter.pause(100);
    const waiting = limiter.run(async () => 1, { maxPauseMs: 1000 });
    limiter.pause(5000);
    await expect(waiting).rejects.toThrow(PausedTooLong);
    await expect(limiter.run(async () => 1, { maxPauseMs: 1000 })).rejects.toThrow(PausedTooLong);
  });
});

describe("tidiness", () => {
  it("lets a caller leave the queue, without disturbing the others, and without a timer left", async () => {
    const clock = fastClock();
    const timers = new Set<object>();
    const sleeping: Clock = {
      ...clock,
      sleep: (ms, signal) => {
        const timer = {};
        timers.add(timer);
        const done = () => timers.delete(timer);
        signal?.addEventListener("abort", done);
        return clock.sleep(ms, signal).finally(done);
      },
    };
    const limiter = createLimiter({ clock: sleeping, windows: [{ ms: 1000, max: 1 }] });
    const stop = new AbortController();
    await limiter.run(async () => undefined);
    const leaver = limiter.run(async () => "ran", { signal: stop.signal });
    const stayer = limiter.run(async () => "ran");
    stop.abort(new Error("left"));
    await expect(leaver).rejects.toThrow("left");
    expect(await stayer).toBe("ran");
    expect(timers.size).toBe(0);

    const again = new AbortController();
    const only = limiter.run(async () => "ran", { signal: again.signal });
    expect(timers.size).toBe(1);
    again.abort(new Error("left"));
    await expect(only).rejects.toThrow("left");
    expect(timers.size).toBe(0);
  });

  it("starts what need not wait once waiting has ended, and nothing else", async () => {
    const limiter = createLimiter({ windows: [{ ms: 60_000, max: 2 }], share: 1 });
    const end = new AbortController();
    await limiter.run(async () => undefined);
    const started = limiter.run(() => new Promise((resolve) => setImmediate(resolve, "finished")), {
      waiting: end.signal,
    });
    const waits = limiter.run(async () => "ran", { waiting: end.signal });
    end.abort(new Error("no more waiting"));
    await expect(waits).rejects.toThrow("no more waiting");
    expect(await started).toBe("finished");
    await expect(limiter.run(async () => "ran", { waiting: end.signal })).rejects.toThrow("no more waiting");
    const free = createLimiter({ windows: [{ ms: 60_000, max: 2 }], share: 1 });
    expect(await free.run(async () => "ran", { waiting: end.signal })).toBe("ran");
  });

  it("is one per key in a process", () => {
    expect(sharedLimiter("phx_a")).toBe(sharedLimiter("phx_a"));
    expect(sharedLimiter("phx_a")).not.toBe(sharedLimiter("phx_b"));
  });
});

// Preloaded into the provider process of the `limits` figure: its clock is a file that the emulator reads, too, and waiting moves it on at once. The
// provider itself has no lever for tests.
const { readFileSync, writeFileSync } = require("node:fs");
const { systemClock } = require("../../dist/api/clock.js");

const file = process.env.HOGFLOW_BENCH_CLOCK;
/** For the requests under way to arrive at their own time. */
const SETTLE_MS = 20;

let now = Number(readFileSync(file, "utf8"));

systemClock.now = () => now;
systemClock.random = () => 0.5;
systemClock.sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const until = now + ms;
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      if (until > now) {
        now = until;
        writeFileSync(file, String(now));
      }
      resolve();
    }, SETTLE_MS);
    signal?.addEventListener("abort", stop, { once: true });
  });

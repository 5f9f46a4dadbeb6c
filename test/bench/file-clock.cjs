// A clock that is a file: whoever else reads the file has the same time, and waiting moves it on at once.
const { readFileSync, writeFileSync } = require("node:fs");

/** For the requests under way to arrive at their own time. */
const SETTLE_MS = 20;

/** Makes the clock one that is kept in this file: milliseconds since the epoch. */
exports.keptIn = (clock, file) => {
  let now = Number(readFileSync(file, "utf8"));
  clock.now = () => now;
  clock.random = () => 0.5;
  clock.sleep = (ms, signal) =>
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
};

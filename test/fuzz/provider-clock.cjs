// Runs inside the provider process of a fuzz run: gives it a clock of its own, on which waiting takes no time. Loaded by the text of the stubs
// (test/support/provider-runs.ts), so the provider itself has no lever for tests.
const { systemClock } = require("../../dist/provider/api/clock.js");

let now = 0;
let run = -1;

systemClock.now = () => now;
systemClock.random = () => 0.5;
systemClock.sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearImmediate(later);
      reject(signal.reason);
    };
    const later = setImmediate(() => {
      signal?.removeEventListener("abort", stop);
      now += ms;
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });

/** Each run begins at its own time; both stubs of a run say so. */
exports.begin = (number, ms) => {
  if (number !== run) now = ms;
  run = number;
};

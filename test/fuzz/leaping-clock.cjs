// A clock of a test's own, on which waiting takes no time: for the clock of a provider that runs in a fuzz run.

/** Makes this one of it; `set` says what time it is. */
exports.leaping = (clock) => {
  let now = 0;
  clock.now = () => now;
  clock.random = () => 0.5;
  clock.sleep = (ms, signal) =>
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
  return { set: (ms) => void (now = ms) };
};

// Cleaning up when the user presses Ctrl-C, or CI sends SIGTERM: one set of signal handlers for
// every part of a script that holds a lock, a temporary folder or a child process.

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
const cleanups = new Set();

/**
 * Registers a synchronous clean-up. It runs on a signal (after which the process exits with
 * 128 + signal) and when the process exits otherwise; the returned function takes it back.
 */
export function onInterrupt(cleanup) {
  if (cleanups.size === 0) listen();
  cleanups.add(cleanup);
  return () => {
    if (cleanups.delete(cleanup) && cleanups.size === 0) unlisten();
  };
}

function listen() {
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal);
  process.on("exit", runAll);
}

function unlisten() {
  for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
  process.off("exit", runAll);
}

function onSignal(signal) {
  runAll();
  process.exit(128 + SIGNALS[signal]);
}

function runAll() {
  // Last registered, first cleaned: a child ends before its folder goes.
  for (const cleanup of [...cleanups].reverse()) {
    cleanups.delete(cleanup);
    try {
      cleanup();
    } catch {
      // The others must still run, and nobody is left to hear of this.
    }
  }
}

// Runs inside the provider process of a fuzz run: gives it a clock of its own, on which waiting takes no time, and every run a provider that knows
// nothing of the ones before, as a process of its own would. Loaded by the text of the stubs (test/support/provider-runs.ts), so the provider itself has
// no lever for tests. For the plugin, test/support/plugin-on-clock.ts does the same.
const { systemClock } = require("../../dist/api/clock.js");
const running = require("../../dist/provider/ownership/running-stack.js");
const { leaping } = require("./leaping-clock.cjs");

const clock = leaping(systemClock);
let run = -1;

const PROVIDER = require.resolve("../../dist/provider/dynamic.js");

/** Each run begins at its own time, as a run of its own stack; both stubs of a run say so. */
exports.begin = (number, ms, project, stack) => {
  if (number === run) return;
  run = number;
  clock.set(ms);
  Object.assign(process.env, { PULUMI_NODEJS_PROJECT: project, PULUMI_NODEJS_STACK: stack });
  // As on the command line of the pulumi that would have started it.
  running.runningStack = () => ({ project, stack });
  process.removeAllListeners("SIGINT");
  delete require.cache[PROVIDER];
};

/** The engine asks the provider to leave. It says what it has to say, and stays for the next run. */
exports.end = () => {
  process.exit = () => undefined;
  process.emit("SIGINT");
};

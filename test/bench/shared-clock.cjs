// Preloaded into the provider process of the `limits` figure: its clock is a file that the emulator reads, too, and waiting moves it on at once. The
// provider itself has no lever for tests.
const { systemClock } = require("../../dist/api/clock.js");
require("./file-clock.cjs").keptIn(systemClock, process.env.HOGFLOW_BENCH_CLOCK);

// `npm run demo`: the provider's main job, told in acts, on the real Pulumi engine and against a local
// emulator of PostHog's API. Needs no account, changes nothing in the repository, leaves nothing behind.
import { onInterrupt } from "./engine/interrupt.mjs";
import { HELP, parseArguments } from "./demo/arguments.mjs";
import { setUp } from "./setup.mjs";

const USAGE_ERROR = 2;
const SIGNAL_MS = 50;

// Before anything takes time: whatever runs is then ended with exit code 130, and cleaned up by who made it.
const announce = () => console.error("\nInterrupted: ending what runs and removing what was made.");
process.on("SIGINT", announce);
onInterrupt(() => {});
// `npm run demo | head` closes the pipe; the exit cleans up.
process.stdout.on("error", () => process.exit(1));

let options;
try {
  options = parseArguments(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exit(USAGE_ERROR);
}

if (options.help) {
  console.log(HELP);
  process.exit(0);
}

try {
  const started = Date.now();
  await setUp();
  // Not at the top: it needs the build.
  const { runDemo, runLanguagesDemo } = await import("./demo/demo.mjs");
  const ok = options.languages
    ? await runLanguagesDemo({ started })
    : await runDemo({ keep: options.keep, show: options.show, started });
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  // An interrupt that also ended a child of ours is about to be told to us, and is then what happened.
  await new Promise((resolve) => setTimeout(resolve, SIGNAL_MS));
  console.error(error.message);
  process.exit(1);
}

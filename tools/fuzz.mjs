// `npm run fuzz`: random life-cycles through the real provider process, against an emulator. test/fuzz says how; this sets up and cleans up.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import path from "node:path";
import { onInterrupt } from "./engine/interrupt.mjs";
import { REPOSITORY, setUp } from "./setup.mjs";

const USAGE_ERROR = 2;
const HELP = `npm run fuzz -- [options]

Lives random life-cycles of stacks: programs that change, ups, refreshes and destroys through the real provider process, edits in
PostHog's editor meanwhile, requests that fail, providers that are killed. Checks after every step that nothing is orphaned,
doubled, overwritten unseen, noisy or leaked.

  --seed S       a whole number; everything follows from it (default 1)
  --cycles N     how many commands (default 1000)
  --replay "…"   lives one printed life again, and tells what happens
  --transport T  dynamic or plugin: what serves the resources (default dynamic)
  --lanes L      processes side by side (default: one for each core, at most 4)
  --help`;

const TRANSPORTS = ["dynamic", "plugin"];
const WHOLE = /^\d+$/;
let args;
try {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      cycles: { type: "string" },
      replay: { type: "string" },
      lanes: { type: "string" },
      transport: { type: "string" },
      help: { type: "boolean" },
    },
  });
  for (const name of ["seed", "cycles", "lanes"])
    if (values[name] !== undefined && !WHOLE.test(values[name]))
      throw new Error(`--${name} takes a whole number, not "${values[name]}".`);
  if (values.transport !== undefined && !TRANSPORTS.includes(values.transport))
    throw new Error(`--transport takes ${TRANSPORTS.join(" or ")}, not "${values.transport}".`);
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  args = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(USAGE_ERROR);
}

try {
  await setUp();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// The lanes leave when this one does, and end their providers.
const child = spawn(process.execPath, ["--import", "tsx", path.join(REPOSITORY, "test/fuzz/main.ts"), ...args], {
  cwd: REPOSITORY,
  stdio: "inherit",
});
const forget = onInterrupt(() => child.kill("SIGKILL"));
child.on("close", (code) => {
  forget();
  process.exitCode = code ?? 1;
});

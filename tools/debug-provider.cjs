// Opens a debugger in the provider process, and in no other that Pulumi starts:
//   NODE_OPTIONS=--require=/path/to/tools/debug-provider.cjs pulumi up
// The provider waits until a debugger attaches to port 9230, or HOGFLOW_DEBUG_PORT. CONTRIBUTING.md says more.
"use strict";

const DEFAULT_PORT = 9230;

// Pulumi's own script, or the one that the engine of this repository has.
if (/[\\/]dynamic-provider([\\/]|\.cjs$|$)/.test(process.argv[1] ?? "")) {
  const inspector = require("node:inspector");
  // On this machine only. Already open: Node was started with --inspect.
  if (inspector.url() === undefined)
    inspector.open(Number(process.env.HOGFLOW_DEBUG_PORT ?? DEFAULT_PORT), "127.0.0.1");
  inspector.waitForDebugger();
}

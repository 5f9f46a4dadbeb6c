// Runs the policy pack in the current folder with the @pulumi/pulumi that it has installed, as Pulumi's language host for Node does: in this process, with the
// address of the engine and the folder as arguments.
"use strict";

let runner;
try {
  runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [process.cwd()] });
} catch {
  console.error(`@pulumi/pulumi is not installed for the policy pack in ${process.cwd()}: run npm install there.`);
  process.exit(1);
}
require(runner);

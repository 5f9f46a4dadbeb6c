// Runs the dynamic provider of the @pulumi/pulumi that the current folder has installed, in this
// process, with the arguments given, and ends it when the engine that started it is gone.
"use strict";

const PARENT_CHECK_MS = 500;
// A request that is under way when the engine dies may still be answered.
const GRACE_MS = 2000;

const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  setTimeout(() => process.exit(1), GRACE_MS);
}, PARENT_CHECK_MS);
watch.unref();

let provider;
try {
  provider = require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] });
} catch {
  console.error(`@pulumi/pulumi is not installed for the program in ${process.cwd()}: run npm install there.`);
  process.exit(1);
}
require(provider);

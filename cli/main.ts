#!/usr/bin/env node
// The `hogflow` process: its streams, its signals and its exit code.
import { COMMANDS, GROUPS } from "./commands";
import { FAILED } from "./exit-codes";
import { runProgram } from "./program";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // The second one ends the process at once, as Node does without a listener.
  process.once(signal, () => interrupt.abort(new Error("interrupted")));
}

// A reader that has seen enough (`hogflow logs … | head`) closes the pipe: no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

const { stdin, stdout, stderr, env } = process;
runProgram(process.argv.slice(2), {
  streams: { stdin, stdout, stderr, env },
  commands: COMMANDS,
  groups: GROUPS,
  signal: interrupt.signal,
}).then(
  (code) => void (process.exitCode = code),
  (error: unknown) => {
    stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = FAILED;
  },
);

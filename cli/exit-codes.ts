// What the exit code of `hogflow` means: one table, for the commands and for their documentation.

export type ExitCode = keyof typeof EXIT_CODES;

export const EXIT_CODES = {
  0: "done, and nothing to report",
  1: "failed: the message says what, why and how to fix it",
  2: "done, and there is something to see to: findings, drift, a failed check or run",
  3: "wrong usage: an unknown option, a missing argument, a value that cannot be used",
  130: "interrupted",
} as const satisfies Record<number, string>;

export const DONE: ExitCode = 0;
export const FAILED: ExitCode = 1;
export const FOUND: ExitCode = 2;
export const USAGE: ExitCode = 3;
export const INTERRUPTED: ExitCode = 130;

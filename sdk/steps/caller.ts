// Where in the program a function was called: file and line of the source, below the project's folder. Read from the stack's text, which Pulumi's own
// loader (ts-node), tsx and Node's source maps all give in lines of the source.
import path from "node:path";
import { fileURLToPath } from "node:url";

const FRAME = /\(?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):\d+\)?$/;

/** Where `callee` was called, such as `flows/onboarding.ts:23`; undefined where the stack does not say. */
export function callerOf(callee: Function): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callee);
  // The text is made when it is read, with the limit of the moment of capture.
  Error.stackTraceLimit = limit;
  const line = typeof holder.stack === "string" ? holder.stack.split("\n").find((text) => /^\s+at /.test(text)) : undefined;
  const frame = line === undefined ? null : FRAME.exec(line.trim().replace(/^at (?:async )?/, "").replace(/^.*? \((.*)\)$/, "$1"));
  if (!frame) return undefined;
  const file = frame[1]!.startsWith("file:") ? fileURLToPath(frame[1]!) : frame[1]!;
  return `${belowProject(file)}:${frame[2]!}`;
}

/** Relative to the project, in the same spelling on all systems. */
function belowProject(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return (relative.startsWith("..") || path.isAbsolute(relative) ? file : relative).split(path.sep).join("/");
}

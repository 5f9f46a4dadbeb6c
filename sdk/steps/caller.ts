// Where in the program a function was called: file and line of the source, below the project's folder. What runs is not what was written: tsx hands its
// maps to Node, and Pulumi's own loader puts its maps into the text of stacks. Under the engine both are there, and only one knows the file. Where none
// does (ts-node for ES modules), a line is told only when the source has the call there: a wrong line is worse than none.
import { readFileSync } from "node:fs";
import { findSourceMap } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

interface Position {
  file: string;
  line: number | undefined;
}

const FRAME = /((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):\d+\)?$/;

/** Where `callee` was called, such as `flows/onboarding.ts:23`; undefined where the stack does not say. */
export function callerOf(callee: (...args: never[]) => unknown): string | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let found: Position | undefined;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (error, sites) => {
      const site = sites[0];
      if (site !== undefined)
        found =
          mappedByNode(site) ?? mappedInText(prepareStackTrace, error, sites) ?? asWritten(asItRuns(site), callee.name);
      return "";
    };
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, callee);
    // The handler runs when the text is read.
    void holder.stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    // A name that was not there is not left there: Node takes it for a handler.
    if (prepareStackTrace === undefined) delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
    else Error.prepareStackTrace = prepareStackTrace;
  }
  if (found === undefined) return undefined;
  return found.line === undefined ? belowProject(found.file) : `${belowProject(found.file)}:${found.line}`;
}

function asItRuns(site: NodeJS.CallSite): { file: string; line: number } | undefined {
  const [file, line] = [site.getFileName(), site.getLineNumber()];
  return typeof file === "string" && line !== null ? { file, line } : undefined;
}

function mappedByNode(site: NodeJS.CallSite): Position | undefined {
  const here = asItRuns(site);
  const map = here && findSourceMap(here.file);
  if (!map) return undefined;
  const entry = map.findEntry(here.line - 1, (site.getColumnNumber() ?? 1) - 1);
  return "originalLine" in entry ? { file: entry.originalSource, line: entry.originalLine + 1 } : undefined;
}

function mappedInText(
  prepare: typeof Error.prepareStackTrace,
  error: Error,
  sites: NodeJS.CallSite[],
): Position | undefined {
  const text: unknown = prepare?.(error, sites);
  const frame =
    typeof text === "string"
      ? FRAME.exec(
          text
            .trim()
            .split("\n")
            .at(-1)!
            .trim()
            .replace(/^.*?\bat (?:.*? \()?/, ""),
        )
      : null;
  const here = sites[0] && asItRuns(sites[0]);
  // A handler without a map for the file gives it back as it runs.
  return frame && Number(frame[2]) !== here?.line ? { file: frame[1]!, line: Number(frame[2]) } : undefined;
}

const sources = new Map<string, readonly string[]>();

/** The position without its line, unless the call is there in the source. */
function asWritten(here: { file: string; line: number } | undefined, callee: string): Position | undefined {
  if (here === undefined || !/\.[cm]?tsx?$/.test(here.file)) return here;
  let lines = sources.get(here.file);
  if (lines === undefined) {
    try {
      lines = readFileSync(plainPath(here.file), "utf8").split("\n");
    } catch {
      lines = [];
    }
    sources.set(here.file, lines);
  }
  return { file: here.file, line: lines[here.line - 1]?.includes(`${callee}(`) === true ? here.line : undefined };
}

const plainPath = (name: string): string => (name.startsWith("file:") ? fileURLToPath(name) : name);

/** Relative to the project, in the same spelling on all systems. */
function belowProject(name: string): string {
  const file = plainPath(name);
  const relative = path.relative(process.cwd(), file);
  return (path.isAbsolute(relative) ? file : relative).split(path.sep).join("/");
}

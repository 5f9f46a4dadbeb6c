// What PostHog's worker answered about one step, as data. What it would send, and until when it would wait, are in log lines alone: their forms are here, and nowhere else.
import type { WireInvocationResult } from "../../api";

/** A call that the worker mocked. */
export interface MockedCall {
  /** `fetch`, `sendEmail`, `sendPushNotification` … */
  name: string;
  /** Absent where the log line cannot be read. */
  args?: unknown[];
  /** The log line was cut. */
  isCut?: true;
}

/** One step, as the worker did it. */
export interface WorkerStory {
  status: string;
  /** The step that follows; the step itself where it waits, and at an exit. */
  next: string | undefined;
  /** Unix milliseconds. */
  pausesUntil?: number;
  error?: string;
  calls: MockedCall[];
  /** The step's own filters kept it from doing anything. */
  isFiltered: boolean;
  /** Of a wait: whether the event was held against what it waits for. */
  isMatchedAgainst: boolean;
  /** Other log lines, for people. */
  lines: string[];
}

const MOCKED = /^Async function '([\w$]+)' was mocked with arguments:$/;
const CUT = "... (truncated)";
const PAUSE = /^Workflow will pause until (\S+)$/;
const FILTERED = /^(?:\[Action:[^\]]*\] )?Skipped due to filter conditions$/;
const MATCHED = /^Test event '.*' (?:matched|did not match) the wait conditions/s;
/** Said of every step. */
const ROUTINE = /^(?:Executing action|Workflow moved to action|Stored action result) /;

export function readWorkerAnswer({ status, nextActionId, errors = [], logs = [] }: WireInvocationResult): WorkerStory {
  const story: WorkerStory = {
    status: String(status),
    next: nextActionId ?? undefined,
    calls: [],
    isFiltered: false,
    isMatchedAgainst: false,
    lines: [],
  };
  const [error] = errors;
  if (error !== undefined) story.error = typeof error === "string" ? error : JSON.stringify(error);
  const messages = logs.flatMap(({ message }) => (typeof message === "string" ? [message] : []));
  let mocked: string | undefined;
  for (const message of messages) {
    if (mocked !== undefined && message.startsWith(`${mocked}(`)) {
      story.calls.push(readCall(mocked, message));
      mocked = undefined;
      continue;
    }
    mocked = MOCKED.exec(message)?.[1];
    if (mocked !== undefined) continue;
    const until = PAUSE.exec(message)?.[1];
    if (until !== undefined && !Number.isNaN(Date.parse(until))) story.pausesUntil = Date.parse(until);
    else if (FILTERED.test(message)) story.isFiltered = true;
    else if (MATCHED.test(message)) story.isMatchedAgainst = true;
    else if (!ROUTINE.test(message)) story.lines.push(message);
  }
  return story;
}

/** `fetch('https://example.com', {…})` and `sendEmail({…})`: a text in single quotes, as it is, and JSON. */
function readCall(name: string, text: string): MockedCall {
  if (text.endsWith(CUT)) return { name, isCut: true };
  if (!text.endsWith(")")) return { name };
  const inner = text.slice(name.length + 1, -1);
  const json = (part: string): unknown[] | undefined => {
    if (part === "undefined" || part === "") return [];
    try {
      return [JSON.parse(part) as unknown];
    } catch {
      return undefined;
    }
  };
  if (!inner.startsWith("'")) {
    const args = json(inner);
    return { name, ...(args === undefined ? {} : { args }) };
  }
  // The text may hold quotes, too: the first end after which there is JSON counts.
  for (let end = inner.indexOf("', "); end !== -1; end = inner.indexOf("', ", end + 1)) {
    const rest = json(inner.slice(end + 3));
    if (rest !== undefined) return { name, args: [inner.slice(1, end), ...rest] };
  }
  return { name };
}

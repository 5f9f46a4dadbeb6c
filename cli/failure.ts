// What is said when a command fails: never a JavaScript stack for what a user can fix, and never a key.
import { PostHogApiError } from "../api";
import { errorText } from "../provider/errors";
import { OperateError } from "../operate/errors";

export interface Failure {
  message: string;
  /** PostHog's code or the client's, where there is one. */
  code?: string;
  /** HTTP status, where there was an answer. */
  status?: number;
  what?: string;
  why?: string;
  fix?: string;
}

/** The command was called in a way that cannot be carried out. */
export class Misuse extends OperateError {}

/** Error codes of the file system, in words. */
const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "cannot be accessed: permission denied",
  EISDIR: "is a folder",
  ENOTDIR: "is inside something that is not a folder",
  EEXIST: "already exists",
  ENOSPC: "cannot be written: the disk is full",
  EROFS: "cannot be written: the disk is read-only",
};

/** The failure in words. A fault of this tool is named as one; HOGFLOW_DEBUG=1 shows its stack. */
export function failureOf(error: unknown, env: Readonly<Record<string, string | undefined>>): Failure {
  if (error instanceof PostHogApiError) return { message: errorText(error), code: error.code, status: error.status };
  if (error instanceof OperateError)
    return { message: error.message, what: error.what, why: error.why, fix: error.fix };
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, path } = error as NodeJS.ErrnoException;
  const problem = FILE_PROBLEMS[code ?? ""];
  if (problem && path) return { message: `${path} ${problem}.`, code };
  // Errors for users come without a stack.
  if (!error.stack) return { message: error.message };
  const stack = env["HOGFLOW_DEBUG"] ? `\n${error.stack}` : " (HOGFLOW_DEBUG=1 shows the stack)";
  return { message: `This is a bug in hogflow: ${error.message}${stack}` };
}

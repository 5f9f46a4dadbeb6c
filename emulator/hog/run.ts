/** Runs bytecode on PostHog's virtual machine, with the emulator's clock and with regular expressions as RE2 reads them. */
import * as crypto from "node:crypto";
import { convertHogToJS, exec, type ExecResult } from "@posthog/hogvm";
import { RE2JS } from "re2js";
import type { JsonObject } from "../json";
import type { Code } from "./emit";

export interface Surroundings {
  globals: JsonObject;
  /** Milliseconds since the epoch. */
  now: number;
  functions?: Record<string, (...args: any[]) => unknown>;
  timeoutMs?: number;
}

const TIMEOUT_MS = 100;

export function runCode(code: Code, { globals, now, functions = {}, timeoutMs = TIMEOUT_MS }: Surroundings): unknown {
  const utc = new Date(now);
  const result: ExecResult = exec(code, {
    globals,
    timeout: timeoutMs,
    maxAsyncSteps: 0,
    functions: {
      now: (zone?: unknown) => ({
        __hogDateTime__: true,
        dt: now / 1000,
        zone: typeof zone === "string" && zone !== "" ? zone : "UTC",
      }),
      today: () => ({
        __hogDate__: true,
        year: utc.getUTCFullYear(),
        month: utc.getUTCMonth() + 1,
        day: utc.getUTCDate(),
      }),
      print: () => null,
      ...functions,
    },
    external: { regex: { match, extract }, crypto },
  });
  if (result.error) throw result.error instanceof Error ? result.error : new Error(String(result.error));
  if (!result.finished) throw new Error("the program did not finish");
  return convertHogToJS(result.result) as unknown;
}

const match = (pattern: string, text: string): boolean => RE2JS.compile(pattern).matcher(text).find();

/** The first group, or all that matched when there is none. */
function extract(pattern: string, text: string): string {
  const matcher = RE2JS.compile(pattern).matcher(text);
  if (!matcher.find()) return "";
  return matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? "";
}

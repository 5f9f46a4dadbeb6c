// What `hogflow doctor` reports: one check, its verdict, and how to fix what is wrong.
import type { LeftBehind } from "./left-behind/find";

/** What is checked. */
export type CheckName =
  | "node"
  | "engine"
  | "program"
  | "packages"
  | "typescript"
  | "tsconfig"
  | "host"
  | "clock"
  | "key"
  | "project"
  | "hog_flow:read"
  | "hog_flow:write"
  | "person:read"
  | "group:read"
  | "marker"
  | "left-behind";

/** `skipped`: another check failed that this one depends on, or there is nothing to check. */
export type Verdict = "ok" | "warning" | "failed" | "skipped";

/** What one check found. */
export interface Check {
  name: CheckName;
  verdict: Verdict;
  /** What was found, without any secret. */
  what: string;
  fix?: string;
  /** Of `left-behind`: what was found. */
  found?: LeftBehind[];
}

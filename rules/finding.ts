// What is wrong with a definition, in the one shape that preview, tests and programs get it in.

export type Severity = "error" | "warning";

/**
 * One thing that is wrong, or that runs otherwise than it reads. `pulumi preview` prints it, and `validate` returns it.
 *
 * @example
 * ```ts
 * const found: Finding = {
 *   rule: "wait-clamped", severity: "warning", path: "actions.pause.config.delayDuration",
 *   what: "90m lasts only 60m", why: "PostHog cuts a wait at 60s, 60m, 24h or 30d, without carry", fix: "Use a larger unit, or two waits",
 * };
 * ```
 */
export interface Finding {
  /** Name of the rule: `hogflow rules` lists them, and `acknowledge` takes the names of warnings. */
  rule: string;
  /** An error stops `up`; a warning is shown and may be acknowledged. */
  severity: Severity;
  /** Where, in the keyed form and in Pulumi's path syntax, such as `actions.welcome.config.inputs.email.value.subject`. Empty for the whole. */
  path: string;
  /** Files and lines of the program, the nearest first, where they are known. */
  locations?: string[];
  /** What is wrong. */
  what: string;
  /** The rule behind it, and what it would do. */
  why?: string;
  /** What to do. */
  fix?: string;
}

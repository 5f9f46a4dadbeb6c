// A rule as data: what it demands, why, who says so, an example that breaks it and one that keeps it, and how it is found.
import type { Path } from "../definition/canonical/paths";
import type { Dict } from "../definition/canonical/values";
import type { Severity } from "./finding";
import type { FlowView } from "../definition/graph/view";

/** What a rule finds. What it leaves out is the rule's own. */
export interface RuleFinding {
  path: Path;
  what: string;
  why?: string;
  fix?: string;
  /** The known name, or names, nearest to a misspelt one, as code. */
  suggestion?: string;
  /** Line inside the text at this path. */
  line?: number;
  /** Where it is another one than its rule's. */
  severity?: Severity;
  /** What was said of the form of what is here or below is part of this mistake. */
  covers?: Path;
}

/** Inputs of a resource, and what it was before, where a rule compares. */
export interface Example {
  flow?: Dict;
  schedule?: Dict;
  before?: Dict;
}

/**
 * Who enforces the rule. `server`: PostHog refuses the definition, always. `run-time`: PostHog takes it, and runs fail or do something
 * else than it reads. `meaning`: PostHog takes it, or never sees it, and it cannot be what was meant.
 */
type RefusedBy = "server" | "run-time" | "meaning";

export interface Rule {
  severity: Severity;
  refusedBy: RefusedBy;
  /** What the rule demands, in one sentence. */
  text: string;
  /** What happens otherwise; part of every finding that gives no other reason. */
  why: string;
  /** Sections of the references. */
  cites: string;
  /** An example that breaks this rule and no other. */
  fails: Example;
  /** The same without the mistake. */
  passes: Example;
  /** How it is found. Left out where it is seen on the way: shapes in validate-shape.ts, settings in the provider's checks. */
  find?: (flow: FlowView) => Iterable<RuleFinding>;
}

/** Rows of one topic. The names stay known to the compiler. */
export const rulesOf = <const Name extends string>(rows: Record<Name, Rule>): Record<Name, Rule> => rows;

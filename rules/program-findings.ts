// Findings of the SDK, made while it put the inputs together. They travel with the inputs, in `findings`, and are reported together with all others.
import type { Path } from "../definition/canonical/paths";
import { isRuleName } from ".";
import type { Findings } from "./findings";

/** A finding of the SDK. */
export interface ProgramFinding {
  /** The rule that is broken, where there is one with a name. */
  rule?: string;
  path: Path;
  what: string;
  why?: string;
  fix?: string;
  /** The known name nearest to a misspelt one, as code. */
  suggestion?: string;
}

/** Reports what the input `findings` holds. */
export function takeProgramFindings(list: unknown, findings: Findings): void {
  if (!Array.isArray(list)) return;
  for (const { path = [], what = "is not valid", why, fix, suggestion, rule } of list as Partial<ProgramFinding>[]) {
    findings.report(isRuleName(rule) ? rule : "program", path, what, {
      why: why ?? "",
      ...(fix ? { fix } : {}),
      ...(suggestion ? { suggestion } : {}),
    });
  }
}

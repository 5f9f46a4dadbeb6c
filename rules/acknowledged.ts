// Warnings that the program acknowledges: `acknowledge: ["loop", "wait-clamped@actions.pause"]`. They are not told any more; what silences nothing is.
import { nearest } from "../definition/schema/names";
import { formatPath, parsePath } from "../definition/canonical/paths";
import { isUnknown } from "../definition/canonical/values";
import { isRuleName, ruleNames, ruleOf } from ".";
import type { Findings } from "./findings";

/** Rules of earlier versions that said what is not so: an acknowledgement of one of their warnings is still accepted. */
const RETIRED: ReadonlySet<string> = new Set(["filter-reads-old-variable"]);

/** Rules that compare with other flows: of two that are alike, one has the warning, and the other may acknowledge it. */
const SEEN_ELSEWHERE: ReadonlySet<string> = new Set(["twin", "renamed"]);

export function acknowledge(
  entries: unknown,
  findings: Findings,
  { isPartlyUnknown }: { isPartlyUnknown: boolean },
): void {
  if (entries === undefined || entries === null || isUnknown(entries)) return;
  if (!Array.isArray(entries)) {
    findings.report("acknowledge-unknown", ["acknowledge"], "expected a list of rule names");
    return;
  }
  for (const [i, entry] of entries.entries()) {
    const path = ["acknowledge", i];
    if (isUnknown(entry)) continue;
    const [rule = "", text] = typeof entry === "string" ? splitAt(entry) : [];
    const under = text === undefined ? [] : parsePath(text);
    if (RETIRED.has(rule))
      findings.report("acknowledge-idle", path, `the rule "${rule}" is gone`, { fix: "Remove it" });
    else if (!isRuleName(rule)) {
      const near = nearest(
        rule,
        ruleNames.filter((name) => isRuleName(name) && ruleOf(name).severity === "warning"),
      );
      findings.report(
        "acknowledge-unknown",
        path,
        `there is no rule "${rule}"`,
        near ? { suggestion: `"${near}"` } : { fix: "Copy the name from the brackets at the end of the warning" },
      );
    } else if (under === undefined)
      findings.report("acknowledge-unknown", path, `"${String(text)}" is not a path`, {
        fix: "Write it as in loop@actions.welcome",
      });
    else if (ruleOf(rule).severity === "error")
      findings.report("acknowledge-error", path, `"${rule}" is an error and cannot be acknowledged`, { fix: "Fix it" });
    // While values are unknown, what it silences may still come.
    else if (!findings.silence(rule, under) && !isPartlyUnknown && !SEEN_ELSEWHERE.has(rule))
      findings.report(
        "acknowledge-idle",
        path,
        `there is no warning "${rule}"${under.length > 0 ? ` at ${formatPath(under)}` : ""}`,
        { fix: "Remove it" },
      );
  }
}

function splitAt(entry: string): [string, string?] {
  const at = entry.indexOf("@");
  return at < 0 ? [entry] : [entry.slice(0, at), entry.slice(at + 1)];
}

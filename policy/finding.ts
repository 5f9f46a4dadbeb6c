// What a policy finds, and the message that it becomes. Text is made here, last, and never shows a secret (design L13).
import { formatPath, type Path } from "../definition/canonical/paths";
import { redact } from "../definition/canonical/secrets";
import { isDict, type Dict } from "../definition/canonical/values";
import { oneLine } from "../definition/plain-text";
import { partsText } from "../operate/findings/sentences";
import { withStepTitle } from "../rules/findings";

/** One way in which a flow breaks a policy. */
export interface PolicyFinding {
  /** Where, in the keyed form, such as `["actions", "welcome", "config", "inputs", "email"]`. Empty for the whole flow. */
  path: Path;
  /** What is wrong, without a full stop. */
  what: string;
  /** Why the policy demands it. */
  why?: string;
  /** What to do. */
  fix?: string;
}

/** What a message is about: the definition whose steps it names, and what it must not show. */
interface Subject {
  definition?: Dict;
  secrets?: ReadonlySet<unknown>;
}

/** The path, then what, why and how to fix it. */
export function findingMessage(finding: PolicyFinding, { definition = {}, secrets = new Set() }: Subject = {}): string {
  const { path, what, why, fix } = finding;
  const text = partsText({
    rule: "",
    severity: "error",
    path: "",
    what: isDict(definition["actions"]) ? withStepTitle(what, path, definition) : what,
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
  });
  return redact(oneLine(path.length === 0 ? text : `${formatPath(path)}: ${text}`), secrets);
}

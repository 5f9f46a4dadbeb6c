// What is wrong with a resource's inputs: collected, worded in one way, and told all at once (design L14).
import { formatPath, type Path } from "../canonical/paths";
import { isDict, own, type Dict } from "../canonical/values";

export interface Finding {
  path: Path;
  /** What is wrong. */
  what: string;
  /** The rule behind it, where it is not obvious. */
  why?: string;
  /** What to do. */
  fix?: string;
}

/** How the engine takes a check failure. */
export interface CheckFailure {
  property: string;
  reason: string;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export function wording(finding: Finding, definition?: Dict): string {
  const [top, id] = finding.path;
  const name = top === "actions" && typeof id === "string" ? own(own(definition?.["actions"], id), "name") : undefined;
  const step = typeof name === "string" ? ` (step "${name}")` : "";
  return [sentence(`${finding.what}${step}`), finding.why && sentence(finding.why), finding.fix && sentence(finding.fix)].filter(Boolean).join(" ");
}

export class Findings {
  readonly errors: Finding[] = [];
  readonly warnings: Finding[] = [];

  constructor(private readonly secretPaths: readonly string[] = []) {}

  /** Values of templates and secrets are never shown (design L13). */
  hides(path: Path): boolean {
    return path.includes("inputs") || this.secretPaths.includes(formatPath(path));
  }

  error(path: Path, what: string, more: { why?: string; fix?: string } = {}): void {
    // The same place may be reached by two rules; the first, which is the more basic one, is enough.
    if (!this.errors.some((other) => formatPath(other.path) === formatPath(path) && other.what === what)) this.errors.push({ path, what, ...more });
  }

  warn(path: Path, what: string, more: { why?: string; fix?: string } = {}): void {
    this.warnings.push({ path, what, ...more });
  }

  failures(definition?: Dict): CheckFailure[] {
    return this.errors.map((finding) => ({ property: formatPath(finding.path), reason: wording(finding, definition) }));
  }

  /** Warnings as whole sentences with their path. */
  warningTexts(resource: string, definition?: Dict): string[] {
    return this.warnings.map((finding) => `${resource}: ${formatPath(finding.path)}: ${wording(finding, definition)}`);
  }
}

/** The kind of a value in words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isDict(value)) return "an object";
  return { string: "text", number: "a number", boolean: "true or false" }[typeof value as string] ?? typeof value;
}

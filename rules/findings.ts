// What is wrong with a resource's inputs: collected by rule, put into the order of the definition, and reported all at once (design L14).
import type { Finding, Severity } from "./finding";
import type { RuleFinding } from "./rule";
import { isShapeRule, ruleOf, type RuleName } from ".";
import { formatPath, startsWith, type Path } from "../definition/canonical/paths";
import { isDict, isUnknown, own, type Dict } from "../definition/canonical/values";
import { oneLine } from "../definition/plain-text";
import { inOrder } from "./findings-order";
import { locationsOf } from "./locations";

/** How the engine takes a check failure. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** A finding, and the words in which preview shows it. */
export interface Reported {
  finding: Finding;
  /** What follows the name of the resource in a message of the engine. */
  text: string;
}

type Entry = RuleFinding & { rule: RuleName };
type More = Omit<RuleFinding, "path" | "what">;

const severityOf = ({ rule, severity }: Entry): Severity => severity ?? ruleOf(rule).severity;

/** A key that another rule knows something about is not just unknown. */
const UNKNOWN_KEYS: ReadonlySet<RuleName> = new Set(["misspelt-key", "unknown-config-key", "newer-key"]);
/** What is seen of the form alone, and said better by a rule that knows what was meant. */
const OF_FORM: ReadonlySet<RuleName> = new Set([
  "misspelt-key",
  "unknown-config-key",
  "unknown-key",
  "newer-key",
  "wrong-shape",
  "unchecked-shape",
  "missing-field",
]);

export class Findings {
  private readonly entries: Entry[] = [];
  private readonly silenced = new Set<Entry>();
  private readonly secretPaths: readonly string[];
  private readonly sources: unknown;

  constructor({ secretPaths = [], sources }: { secretPaths?: readonly string[]; sources?: unknown } = {}) {
    this.secretPaths = secretPaths;
    this.sources = sources;
  }

  /** Values of templates and secrets are never shown (design L13). */
  hides(path: Path): boolean {
    return path.includes("inputs") || this.secretPaths.includes(formatPath(path));
  }

  add(rule: RuleName, found: RuleFinding): void {
    const text = formatPath(found.path);
    const { covers } = found;
    if (covers)
      for (let i = this.entries.length - 1; i >= 0; i -= 1)
        if (OF_FORM.has(this.entries[i]!.rule) && startsWith(this.entries[i]!.path, covers)) this.entries.splice(i, 1);
    const strange = this.entries.findIndex((other) => UNKNOWN_KEYS.has(other.rule) && formatPath(other.path) === text);
    if (strange >= 0) this.entries.splice(strange, 1);
    // The same path may be reached in two ways; the first, which is the more basic one, is enough.
    if (!this.entries.some((other) => formatPath(other.path) === text && other.what === found.what))
      this.entries.push({ rule, ...found });
  }

  report(rule: RuleName, path: Path, what: string, more: More = {}): void {
    this.add(rule, { path, what, ...more });
  }

  /** Whether something at this path, or above it, is wrong already. */
  spoils(path: Path): boolean {
    return this.entries.some((entry) => severityOf(entry) === "error" && startsWith(path, entry.path));
  }

  /** What is found so far. */
  get entered(): ReadonlySet<RuleFinding> {
    return new Set(this.entries);
  }

  /**
   * What PostHog takes and has already stops nothing: no write makes it worse. Of what it refuses, that holds for the forms of fields: a newer PostHog takes forms that
   * are not known here. `except` is what is wrong with the program itself.
   */
  ease(isLive: (path: Path, about: { isForm: boolean }) => boolean, except: ReadonlySet<RuleFinding>): void {
    this.entries.forEach((entry, i) => {
      const { refusedBy, why } = ruleOf(entry.rule);
      const isForm = isShapeRule(entry.rule);
      if (
        severityOf(entry) !== "error" ||
        (refusedBy === "server" && !isForm) ||
        except.has(entry) ||
        !isLive(entry.path, { isForm })
      )
        return;
      this.entries[i] = {
        ...entry,
        severity: "warning",
        why: `${entry.why ?? why}. PostHog already has it like this, so it stops nothing`,
      };
    });
  }

  get hasErrors(): boolean {
    return this.entries.some((entry) => severityOf(entry) === "error");
  }

  /** Takes the warnings of a rule, at a path and below it, out of what is reported. Returns whether there were any. */
  silence(rule: RuleName, under: Path): boolean {
    const found = this.entries.filter((entry) => entry.rule === rule && startsWith(entry.path, under));
    found.forEach((entry) => this.silenced.add(entry));
    return found.length > 0;
  }

  /** Everything that is to be reported, in the order of the definition. */
  all(definition: Dict = {}): Finding[] {
    return this.reportable(definition).map((entry) => this.findingOf(entry, definition));
  }

  /** Everything that is to be reported, errors and warnings, each with the text that `failures` and `warningTexts` make of it. */
  reported(resource: string, definition: Dict = {}): Reported[] {
    const warnings = this.warningTexts(resource, definition);
    const failures = this.failures(definition).map(failureText);
    return this.all(definition).map((finding) => ({
      finding,
      text: (finding.severity === "error" ? failures.shift() : warnings.shift()) ?? "",
    }));
  }

  failures(definition: Dict = {}): CheckFailure[] {
    return this.reportable(definition, "error").map((entry) => {
      const finding = this.findingOf(entry, definition);
      return { property: pathAndLocations(finding), reason: findingText(finding, entry) };
    });
  }

  /** Warnings as whole sentences with their path. */
  warningTexts(resource: string, definition: Dict = {}): string[] {
    return this.reportable(definition, "warning").map((entry) => {
      const finding = this.findingOf(entry, definition);
      return [resource, pathAndLocations(finding), findingText(finding, entry)]
        .filter((part) => part !== "")
        .join(": ");
    });
  }

  private reportable(definition: Dict, severity?: Severity): Entry[] {
    const reported = this.entries.filter((entry) => !this.silenced.has(entry));
    return inOrder(reported, definition).filter((entry) => severity === undefined || severityOf(entry) === severity);
  }

  private findingOf(entry: Entry, definition: Dict): Finding {
    const { rule, path, what, line, why } = entry;
    const { why: usual } = ruleOf(rule);
    const locations = locationsOf(path, this.sources, line);
    const reason = why ?? usual;
    const fix = fixOf(entry);
    return {
      rule,
      severity: severityOf(entry),
      path: formatPath(path),
      ...(locations.length > 0 ? { locations } : {}),
      what: oneLine(withStepTitle(what, path, definition)),
      ...(reason ? { why: oneLine(reason) } : {}),
      ...(fix ? { fix: oneLine(fix) } : {}),
    };
  }
}

const fixOf = ({ fix, suggestion }: Entry): string | undefined =>
  suggestion === undefined ? fix : [`Did you mean ${suggestion}?`, ...(fix ? [fix] : [])].join(" ");

/** The finding's sentence with the title of its step. */
export function withStepTitle(what: string, [top, id]: Path, definition: Dict): string {
  const name = top === "actions" && typeof id === "string" ? own(own(definition["actions"], id), "name") : undefined;
  return typeof name === "string" && !isUnknown(name) ? `${what} (step "${name}")` : what;
}

/** As the engine shows it: a property of its own would be printed with the whole value. */
export const failureText = ({ property, reason }: CheckFailure): string =>
  property === "" ? reason : `${property}: ${reason}`;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
const pathAndLocations = ({ path, locations = [] }: Finding): string =>
  oneLine([path, ...locations].filter((part) => part !== "").join(", "));
/** What, why, how to fix, and the rule's name, by which a warning is acknowledged. A suggestion comes right after the mistake. */
function findingText({ rule, what, why, fix }: Finding, { suggestion }: Entry): string {
  const parts = suggestion === undefined ? [what, why, fix] : [what, fix, why];
  return [...parts.flatMap((text) => (text ? [sentence(text)] : [])), `[${rule}]`].join(" ");
}

/** The kind of a value in words. */
export function valueKind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (isDict(value)) return "an object";
  return { string: "text", number: "a number", boolean: "true or false" }[typeof value as string] ?? typeof value;
}

// Additions to files that a project has already: package.json, tsconfig.json and YAML. What is there stays, with its order, its layout and its comments.
import { applyEdits, modify, parse, type ParseError } from "jsonc-parser";
import { parseDocument, type Document } from "yaml";
import { isDict, type Dict } from "../../definition/canonical/values";

/** A text after additions, and what was added, in words. */
export interface Edited {
  text: string;
  changes: string[];
}

/** The content of a JSON file that may have comments, or undefined where it cannot be read. */
export function readJsonc(text: string): Dict | undefined {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0 && isDict(value) ? value : undefined;
}

/** Indentation of a JSON text: that of its first indented line. */
function layoutOf(text: string): { tabSize: number; insertSpaces: boolean; eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return {
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    insertSpaces: !indent.startsWith("\t"),
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

/** Sets a value in a JSON text, and leaves the rest as it is. */
export function setInJson(text: string, at: readonly (string | number)[], value: unknown): string {
  return applyEdits(text, modify(text, [...at], value, { formattingOptions: layoutOf(text) }));
}

/** Sections in which a package counts as a dependency of the program. */
const SECTIONS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

/**
 * A package.json with the packages that it lacks, and a `main` that is there.
 *
 * @param wanted The package.json of a new project.
 * @param hasMain Whether the file that its `main` names is there.
 * @example
 * ```ts
 * addToPackage('{ "dependencies": {} }', { dependencies: { "pulumi-hogflow": "^0.1.0" } }, { hasMain: true }).changes; // ["dependencies: pulumi-hogflow"]
 * ```
 */
export function addToPackage(text: string, wanted: Dict, { hasMain }: { hasMain: boolean }): Edited {
  const before = readJsonc(text) ?? {};
  const known = new Set(SECTIONS.flatMap((section) => (isDict(before[section]) ? Object.keys(before[section]) : [])));
  const edited: Edited = { text, changes: [] };
  if (!hasMain && before["main"] !== wanted["main"]) {
    edited.text = setInJson(edited.text, ["main"], wanted["main"]);
    edited.changes.push(`main: ${String(wanted["main"])}`);
  }
  for (const section of SECTIONS) {
    const packages = isDict(wanted[section]) ? wanted[section] : {};
    const missing = Object.entries(packages).filter(([name]) => !known.has(name));
    for (const [name, version] of missing) edited.text = setInJson(edited.text, [section, name], version);
    if (missing.length > 0) edited.changes.push(`${section}: ${missing.map(([name]) => name).join(", ")}`);
  }
  return edited;
}

/**
 * A YAML text with values that it lacks; a key that is there keeps its value.
 *
 * @param values By path, such as `["config", "posthog:projectId"]`.
 * @returns Undefined where the text is no YAML.
 */
export function addToYaml(
  text: string,
  values: readonly { at: readonly string[]; value: unknown }[],
): Edited | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const missing = values.filter(({ at }) => !document.hasIn(at));
  if (missing.length === 0) return { text, changes: [] };
  for (const { at, value } of missing) setIn(document, at, value);
  return { text: document.toString({ lineWidth: 0 }), changes: missing.map(({ at }) => at.at(-1)!) };
}

/** An empty document, and a section without content, hold no map yet. */
function setIn(document: Document, at: readonly string[], value: unknown): void {
  for (const depth of at.keys()) {
    const above = at.slice(0, depth);
    const found = depth === 0 ? document.contents : document.getIn(above);
    if (found === null || found === undefined) document.setIn(above, document.createNode({}));
  }
  document.setIn(at, document.createNode(value));
}

/**
 * A stand-in for PostHog's Hog compiler. Its bytecode is opaque but deterministic: the same source gives the same array, and a
 * background refresh (another `generation`) gives another one. It reads no more of a text than it needs to refuse what cannot
 * be meant: unbalanced brackets or quotes, nothing at all, and any text that holds DOES_NOT_COMPILE, which exists so that a test
 * can ask for a refusal.
 */
import { createHash } from "node:crypto";
import { canonical, isObject, type JsonObject } from "./json";

/** An expression or template with this text in it is refused, as the real compiler refuses what it cannot read. */
export const DOES_NOT_COMPILE = "__does_not_compile__";

/** PostHog's real value is not known; like it, this one is the same beside every bytecode. */
export const BYTECODE_CONTRACT = "emulator-1";

export type Bytecode = (string | number)[];

/** Why a source was refused. */
export class CompileError extends Error {}

const HEADER: Bytecode = ["_H", 1];
const STRING = 32;
const REFRESHED = "refresh:";

/** Bytecode of any source. Text that stands for itself stays readable in it; everything else becomes a digest. */
function emit(source: unknown, generation: number): Bytecode {
  const operand =
    typeof source === "string" ? source : createHash("sha256").update(canonical(source)).digest("hex").slice(0, 32);
  return stamp([...HEADER, STRING, operand], generation);
}

function stamp(code: Bytecode, generation: number): Bytecode {
  return generation === 0 ? code : [...code, STRING, `${REFRESHED}${generation}`];
}

/** The same tree as if a compiler of another generation had made its bytecode. Values of inputs are the user's and stay. */
export function recompiled<T>(tree: T, generation: number): T {
  if (Array.isArray(tree)) {
    if (tree[0] === HEADER[0] && tree[1] === HEADER[1]) {
      const last = tree[tree.length - 1];
      const first = typeof last === "string" && last.startsWith(REFRESHED) ? tree.slice(0, -2) : tree;
      return stamp(first, generation) as T;
    }
    return tree.map((item) => recompiled(item, generation)) as T;
  }
  if (!isObject(tree)) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, key === "value" ? value : recompiled(value, generation)]),
  ) as T;
}

const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** Refuses an expression that no compiler could read. */
function checkExpression(source: string): void {
  if (source.trim() === "") throw new CompileError("the expression is empty");
  if (source.includes(DOES_NOT_COMPILE)) throw new CompileError("the expression does not compile");
  const open: string[] = [];
  let quote = "";
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    if (char === "\\") i++;
    else if (quote) quote = char === quote ? "" : quote;
    else if (char === "'" || char === '"' || char === "`") quote = char;
    else if (CLOSING[char]) open.push(CLOSING[char]);
    else if (char === ")" || char === "]" || char === "}") {
      if (open.pop() !== char) throw new CompileError(`mismatched '${char}' at position ${i}`);
    }
  }
  if (quote) throw new CompileError("unterminated string");
  if (open.length > 0) throw new CompileError(`expected '${open.pop()}' before the end`);
}

export function compileExpression(source: string, generation: number): Bytecode {
  checkExpression(source);
  return emit({ expression: source }, generation);
}

/** The names that a step's template may read (a reading of the public documentation; the server's own list is not known). */
const TEMPLATE_GLOBALS: readonly string[] = [
  "event",
  "person",
  "groups",
  "project",
  "source",
  "inputs",
  "variables",
  "request",
  "actions",
  "unsubscribe_url",
  "unsubscribe_url_one_click",
];
const WORDS = [
  "true",
  "false",
  "null",
  "and",
  "or",
  "not",
  "in",
  "like",
  "ilike",
  "is",
  "between",
  "if",
  "then",
  "else",
  "return",
  "let",
  "fun",
  "fn",
];

/** A global that a template reads although steps do not have it. */
class UnknownGlobal extends CompileError {
  constructor(readonly variable: string) {
    super(`Variable not available in inputs: ${variable}`);
  }
}

/** The expressions in `{…}` of a Hog template. */
export function templateExpressions(template: string): string[] {
  if (template.includes(DOES_NOT_COMPILE)) throw new CompileError("the template does not compile");
  if (/\{\{|\{%/.test(template))
    throw new CompileError("liquid tags are not Hog; set templating to liquid to use them");
  const found: string[] = [];
  for (let i = 0; i < template.length; i++) {
    if (template[i] === "\\") i++;
    else if (template[i] === "{") {
      const end = closingBrace(template, i);
      found.push(template.slice(i + 1, end));
      i = end;
    }
  }
  return found;
}

function closingBrace(template: string, start: number): number {
  let depth = 0;
  let quote = "";
  for (let i = start; i < template.length; i++) {
    const char = template[i]!;
    if (char === "\\") i++;
    else if (quote) quote = char === quote ? "" : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i;
  }
  throw new CompileError("expected '}' before the end of the template");
}

export function compileTemplate(template: string, generation: number): Bytecode {
  const expressions = templateExpressions(template);
  for (const expression of expressions) {
    checkExpression(expression);
    const unknown = globalsOf(expression).find((name) => !TEMPLATE_GLOBALS.includes(name));
    if (unknown) throw new UnknownGlobal(unknown);
  }
  return expressions.length === 0 ? emit(template, generation) : emit({ template }, generation);
}

/** The names an expression reads from outside: no members, functions, parameters of lambdas or keys of objects. */
function globalsOf(expression: string): string[] {
  const code = expression.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, (text) =>
    "'".repeat(Math.min(2, text.length)),
  );
  const parameters = new Set<string>();
  for (const [, many, one] of code.matchAll(/(?:\(([^()]*)\)|([A-Za-z_$][\w$]*))\s*->/g)) {
    for (const name of (many ?? one ?? "").split(",")) parameters.add(name.trim());
  }
  const names: string[] = [];
  for (const match of code.matchAll(/[A-Za-z_$][\w$]*/g)) {
    const inNumber = /\d/.test(code[match.index - 1] ?? "");
    if (
      inNumber ||
      code[beside(code, match.index - 1, -1)] === "." ||
      code[beside(code, match.index + match[0].length, 1)] === "(" ||
      parameters.has(match[0]) ||
      WORDS.includes(match[0].toLowerCase())
    )
      continue;
    names.push(match[0]);
  }
  return names;
}

/** Where something other than white space is, from an index on in one direction. */
function beside(code: string, from: number, direction: 1 | -1): number {
  let index = from;
  while (/\s/.test(code[index] ?? "")) index += direction;
  return index;
}

/** Compiles every text inside a value and leaves the rest, as the server does with the value of an input. */
export function compileValue(value: unknown, generation: number): unknown {
  if (typeof value === "string") return compileTemplate(value, generation);
  if (Array.isArray(value)) return value.map((item) => compileValue(item, generation));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, compileValue(item, generation)]));
  return value;
}

const NO_COHORTS = (id: unknown) =>
  `Can't use cohorts in real-time filters. Please inline the relevant expressions (cohort id=${typeof id === "string" || typeof id === "number" ? id : "?"}).`;

/** Refuses a property that real-time filters cannot evaluate. */
function checkProperty(property: unknown): void {
  if (!isObject(property)) return;
  if (property.type === "cohort") throw new CompileError(NO_COHORTS(property.value));
  if (property.type === "hogql") checkExpression(String(property.key ?? ""));
  if (canonical(property).includes(DOES_NOT_COMPILE)) throw new CompileError("a property does not compile");
}

export function compileProperties(properties: unknown, generation: number): Bytecode {
  for (const property of Array.isArray(properties) ? properties : []) checkProperty(property);
  return emit({ properties }, generation);
}

export function compileFilters(filters: JsonObject, generation: number): Bytecode {
  const entries = [
    ...(filters.events ?? []),
    ...(filters.actions ?? []),
    ...(filters.data_warehouse ?? []),
  ] as unknown[];
  for (const entry of entries) {
    for (const property of isObject(entry) && Array.isArray(entry.properties) ? entry.properties : [])
      checkProperty(property);
    if (canonical(entry).includes(DOES_NOT_COMPILE)) throw new CompileError("an entry does not compile");
  }
  for (const property of filters.properties ?? []) checkProperty(property);
  const [only] = (filters.events ?? []) as JsonObject[];
  const plain =
    entries.length === 1 &&
    only &&
    typeof only.id === "string" &&
    !only.properties?.length &&
    !filters.properties?.length &&
    !filters.filter_test_accounts;
  if (plain) return stamp([...HEADER, STRING, only.id as string, STRING, "event", 1, 1, 11], generation);
  return emit({ filters }, generation);
}

/** Names of clock functions: a wait that calls one changes its mind without any signal. */
const CLOCK_CALL = /\b(now|today)\s*\(/i;
export const readsClock = (expression: string): boolean =>
  CLOCK_CALL.test(expression.replace(/'(?:\\.|[^'\\])*'/g, "''"));

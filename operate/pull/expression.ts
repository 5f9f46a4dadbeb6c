// A program as data: calls of the SDK's functions, which can be printed as TypeScript and run. What is written into a file has thereby been run before,
// and compared with the live flow.
import { isDict, put, type Dict } from "../../definition/canonical/values";
import { flat, lay, type Layout } from "../code-layout";
import { definedEntries, layoutOf, templateCode } from "../code-text";
import { hasStandIn, standInCode } from "../stand-ins";

/** `email("welcome", { … })`, `on.event("user signed up")`, `destination("template-x")("notify", { … })`. */
export class Call {
  constructor(
    readonly name: string | Call,
    readonly args: readonly unknown[],
  ) {}
}

/** `person("plan").is("pro")`. */
export class Method {
  constructor(
    readonly on: unknown,
    readonly name: string,
    readonly args: readonly unknown[],
  ) {}
}

/** `nothing`, `vars.score`. */
export class Name {
  constructor(readonly path: string) {}
}

/** A text with a tag, which sets its language: liquid`…`. */
export class Tagged {
  constructor(
    readonly tag: "liquid" | "hog",
    readonly text: string,
  ) {}
}

/** `stored()`: the secret that PostHog has. */
export class StoredSecret {}

/** `file("mails/welcome.html")`, and what the file holds. */
export class Body {
  constructor(
    readonly path: string,
    readonly text: string,
    /** What the text means where it is JSON. */
    readonly data: unknown = text,
  ) {}
}

/** The expression as source text; see `valueCode` for the parameters. */
export const print = (value: unknown, indent = 0, used = indent, after = 1): string =>
  lay(layout(value), indent, used, after);

const layout = (value: unknown): Layout => layoutOf(value, special);

function special(value: unknown): Layout | undefined {
  if (value instanceof Call)
    return {
      kind: "call",
      callee: typeof value.name === "string" ? value.name : flat(layout(value.name)),
      args: value.args.map(layout),
    };
  if (value instanceof Method)
    return { kind: "call", callee: `${flat(layout(value.on))}.${value.name}`, args: value.args.map(layout) };
  if (value instanceof Name) return { kind: "text", text: value.path };
  if (value instanceof Tagged)
    return {
      kind: "text",
      text: hasStandIn(value.text)
        ? standInCode(value.text, templateCode, value.tag)
        : `${value.tag}${templateCode(value.text)}`,
    };
  if (value instanceof StoredSecret) return { kind: "text", text: "stored()" };
  if (value instanceof Body) return { kind: "text", text: `file(${JSON.stringify(value.path)})` };
  return undefined;
}

/** Whether this is a map of expressions, and none itself. */
export const isPlain = (value: unknown): value is Dict =>
  isDict(value) && Object.getPrototypeOf(value) === Object.prototype;

/** What the names in an expression stand for. */
export interface Scope {
  [name: string]: unknown;
}

/** Runs the expression; the text of a file stands for the file. */
export function run(value: unknown, scope: Scope): unknown {
  const inner = (item: unknown): unknown => run(item, scope);
  if (value instanceof Call)
    return (
      (typeof value.name === "string" ? lookUp(value.name, scope) : inner(value.name)) as (
        ...args: unknown[]
      ) => unknown
    )(...value.args.map(inner));
  if (value instanceof Method) {
    const on = inner(value.on) as Record<string, (...args: unknown[]) => unknown>;
    return on[value.name]!(...value.args.map(inner));
  }
  if (value instanceof Name) return lookUp(value.path, scope);
  if (value instanceof Tagged)
    return (scope[value.tag] as (parts: TemplateStringsArray) => unknown)(
      Object.assign([value.text], { raw: [templateCode(value.text).slice(1, -1)] }),
    );
  if (value instanceof StoredSecret) return (scope["stored"] as () => unknown)();
  if (value instanceof Body) return value.data;
  if (Array.isArray(value)) return value.map(inner);
  if (!isPlain(value)) return value;
  const out: Dict = {};
  for (const [key, item] of definedEntries(value)) put(out, key, inner(item));
  return out;
}

const lookUp = (path: string, scope: Scope): unknown =>
  path.split(".").reduce((at: unknown, part) => (at as Record<string, unknown>)[part], scope);

/** Every name of the SDK that the expression uses. */
export function namesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (value instanceof Call) {
    if (typeof value.name === "string") found.add(value.name.split(".")[0]!);
    else namesIn(value.name, found);
    value.args.forEach((item) => namesIn(item, found));
  } else if (value instanceof Method) {
    namesIn(value.on, found);
    value.args.forEach((item) => namesIn(item, found));
  } else if (typeof value === "string") {
    if (hasStandIn(value)) found.add("config");
  } else if (value instanceof Name) found.add(value.path.split(".")[0]!);
  else if (value instanceof Tagged) {
    found.add(value.tag);
    namesIn(value.text, found);
  } else if (value instanceof Body) found.add("file");
  else if (value instanceof StoredSecret) found.add("stored");
  else if (Array.isArray(value)) value.forEach((item) => namesIn(item, found));
  else if (isPlain(value)) Object.values(value).forEach((item) => namesIn(item, found));
  return found;
}

/** Every file that the expression reads. */
export function bodiesIn(value: unknown, found: Body[] = []): Body[] {
  if (value instanceof Body) found.push(value);
  else if (value instanceof Call) value.args.forEach((item) => bodiesIn(item, found));
  else if (value instanceof Method) [value.on, ...value.args].forEach((item) => bodiesIn(item, found));
  else if (Array.isArray(value)) value.forEach((item) => bodiesIn(item, found));
  else if (isPlain(value)) Object.values(value).forEach((item) => bodiesIn(item, found));
  return found;
}

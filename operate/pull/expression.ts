// A program as data: calls of the SDK's functions, which can be printed as TypeScript and run. What is written into a file has thereby been run before,
// and compared with the live flow.
import { isDict, put, type Dict } from "../../provider/canonical/values";
import { CODE_WIDTH, keyCode, valueCode } from "../code-text";

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

/** `config.requireSecret("notifySigningSecret")`. */
export class ConfigSecret {
  constructor(readonly key: string) {}
}

/** `file("mails/welcome.html")`, and what stands in the file. */
export class Body {
  constructor(
    readonly path: string,
    readonly text: string,
  ) {}
}

const template = (text: string): string => `\`${text.replace(/[\\`]/g, "\\$&").replace(/\$\{/g, "\\${")}\``;

/** Members without the undefined ones. */
const entries = (value: Dict): [string, unknown][] => Object.entries(value).filter(([, item]) => item !== undefined);

/** The expression as source text; see `valueCode` for the parameters. */
export function print(value: unknown, indent = 0, used = indent): string {
  const line = oneLine(value);
  if (!line.includes("\n") && used + line.length + 1 <= CODE_WIDTH) return line;
  if (value instanceof Call) return call(nameOf(value), value.args, indent, used);
  if (value instanceof Method) {
    const on = print(value.on, indent, used);
    return call(`${on}.${value.name}`, value.args, indent, used);
  }
  const pad = " ".repeat(indent + 2);
  if (Array.isArray(value)) return `[\n${value.map((item) => `${pad}${print(item, indent + 2)},`).join("\n")}\n${" ".repeat(indent)}]`;
  if (isPlain(value)) {
    const members = entries(value).map(([key, item]) => `${pad}${keyCode(key)}: ${print(item, indent + 2, indent + keyCode(key).length + 4)},`);
    return `{\n${members.join("\n")}\n${" ".repeat(indent)}}`;
  }
  return line;
}

/** The last argument takes the further lines: `email("welcome", {` … `})`. */
function call(name: string, args: readonly unknown[], indent: number, used: number): string {
  const before = args.slice(0, -1).map(oneLine).join(", ");
  const start = `${name}(${before}${before === "" ? "" : ", "}`;
  return `${start}${args.length === 0 ? "" : print(args[args.length - 1], indent, used + start.length)})`;
}

const nameOf = ({ name }: Call): string => (typeof name === "string" ? name : oneLine(name));

const isPlain = (value: unknown): value is Dict => isDict(value) && Object.getPrototypeOf(value) === Object.prototype;

function oneLine(value: unknown): string {
  if (value instanceof Call) return `${nameOf(value)}(${value.args.map(oneLine).join(", ")})`;
  if (value instanceof Method) return `${oneLine(value.on)}.${value.name}(${value.args.map(oneLine).join(", ")})`;
  if (value instanceof Name) return value.path;
  if (value instanceof Tagged) return `${value.tag}${template(value.text)}`;
  if (value instanceof ConfigSecret) return `config.requireSecret(${JSON.stringify(value.key)})`;
  if (value instanceof Body) return `file(${JSON.stringify(value.path)})`;
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (!isPlain(value)) return valueCode(value);
  const members = entries(value).map(([key, item]) => `${keyCode(key)}: ${oneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** What the names in an expression stand for. */
export interface Scope {
  [name: string]: unknown;
}

/** Runs the expression; the text of a file stands for the file. */
export function run(value: unknown, scope: Scope, secret: (key: string) => unknown): unknown {
  const inner = (item: unknown): unknown => run(item, scope, secret);
  if (value instanceof Call) return ((typeof value.name === "string" ? lookUp(value.name, scope) : inner(value.name)) as (...args: unknown[]) => unknown)(...value.args.map(inner));
  if (value instanceof Method) {
    const on = inner(value.on) as Record<string, (...args: unknown[]) => unknown>;
    return on[value.name]!(...value.args.map(inner));
  }
  if (value instanceof Name) return lookUp(value.path, scope);
  if (value instanceof Tagged) return (scope[value.tag] as (parts: readonly string[]) => unknown)([value.text]);
  if (value instanceof ConfigSecret) return secret(value.key);
  if (value instanceof Body) return value.text;
  if (Array.isArray(value)) return value.map(inner);
  if (!isPlain(value)) return value;
  const out: Dict = {};
  for (const [key, item] of entries(value)) put(out, key, inner(item));
  return out;
}

const lookUp = (path: string, scope: Scope): unknown => path.split(".").reduce((at: unknown, part) => (at as Record<string, unknown>)[part], scope);

/** Every name of the SDK that the expression uses. */
export function namesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (value instanceof Call) {
    if (typeof value.name === "string") found.add(value.name.split(".")[0]!);
    else namesIn(value.name, found);
    value.args.forEach((item) => namesIn(item, found));
  } else if (value instanceof Method) {
    namesIn(value.on, found);
    value.args.forEach((item) => namesIn(item, found));
  } else if (value instanceof Name) found.add(value.path.split(".")[0]!);
  else if (value instanceof Tagged) found.add(value.tag);
  else if (value instanceof Body) found.add("file");
  else if (value instanceof ConfigSecret) found.add("config");
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

// Our Hog parser against PostHog's own (its WebAssembly build): the same trees, and nothing refused that PostHog takes. Texts are random, from a fixed seed.
import createParser from "@posthog/hogql-parser";
import { beforeAll, expect, it } from "vitest";
import { parseHogExpression, parseHogTemplate } from "../../../definition/language";

type Node = Record<string, unknown>;
type Theirs = {
  parseExpr(text: string, internal: boolean): string;
  parseFullTemplateString(text: string, internal: boolean): string;
};

let theirs: Theirs;
beforeAll(async () => {
  theirs = (await (createParser as () => Promise<unknown>)()) as Theirs;
});

/** Their tree in our words; what we have no word for becomes `other`. */
function translated(node: unknown): unknown {
  const { node: kind, ...rest } = node as Node & { node: string };
  const all = (list: unknown): unknown[] => (list as unknown[]).map(translated);
  switch (kind) {
    case "Constant":
      return { kind: "constant", value: rest["value_type"] === "number" ? Number(rest["value"]) : rest["value"] };
    case "Field":
      return { kind: "field", chain: rest["chain"] };
    case "ArrayAccess":
      return {
        kind: "property",
        of: translated(rest["array"]),
        key: translated(rest["property"]),
        nullish: rest["nullish"] === true,
      };
    case "TupleAccess":
      return {
        kind: "property",
        of: translated(rest["tuple"]),
        key: { kind: "constant", value: rest["index"] },
        nullish: rest["nullish"] === true,
      };
    case "Call":
      if (rest["distinct"] || rest["filter_expr"] || rest["order_by"] || rest["params"]) return { other: kind };
      return { kind: "call", name: rest["name"], args: all(rest["args"]) };
    case "ExprCall":
      return { kind: "invoke", callee: translated(rest["expr"]), args: all(rest["args"]) };
    case "Lambda":
      return { kind: "lambda", parameters: rest["args"], body: translated(rest["expr"]) };
    case "Array":
    case "Tuple":
      return { kind: kind.toLowerCase(), items: all(rest["exprs"]) };
    case "Dict":
      return { kind: "dict", items: (rest["items"] as unknown[][]).map(all) };
    case "ArithmeticOperation":
      return {
        kind: "arithmetic",
        operator: rest["op"],
        left: translated(rest["left"]),
        right: translated(rest["right"]),
      };
    case "CompareOperation":
      return {
        kind: "compare",
        operator: rest["op"],
        left: translated(rest["left"]),
        right: translated(rest["right"]),
      };
    case "And":
    case "Or":
      return { kind: kind.toLowerCase(), items: all(rest["exprs"]) };
    case "Not":
      return { kind: "not", of: translated(rest["expr"]) };
    case "BetweenExpr":
      return {
        kind: "between",
        of: translated(rest["expr"]),
        low: translated(rest["low"]),
        high: translated(rest["high"]),
        negated: rest["negated"],
      };
    default:
      return { other: kind };
  }
}

const shown = (tree: unknown): string =>
  JSON.stringify(tree, (_, value: unknown) => {
    if (typeof value === "number") return String(value);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    return value;
  });

/** A disagreement about one text, or undefined. */
function disagreement(text: string, template: boolean): string | undefined {
  const ours = template ? parseHogTemplate(text) : parseHogExpression(text);
  const answer = JSON.parse(
    template ? theirs.parseFullTemplateString(`F'${text}`, true) : theirs.parseExpr(text, true),
  ) as Node;
  if (answer["error"] === true)
    return ours.ast ? `we take ${text}, they say ${String(answer["message"]).slice(0, 80)}` : undefined;
  const tree = shown(translated(answer));
  // A name in braces is a placeholder for them, which no workflow can fill.
  if (tree.includes('"Placeholder"')) return undefined;
  if (ours.findings.some(({ kind, severity }) => severity === "error" && kind !== "argumentCount"))
    return `we refuse ${text}: ${ours.findings[0]!.what}`;
  if (ours.ast && shown(ours.ast) !== tree) return `${text}\n  ours   ${shown(ours.ast)}\n  theirs ${tree}`;
  return undefined;
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(20260301);
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;

const LEAVES = [
  "a",
  "b.c",
  "person.properties.x",
  "1",
  "'s'",
  "'it''s \\n'",
  "true",
  "null",
  "x",
  "$a.b",
  "-1",
  "2.5",
  "1e3",
  "[]",
  "{}",
  "f'a{b}'",
  '`q r`."s"',
];
const INFIX = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "=",
  "==",
  "!=",
  "<>",
  "<",
  ">=",
  "=~",
  "!~*",
  "and",
  "or",
  "||",
  "??",
  "like",
  "in",
  "not in",
  "not ilike",
  "is not null and",
  "is null or",
];

function expression(depth: number): string {
  if (depth <= 0 || next() < 0.2) return pick(LEAVES);
  const inner = (): string => expression(depth - 1);
  const shapes: (() => string)[] = [
    () => `${inner()} ${pick(INFIX)} ${inner()}`,
    () => `${inner()} ${pick(INFIX)} ${inner()}`,
    () => `(${inner()})`,
    () => `not ${inner()}`,
    () => `-${inner()}`,
    () => `fn1(${inner()}, ${inner()})`,
    () => `${inner()} ? ${inner()} : ${inner()}`,
    () => `[${inner()}, ${inner()}]`,
    () => `{'k': ${inner()}, a: ${inner()}}`,
    () => `${inner()}.k`,
    () => `${inner()}[${inner()}]`,
    () => `${inner()}?.k`,
    () => `x -> ${inner()}`,
    () => `(x, y) -> ${inner()}`,
    () => `${inner()} between ${inner()} and ${inner()}`,
    () => `(${inner()}, ${inner()})`,
    () => `${inner()} is null`,
    () => `f'a{${inner()}}b'`,
    () => `${inner()}.1`,
  ];
  return pick(shapes)();
}

const SCRAPS = [
  "a",
  "b",
  "person",
  "properties",
  ".",
  ".",
  "?.",
  "(",
  ")",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ",",
  ":",
  "?",
  "??",
  "+",
  "-",
  "*",
  "/",
  "%",
  "=",
  "==",
  "!=",
  "<=",
  ">=",
  "=~",
  "and",
  "or",
  "not",
  "is",
  "null",
  "like",
  "||",
  "->",
  "x",
  "'s'",
  "1",
  "2.5",
  "true",
  "f'",
  "'",
  "f(",
  "if(",
  "\\{",
  "\\}",
  "\\n",
  "\\",
  " ",
  " ",
  " ",
  "$a",
  "`q r`",
  "is not null",
  "not in",
  "-1",
  "-- ",
  "//",
  "/*",
  "*/",
  "\n",
  "let",
];

it("well-formed texts", { timeout: 60_000 }, () => {
  const found: string[] = [];
  for (let i = 0; i < 800; i += 1) {
    const text = expression(1 + Math.floor(next() * 3));
    found.push(
      ...[disagreement(text, false), disagreement(`A {${text}} b`, true)].filter((said) => said !== undefined),
    );
  }
  expect(found).toEqual([]);
});

it("scraps", { timeout: 60_000 }, () => {
  const found: string[] = [];
  for (let i = 0; i < 1500; i += 1) {
    const text = Array.from({ length: 1 + Math.floor(next() * 7) }, () => pick(SCRAPS)).join("");
    found.push(
      ...[disagreement(text, false), disagreement(text, true), disagreement(`{${text}}`, true)].filter(
        (said) => said !== undefined,
      ),
    );
  }
  expect(found).toEqual([]);
});

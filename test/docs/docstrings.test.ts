// What users read on hover: every public name says what it is, every public function and class shows it, and what it shows compiles.
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as sdk from "../../sdk";
import { declaredIn, ENTRIES, errorsIn, programOf, ROOT } from "../support/compile-modules";
import { breaksOf, contractBreaks, recording, wireOf } from "../support/contract";

/** What examples may use besides the exports of their own entry and of `pulumi-hogflow`. */
const GIVEN = `
export { default as assert } from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { variables, type HogFlow } from "pulumi-hogflow";
import type { FlowSource, Simulation } from "pulumi-hogflow/testing";
import type { PostHogClient } from "pulumi-hogflow/operate";
export { readFileSync } from "node:fs";
export { pulumi };
export const config = new pulumi.Config();
export const team = { integrationId: 7, name: "Example" };
export const vars = variables({ score: "number", summary: "string", coupon: "string", recipients: "string" });
export declare const bucket: { websiteUrl: pulumi.Output<string> };
export declare const digest: HogFlow;
export declare const winback: HogFlow;
export declare const flow: FlowSource;
export declare const before: FlowSource;
export declare const after: FlowSource;
export declare const run: Simulation;
export declare const client: PostHogClient;
export declare const flowId: string;
export declare const signal: AbortSignal;
`;
const GIVEN_NAMES = [
  "assert",
  "pulumi",
  "config",
  "team",
  "vars",
  "bucket",
  "digest",
  "winback",
  "flow",
  "before",
  "after",
  "run",
  "readFileSync",
  "client",
  "flowId",
  "signal",
];

type Entry = keyof typeof ENTRIES;
/** Entries whose every function and class has an example. */
const SHOWN: readonly Entry[] = [
  "pulumi-hogflow",
  "pulumi-hogflow/testing",
  "pulumi-hogflow/emulator",
  "pulumi-hogflow/operate",
  "pulumi-hogflow/policy",
];

const program = programOf(
  new Map([
    [
      path.join(ROOT, "test/docs/entries.ts"),
      Object.keys(ENTRIES)
        .map((entry) => `import ${JSON.stringify(entry)};`)
        .join("\n"),
    ],
  ]),
);
const checker = program.getTypeChecker();

const exportsOf = (entry: Entry): ts.Symbol[] =>
  checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(ENTRIES[entry])!)!)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));

const place = (node: ts.Node): string => {
  const source = node.getSourceFile();
  return `${path.relative(ROOT, source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
};

/** Functions and classes by the name under which they are used; of an object of functions, such as `on`, each of them. */
function callables(symbol: ts.Symbol): { name: string; tags: ts.JSDocTagInfo[] }[] {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return [];
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const isOwn = (node: ts.Node | undefined): boolean =>
    node !== undefined && node.getSourceFile().fileName.startsWith(path.join(ROOT, "sdk"));
  if (type.getCallSignatures().length + type.getConstructSignatures().length > 0)
    return [{ name: symbol.name, tags: symbol.getJsDocTags(checker) }];
  return type
    .getProperties()
    .filter((member) => isOwn(member.valueDeclaration))
    .flatMap((member) => {
      const [signature] = checker.getTypeOfSymbolAtLocation(member, declaration).getCallSignatures();
      return signature === undefined ? [] : [{ name: `${symbol.name}.${member.name}`, tags: signature.getJsDocTags() }];
    });
}

interface Example {
  place: string;
  text: string;
}

/** The examples at a declaration and inside of it. */
function examplesAt(node: ts.Node, found: Example[] = []): Example[] {
  for (const tag of ts.getJSDocTags(node)) {
    if (tag.tagName.text !== "example" || found.some((known) => known.place === place(tag))) continue;
    const text = (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
    found.push({ place: place(tag), text: /^```ts\n(.*)\n```$/s.exec(text)?.[1] ?? text });
  }
  ts.forEachChild(node, (child) => void examplesAt(child, found));
  return found;
}

/** Of an exported name: where a class stands behind an interface of its name, or functions in an object, theirs as well. */
function examplesOf(symbol: ts.Symbol): Example[] {
  const inside =
    callables(symbol).length > 0 || symbol.valueDeclaration === undefined
      ? []
      : checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration).getProperties();
  const functions = inside
    .flatMap((member) => checker.getTypeOfSymbolAtLocation(member, symbol.valueDeclaration!).getCallSignatures())
    .flatMap(({ declaration }) => (declaration ? [declaration] : []));
  return [...(symbol.declarations ?? []), ...functions]
    .map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node))
    .flatMap((node) => examplesAt(node));
}

/** Of an exported name and its members, and of functions in an object; bodies hold nobody's docstrings. */
function docstringsOf(symbol: ts.Symbol): string[] {
  const members = symbol.valueDeclaration
    ? checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration).getProperties()
    : [];
  const functions = members
    .flatMap((member) => checker.getTypeOfSymbolAtLocation(member, symbol.valueDeclaration!).getCallSignatures())
    .flatMap(({ declaration }) => (declaration ? [declaration] : []));
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) return;
    for (const comment of ts.getJSDocCommentsAndTags(node)) found.add(comment.getText());
    ts.forEachChild(node, visit);
  };
  for (const node of [...(symbol.declarations ?? []), ...functions])
    if (!node.getSourceFile().fileName.includes("node_modules")) visit(node);
  return [...found];
}

/** The example as a module, behind an import of the names that it does not declare itself. */
function moduleOf(text: string, entry: Entry): string {
  // An example of a step in keyed form stands in a map of them.
  if (/^\w+: \{/.test(text)) return moduleOf(`const actions: KeyedForm["actions"] = { ${text} };`, entry);
  const declared = declaredIn(text);
  const own = exportsOf(entry).map(({ name }) => name);
  const names = (list: readonly string[]): string =>
    [...new Set(list)].filter((name) => !declared.has(name)).join(", ");
  const sdk =
    entry === "pulumi-hogflow"
      ? ""
      : `import { ${names(
          exportsOf("pulumi-hogflow")
            .map(({ name }) => name)
            .filter((name) => !own.includes(name)),
        )} } from "pulumi-hogflow";`;
  return `import { ${names(own)} } from "${entry}";${sdk} import { ${names(GIVEN_NAMES.filter((name) => !own.includes(name)))} } from "./given";\n${text}\nexport {};`;
}

describe.each(SHOWN)("docstrings of %s", (entry) => {
  const symbols = exportsOf(entry);

  it("say of every name what it is", () => {
    expect(
      symbols.filter((symbol) => symbol.getDocumentationComment(checker).length === 0).map(({ name }) => name),
    ).toEqual([]);
  });

  it("say the rule, and cite no section", () => {
    expect(symbols.flatMap(docstringsOf).filter((text) => /§|\bdesign L\d/.test(text))).toEqual([]);
  });

  it("show every function and class", () => {
    const shown = symbols.flatMap(callables);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ tags }) => !tags.some(({ name }) => name === "example")).map(({ name }) => name)).toEqual(
      [],
    );
  });
});

it("what docstrings show compiles", () => {
  const modules = SHOWN.flatMap((entry) => {
    const examples = exportsOf(entry).flatMap(examplesOf);
    expect(examples.length).toBeGreaterThan(0);
    // What augments the package would change what all others see.
    return examples
      .filter(({ text }) => !text.startsWith("declare module"))
      .map(
        ({ place: at, text }) =>
          [path.join(ROOT, "test/docs", `${at.replace(/\W/g, "-")}.ts`), moduleOf(text, entry)] as const,
      );
  });
  expect(
    errorsIn(
      new Map([
        ...modules,
        [path.join(ROOT, "test/docs/given.ts"), GIVEN],
        [path.join(ROOT, "test/docs/index.ts"), "export {};"],
      ]),
    ),
  ).toEqual([]);
}, 120_000);

describe("what docstrings of pulumi-hogflow show", () => {
  const config = {
    requireSecret: (key: string) => pulumi.secret(key),
    require: (key: string) => key,
    requireNumber: () => 7,
    get: () => undefined,
    getNumber: () => undefined,
    getBoolean: () => undefined,
  };
  const GIVEN_VALUES = {
    pulumi,
    config,
    team: { integrationId: 7 },
    vars: sdk.variables({ score: "number", summary: "string", coupon: "string", recipients: "string" }),
    bucket: { websiteUrl: pulumi.output("https://example.com") },
    digest: {},
    winback: {},
    flow: {},
  };
  const examples = [
    ...new Map(
      exportsOf("pulumi-hogflow")
        .flatMap(examplesOf)
        .map((example) => [example.place, example]),
    ).values(),
  ].filter(({ text }) => !text.startsWith("declare module") && !text.includes("validate("));

  it.each(examples.map(({ place: at, text }) => [at, text]))("is what PostHog's worker can run: %s", (_, text) => {
    const made = recording();
    const flows: Record<string, unknown>[] = [];
    class HogFlow {
      static get = (): object => ({});
      webhookUrl = pulumi.output("x");
      constructor(_name: string, args: object) {
        flows.push(args as Record<string, unknown>);
      }
    }
    const names: Record<string, unknown> = {
      "pulumi-hogflow": {
        ...made.sdk,
        file: (name: string) => name,
        mjml: (name: string) => name,
        HogFlow,
        HogFlowSchedule: class {
          static get = (): object => ({});
        },
      },
      "./given": GIVEN_VALUES,
    };
    // Where the example is a step in keyed form, it is in a map of this name.
    const { outputText } = ts.transpileModule(
      `${moduleOf(text, "pulumi-hogflow")}\nexport const keyed: unknown = ${/^\w+: \{/.test(text) ? "actions" : "undefined"};`,
      { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } },
    );
    const exports: { keyed?: Record<string, unknown> } = {};
    new Function("require", "exports", outputText)((name: string) => names[name], exports);
    const keyed = [
      ...(exports.keyed === undefined ? [] : [exports.keyed]),
      ...flows.flatMap(({ actions }) => (actions === undefined ? [] : [actions as Record<string, unknown>])),
    ];
    expect([...breaksOf(made), ...keyed.flatMap((actions) => contractBreaks(wireOf({ name: "x", actions })))]).toEqual(
      [],
    );
  });
});

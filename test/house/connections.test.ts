// Only the files that docs/support.md names open or take connections: everything that the package sends goes through one of them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { ROOT } from "../support/compile-modules";

/** Folders whose code is in the package. */
const FOLDERS = [
  "definition",
  "rules",
  "api",
  "provider",
  "plugin",
  "sdk",
  "simulator",
  "testing",
  "operate",
  "policy",
  "cli",
  "emulator",
  "show",
  "template",
];
/** What connects, with the names of it that do not. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  undici: [],
  "node:http": [],
  "node:https": [],
  "node:http2": [],
  "node:net": ["isIP"],
  "node:tls": [],
  "node:dgram": [],
  "node:dns": [],
  "@grpc/grpc-js": ["Metadata", "status"],
};
const GLOBALS = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "sendBeacon"];
/** Those that connect when they are imported or called, whatever they are named here. */
const moduleOf = (name: string): readonly string[] | undefined => MODULES[name] ?? MODULES[`node:${name}`];

/** What in a file could connect. */
function connectionsIn(file: string, text: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const harmless = moduleOf(node.moduleSpecifier.text);
      const { importClause: clause } = node;
      const named = clause?.namedBindings;
      const names =
        named && ts.isNamedImports(named)
          ? named.elements
              .filter(({ isTypeOnly }) => !isTypeOnly)
              .map(({ name, propertyName }) => (propertyName ?? name).text)
          : ["everything"];
      if (clause?.name) names.push("default");
      if (harmless && clause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
        found.push(...names.filter((name) => !harmless.includes(name)));
    }
    if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
      if (loads && argument && ts.isStringLiteral(argument) && moduleOf(argument.text)) found.push(argument.text);
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = node.expression.getText().replace(/^.*\./, "");
      if (GLOBALS.includes(name)) found.push(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it("sees what connects, and not what is only a type or a check", () => {
  const of = (text: string): string[] => connectionsIn("a.ts", text);
  expect(of('import { createServer, type Server } from "node:http";')).toEqual(["createServer"]);
  expect(of('import * as net from "net";')).toEqual(["everything"]);
  expect(
    of(
      'const { Agent } = require("undici"); await import("node:tls"); fetch("x"); new WebSocket("x"); globalThis.fetch("y");',
    ),
  ).toEqual(["undici", "node:tls", "fetch", "WebSocket", "fetch"]);
  expect(
    of('import type { Server } from "node:http"; import { isIP } from "node:net"; import type http from "http";'),
  ).toEqual([]);
});

it("is in the files of the table, and nowhere else", () => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...FOLDERS], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const connecting = files.filter(
    (file) => connectionsIn(file, readFileSync(path.join(ROOT, file), "utf8")).length > 0,
  );
  const page = readFileSync(path.join(ROOT, "docs/support.md"), "utf8");
  const table = page.slice(page.indexOf("## What is sent where")).match(/^\|.*\|$/gm)!;
  expect([...table.join("\n").matchAll(/`([\w-]+\/[\w./-]+\.ts)`/g)].map(([, file]) => file).sort()).toEqual(
    connecting.sort(),
  );
});

it("loads no package for it but undici", () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const known = [
    "@posthog/hogql-parser",
    "@posthog/hogvm",
    "commander",
    "diff",
    "jsonc-parser",
    "liquidjs",
    "re2js",
    "rrule",
    "undici",
    "yaml",
  ];
  // A new one is looked at, before it is added here.
  expect(Object.keys(dependencies).sort()).toEqual(known);
});

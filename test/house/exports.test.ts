// What each entry of the package exports is a promise: a name that comes, goes or changes its kind is a decision, made by changing exports.txt.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FILE = path.join(import.meta.dirname, "exports.txt");

const { exports: entries } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  exports: Record<string, string | { types?: string; import?: { types: string }; require?: { types: string } }>;
};

/** The sources of the entries: `./operate` with operate/index.ts. */
const sources = Object.entries(entries).flatMap(([entry, target]) => {
  if (typeof target === "string") return [];
  const declarations = [target.types, target.import?.types, target.require?.types].filter((file) => file !== undefined);
  return declarations.map((file) => ({
    entry: declarations.length > 1 ? `${entry} (${path.extname(file)})` : entry,
    source: path.join(ROOT, file.replace("/dist/", "/").replace(/\.d\.([cm]?ts)$/, ".$1")),
  }));
});

function exportsOf(): string {
  const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(
    sources.map(({ source }) => source),
    { ...options, noEmit: true },
  );
  const checker = program.getTypeChecker();
  return sources
    .map(({ entry, source }) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(source)!)!;
      const names = checker.getExportsOfModule(module).map((symbol) => {
        const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        return target.flags & ts.SymbolFlags.Value ? symbol.name : `type ${symbol.name}`;
      });
      return [entry, ...names.sort().map((name) => `  ${name}`)].join("\n");
    })
    .join("\n\n");
}

it("are those of exports.txt", async () => {
  await expect(`${exportsOf()}\n`).toMatchFileSnapshot(FILE);
}, 60_000);

// The types as users meet them: the built package, under the oldest TypeScript that it is for and under the newest. Flows that must compile do, and
// each mistake is an error on its own line, with the message that names it.
import { readdirSync, readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type TypeScript from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";

const FOLDER = path.join(import.meta.dirname, "fixtures");
const FIXTURES = readdirSync(FOLDER).filter((name) => name.endsWith(".ts"));
/** The newest is the repository's own; the oldest is installed beside this file. */
const COMPILERS = { newest: "../../package.json", oldest: "./package.json" };
const compilerOf = (name: keyof typeof COMPILERS): typeof TypeScript =>
  createRequire(new URL(COMPILERS[name], import.meta.url))("typescript") as typeof TypeScript;
const EXPECTED = /^\s*\/\/ error: (.+)$/;

beforeAll(() => build(), 180_000);

interface Found {
  line: number;
  message: string;
}

function compile(ts: typeof TypeScript, files: readonly string[]): TypeScript.Program {
  return ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ["node"],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
  });
}

function errorsOf(ts: typeof TypeScript, program: TypeScript.Program, file: string): Found[] {
  const source = program.getSourceFile(file)!;
  return ts.getPreEmitDiagnostics(program, source).map((found) => ({
    line: source.getLineAndCharacterOfPosition(found.start ?? 0).line,
    message: ts.flattenDiagnosticMessageText(found.messageText, "\n"),
  }));
}

it("has two compilers, of which the older is the oldest that the package is for", () => {
  expect(compilerOf("oldest").versionMajorMinor).toBe("5.2");
  expect(compilerOf("newest").versionMajorMinor).not.toBe("5.2");
});

describe.each(["newest", "oldest"] as const)("the %s TypeScript", (name) => {
  const ts = compilerOf(name);
  let program: TypeScript.Program;
  beforeAll(() => {
    program = compile(
      ts,
      FIXTURES.map((name) => path.join(FOLDER, name)),
    );
  }, 180_000);

  it.each(FIXTURES)(
    "says to %s what it should, and nothing else",
    (name) => {
      const file = path.join(FOLDER, name);
      const lines = readFileSync(file, "utf8").split("\n");
      const expected = lines.flatMap((line, i) =>
        EXPECTED.test(line) ? [{ line: i + 1, message: EXPECTED.exec(line)![1]! }] : [],
      );
      const found = errorsOf(ts, program, file);
      const missing = expected.filter(
        ({ line, message }) => !found.some((error) => error.line === line && error.message.includes(message)),
      );
      const told = missing.map(
        ({ line, message }) =>
          `${name}:${line + 1} should say: ${message}\n  says: ${
            found
              .filter((error) => error.line === line)
              .map((error) => error.message)
              .join("\n") || "nothing"
          }`,
      );
      const others = found
        .filter((error) => !expected.some(({ line }) => line === error.line))
        .map(({ line, message }) => `${name}:${line + 1} says: ${message}`);
      expect([...told, ...others]).toEqual([]);
    },
    120_000,
  );

  it("shows a flow as HogFlow on hover", () => {
    const file = path.join(FOLDER, "flows.ts");
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(file)!;
    const shown: string[] = [];
    const visit = (node: TypeScript.Node): void => {
      if (ts.isVariableDeclaration(node) && node.name.getText(source) === "flow")
        shown.push(checker.typeToString(checker.getTypeAtLocation(node.name)));
      ts.forEachChild(node, visit);
    };
    visit(source);
    expect(shown).toEqual(["HogFlow"]);
  });
});

describe("a flow of 900 steps", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(import.meta.dirname, "long-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("compiles, and its last step is checked like its first", () => {
    const ts = compilerOf("newest");
    const file = path.join(folder, "long.ts");
    const steps = Array.from({ length: 900 }, (_, i) => `    delay("step_${i}", "1d"),\n`).join("");
    writeFileSync(
      file,
      `import { delay, goTo, HogFlow, on } from "pulumi-hogflow";\nnew HogFlow("long", {\n  trigger: on.event("x"),\n  steps: [\n${steps}    goTo("step_0"),\n  ],\n});\nnew HogFlow("wrong", {\n  trigger: on.event("x"),\n  steps: [\n${steps}    delay("step_899", "1d"),\n  ],\n});\n`,
    );
    const program = compile(ts, [file]);
    expect(errorsOf(ts, program, file).map(({ message }) => /"two steps[^']*/.exec(message)?.[0])).toEqual([
      '"two steps have the id \\"step_899\\""',
    ]);
  }, 300_000);
});

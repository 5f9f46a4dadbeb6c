// What docs/testing.md shows holds when it is run.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript";
import { expect, it, vi } from "vitest";
import * as sdk from "../../sdk";
import * as testing from "../../testing";
import "../../testing/vitest.mjs";

const PAGE = path.resolve(import.meta.dirname, "../../docs/testing.md");
const blocks = [...readFileSync(PAGE, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]!);

it("has examples", () => expect(blocks.length).toBeGreaterThan(4));

it.each(blocks.map((block, i) => [i + 1, block] as const))("block %i", async (_, block) => {
  const ran: string[] = [];
  const names: Record<string, unknown> = {
    "pulumi-hogflow": sdk,
    "pulumi-hogflow/testing": testing,
    "pulumi-hogflow/testing/vitest": {},
    vitest: {
      expect,
      describe: (_: string, act: () => void) => act(),
      it: (name: string, act: () => void) => (act(), ran.push(name)),
    },
  };
  const require = createRequire(import.meta.url);
  const { outputText } = ts.transpileModule(block, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: Record<string, unknown> = {};
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  new Function("require", "exports", outputText)((name: string) => names[name] ?? require(name), exports);
  await exports["checked"];
  log.mockRestore();
  expect(ran.length).toBe(block.match(/^ {2}it\(/gm)?.length ?? 0);
});

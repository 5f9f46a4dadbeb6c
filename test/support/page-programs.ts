// The programs that pages show, and the definitions that those in TypeScript make.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import type { Dict } from "../../definition/canonical/values";
import * as sdk from "../../sdk";
import { convert } from "../../sdk/convert";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** The first block of a page in this language. */
export function pageBlock(page: string, language: string): string {
  const text = readFileSync(path.join(REPOSITORY, page), "utf8");
  const [, block] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(text) ?? [];
  if (block === undefined) throw new Error(`${page} has no block in ${language}.`);
  return block;
}

/** The definition of the one flow of a program in TypeScript. */
export function programDefinition(program: string): Dict {
  let definition: Dict = {};
  class HogFlow {
    constructor(name: string, args: Dict) {
      ({ definition } = convert(args, name));
    }
  }
  const { outputText } = ts.transpileModule(program, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  new Function("require", "exports", outputText)(() => ({ ...sdk, HogFlow }), {});
  return definition;
}

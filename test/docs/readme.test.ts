// The pictures of README.md are what the code makes of the flow above them.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { drawFlow } from "../../operate/graph/draw";
import { parsePreview } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import * as sdk from "../../sdk";
import { convert } from "../../sdk/convert";

const README = readFileSync(path.resolve(import.meta.dirname, "../../README.md"), "utf8");
const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";

function block(language: string): string {
  const [, text] = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(README) ?? [];
  expect(text, language).toBeDefined();
  return text!;
}

/** The program of the page, with the change of the page. */
function changedProgram(): string {
  const lines = block("diff").trimEnd().split("\n");
  const linesWith = (sign: string): string[] => lines.flatMap((line) => (line[0] === sign ? [line.slice(1)] : []));
  const removed = linesWith("-").join("\n");
  expect(block("ts")).toContain(removed);
  return block("ts").replace(removed, linesWith("+").join("\n")).replace(", when }", ", timeWindow, when }");
}

function definitionOf(program: string): Dict {
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

it("draws the first flow as hogflow graph does", () => {
  expect(block("mermaid").trimEnd()).toBe(drawFlow(definitionOf(block("ts"))).trimEnd());
});

it("shows the comment of hogflow review, up to its drawings", () => {
  const [before, after] = [definitionOf(block("ts")), definitionOf(changedProgram())];
  const resource = { type: TYPE, custom: true };
  const step = {
    op: "update",
    urn: `urn:pulumi:production::growth::${TYPE}::onboarding`,
    oldState: { ...resource, id: "0199", inputs: before, outputs: { ...before, liveStatus: "active", version: 1 } },
    newState: { ...resource, inputs: after },
  };
  const comment = renderReview(reviewOf(parsePreview(JSON.stringify({ steps: [step] })), { now: 0 }));
  const quoted = README.match(/^>.*$/gm)!.map((line) => line.replace(/^> ?/, ""));
  expect(quoted.join("\n")).toBe(comment.slice(0, comment.indexOf("\n\n**After**")));
});

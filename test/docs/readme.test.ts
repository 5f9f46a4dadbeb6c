// The pictures of README.md are what the code makes of the flow above them.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { drawFlow } from "../../operate/graph/draw";
import { parsePreview } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import { pageBlock, programDefinition } from "../support/page-programs";

const README = readFileSync(path.resolve(import.meta.dirname, "../../README.md"), "utf8");
const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";

const block = (language: string): string => pageBlock("README.md", language);

/** The program of the page, with the change of the page. */
function changedProgram(): string {
  const lines = block("diff").trimEnd().split("\n");
  const linesWith = (sign: string): string[] => lines.flatMap((line) => (line[0] === sign ? [line.slice(1)] : []));
  const removed = linesWith("-").join("\n");
  expect(block("ts")).toContain(removed);
  return block("ts").replace(removed, linesWith("+").join("\n")).replace(", when }", ", timeWindow, when }");
}

it("draws the first flow as hogflow graph does", () => {
  expect(block("mermaid").trimEnd()).toBe(drawFlow(programDefinition(block("ts"))).trimEnd());
});

it("shows the comment of hogflow review, up to its drawings", () => {
  const [before, after] = [programDefinition(block("ts")), programDefinition(changedProgram())];
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

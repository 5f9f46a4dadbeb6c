// The recipes for GitHub Actions as files: GitHub's own parser has nothing against them. What their steps do, test/engine/recipes.test.ts runs.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { expect, it } from "vitest";

const RECIPES = path.resolve(import.meta.dirname, "../../examples/github-actions");
const FILES = readdirSync(RECIPES).filter((file) => file.endsWith(".yml"));

function errorsIn(name: string, content: string): string[] {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  return [...context.errors.getErrors().map(({ message }) => message), ...(value === undefined ? ["no workflow"] : [])];
}

it.each(FILES)("%s is a workflow", (file) => {
  expect(errorsIn(file, readFileSync(path.join(RECIPES, file), "utf8"))).toEqual([]);
});

it("is a parser that sees what is wrong", () => {
  expect(FILES.length).toBeGreaterThan(3);
  const content =
    "on: pull_request\npermissions:\n  pull-request: write\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step:\n      - run: echo ${{ nobody.knows }}\n";
  expect(errorsIn("wrong.yml", content).join("\n")).toMatch(/pull-request'[^]*'step'/);
  expect(
    errorsIn(
      "wrong.yml",
      "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nobody.knows }}\n",
    ).join("\n"),
  ).toContain("nobody");
});

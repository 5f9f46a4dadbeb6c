// The recipe for GitLab as `hogflow init` writes it: for one stack, in the project's folder, and still a pipeline.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { recipesFor } from "../../operate/init/recipes";

const FILE = path.resolve(import.meta.dirname, "../../examples/gitlab-ci/.gitlab-ci.yml");

it("has a review, a deployment and a check of the one stack, and no promotion", async () => {
  const { ".gitlab-ci.yml": text, ...others } = recipesFor(
    "gitlab",
    { ".gitlab-ci.yml": await readFile(FILE, "utf8") },
    { stack: "acme/shop/dev", packageManager: "pnpm", folder: "flows" },
  );
  expect(others).toEqual({});
  const { workflow: _, stages, variables, default: defaults, ...jobs } = parse(text!);
  expect(Object.keys(jobs)).toEqual(["preview", "deploy", "drift"]);
  expect(stages).toEqual(["review", "deploy", "drift"]);
  expect(variables).toEqual({ FOLDER: "flows" });
  for (const { stage, variables: own, script } of Object.values<any>(jobs)) {
    expect(stages).toContain(stage);
    expect(own).toEqual({ STACK: "acme/shop/dev" });
    expect(script.join("\n")).not.toMatch(/staging|production/);
  }
  expect(jobs.deploy.environment.name).toBe("dev");
  expect(defaults.before_script[0]).toBe('cd "$FOLDER"');
  expect(defaults.before_script.join("\n")).toContain("pnpm");
  expect(text).not.toMatch(/\bpromotion\b/);
});

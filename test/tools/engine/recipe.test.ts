// The Go modules in the repository pin what the recipe says.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import {
  compareVersions,
  ENGINE_RECIPE,
  LANGUAGES_RECIPE,
  recipeKey,
  REPOSITORY,
} from "../../../tools/engine/recipe.mjs";

const modules = [...ENGINE_RECIPE.modules, ...LANGUAGES_RECIPE.modules];

it.each(modules)("$executable is pinned to $version", ({ folder, package: name, version }) => {
  const goMod = readFileSync(`${folder}/go.mod`, "utf8");
  // The shim is ours, and goes by the version of what it is built with.
  const root = name === "." ? "github.com/pulumi/pulumi/pkg/v3" : /^(.*?)\/(?:cmd|nodejs|python|go)\//.exec(name)?.[1];
  expect(goMod).toContain(`${root} v${version}`);
  expect(readFileSync(`${folder}/go.sum`, "utf8")).toContain(`${root} v${version} h1:`);
});

it("shares what the command line has compiled: other parts pin the same versions of what is not Pulumi's", () => {
  const pins = (folder: string): Map<string, string> =>
    new Map(
      [...readFileSync(`${folder}/go.mod`, "utf8").matchAll(/^\s+(\S+) (v\S+)/gm)]
        .map(([, name, version]) => [name!, version!] as const)
        .filter(([name]) => !name.startsWith("github.com/pulumi/pulumi")),
    );
  const folderOf = (executable: string) => modules.find((module) => module.executable === executable)!.folder;
  const shared = pins(folderOf("pulumi"));
  const folders = ["language-shim", "pulumi-language-yaml"].map(folderOf);
  // What the Go programs of tests start from.
  folders.push(path.join(REPOSITORY, "tools/engine/go/program"));
  for (const folder of folders)
    for (const [name, version] of pins(folder))
      expect(`${name} ${version}`).toBe(`${name} ${shared.get(name) ?? version}`);
});

it("has a key for each recipe", () => {
  expect(recipeKey(ENGINE_RECIPE)).toMatch(/^[0-9a-f]{12}$/);
  expect(recipeKey(ENGINE_RECIPE)).not.toBe(recipeKey(LANGUAGES_RECIPE));
});

it("finds the packages of the repository, which the download needs", () => {
  expect(existsSync(path.join(REPOSITORY, "node_modules", "@pulumi", "pulumi"))).toBe(true);
});

it("compares versions by number", () => {
  expect(compareVersions("3.9.0", "v3.10.0")).toBe(-1);
  expect(compareVersions("3.216.0-alpha.1", "3.216.0")).toBe(0);
  expect(compareVersions("4.0.0", "3.999.0")).toBe(1);
});

// The Go modules in the repository pin what the recipe says.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compareVersions, GO_MODULES } from "../../../tools/engine/recipe.mjs";

it.each(GO_MODULES)("$executable is pinned to $version", ({ folder, package: name, version }) => {
  const goMod = readFileSync(`${folder}/go.mod`, "utf8");
  const root = /^(.*\/v3)\//.exec(name)?.[1];
  expect(goMod).toContain(`${root} v${version}`);
  expect(readFileSync(`${folder}/go.sum`, "utf8")).toContain(`${root} v${version} h1:`);
});

it("compares versions by number", () => {
  expect(compareVersions("3.9.0", "v3.10.0")).toBe(-1);
  expect(compareVersions("3.216.0-alpha.1", "3.216.0")).toBe(0);
  expect(compareVersions("4.0.0", "3.999.0")).toBe(1);
});

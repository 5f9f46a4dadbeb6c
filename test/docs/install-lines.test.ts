// Every line that installs the package names a TypeScript that the package is for: npm's latest is one that Pulumi cannot load.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const below = (folder: string): string[] =>
  readdirSync(path.join(REPOSITORY, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join(folder, name));
const PAGES = [
  ...below("."),
  ...below("docs"),
  ...readdirSync(path.join(REPOSITORY, "examples")).flatMap((name) => below(path.join("examples", name))),
];

it("names a major version of TypeScript that the package takes", () => {
  const { peerDependencies } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  const limit = Number(/<(\d+)$/.exec(peerDependencies["typescript"]!)![1]);
  const lines = PAGES.flatMap((page) =>
    readFileSync(path.join(REPOSITORY, page), "utf8")
      .split("\n")
      .filter((line) => /^\s*(?:npm|pnpm|yarn|bun) (?:i|install|add) .*\btypescript\b/.test(line)),
  );
  expect(lines).not.toEqual([]);
  for (const line of lines) expect(Number(/\btypescript@(\d+)/.exec(line)?.[1]), line).toBe(limit - 1);
});

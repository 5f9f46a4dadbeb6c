// Every line that installs TypeScript names the one of the template: npm's latest is one that Pulumi cannot load, and the one before needs more in a tsconfig.json
// than `pulumi new typescript` writes.
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

it("names the major version of TypeScript that the template has, and that the package takes", () => {
  const { peerDependencies } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8")) as {
    peerDependencies: Record<string, string>;
  };
  const [, oldest, limit] = /^>=(\d+)\S* <(\d+)$/.exec(peerDependencies["typescript"]!)!.map(Number);
  const template = JSON.parse(readFileSync(path.join(REPOSITORY, "template/package.json"), "utf8"));
  const major = Number(/^\^(\d+)\./.exec(template.devDependencies.typescript)![1]);
  expect(major).toBeGreaterThanOrEqual(oldest!);
  expect(major).toBeLessThan(limit!);
  const lines = PAGES.flatMap((page) =>
    readFileSync(path.join(REPOSITORY, page), "utf8")
      .split("\n")
      .filter((line) => /(?:^\s*|`)(?:npm|pnpm|yarn|bun) (?:i|install|add) .*\btypescript\b/.test(line)),
  );
  expect(lines).not.toEqual([]);
  for (const line of lines) expect(Number(/\btypescript@(\d+)/.exec(line)?.[1]), line).toBe(major);
});

// CONTRIBUTING.md and SECURITY.md name files, commands, suites and versions that there are.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), "utf8");
const packageJson = JSON.parse(read("package.json"));
const PAGES = ["CONTRIBUTING.md", "SECURITY.md", ".github/pull_request_template.md"];
/** Text in backticks that looks like a file of this repository: a folder or a file with an ending. */
const FILE = /`([.\w-]+\/[\w./-]*|[A-Z]+\.md|[\w-]+\.json|\.[\w-]+)`/g;
/** Made by a build, or of another package. */
const NOT_HERE = [
  ".screenshots",
  ".site",
  "archives/",
  "Pulumi.dev.yaml",
  "dist/",
  "dist/provider/dynamic.js",
  "dist/provider/lifecycles.js",
  "dist/THIRD-PARTY-NOTICES.txt",
  "pulumi-hogflow/provider",
  "grpc.json",
];

describe.each(PAGES)("%s", (page) => {
  const text = read(page);

  it("names files that there are", () => {
    const named = [...text.matchAll(FILE)].map(([, file]) => file!).filter((file) => !NOT_HERE.includes(file));
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, file]) => file!);
    expect([...named, ...links].filter((file) => !existsSync(path.join(REPOSITORY, file)))).toEqual([]);
  });

  it("names scripts that there are", () => {
    const scripts = [...text.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, script]) => script!);
    expect(scripts.filter((script) => packageJson.scripts[script] === undefined)).toEqual([]);
  });
});

describe("CONTRIBUTING.md", () => {
  const text = read("CONTRIBUTING.md");

  it("shows for every suite how to run one test, with a file that there is", () => {
    const suites = [...read("tools/test.mjs").matchAll(/\{ name: "([\w-]+)", folder/g)].map(([, name]) => name!);
    expect(suites).toHaveLength(8);
    for (const suite of suites) {
      const [, file] = new RegExp(`--project ${suite} ([\\w./-]+)`).exec(text) ?? [];
      expect(file, suite).toBeDefined();
      expect(existsSync(path.join(REPOSITORY, file!)), file).toBe(true);
    }
  });

  it("names the versions that are tested", () => {
    const { suites, package: packed } = parse(read(".github/workflows/test.yml")).jobs;
    const node: string[] = suites.strategy.matrix.node;
    expect(text).toContain(`Node ${node.slice(0, -1).join(", ")} and ${node.at(-1)}`);
    expect(text).toContain(`TypeScript ${packed.strategy.matrix.typescript.join(" and ")}`);
    expect(text).toContain(`Node ${node[0]} or later`);
  });

  it("names the checks and secrets of the workflows as they are called there", () => {
    const names = Object.values<any>(parse(read(".github/workflows/test.yml")).jobs).map(({ name }) => name);
    expect(names).toContain("All tests passed");
    expect(text).toContain("`All tests passed`");
    const release = read(".github/workflows/release.yml");
    for (const [, secret] of release.matchAll(/secrets\.(\w+)/g)) expect(text).toContain(`\`${secret}\``);
    for (const [, name] of release.matchAll(/environment: (\w+)/g)) expect(text).toContain(`environment \`${name}\``);
  });

  it("links to headings that there are", () => {
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replace(/ /g, "-"));
    for (const [, anchor] of text.matchAll(/\]\(#([\w-]+)\)/g)) expect(headings).toContain(anchor);
  });
});

// The pages that are made from the code say what the code does now.
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
beforeAll(() => build(), 180_000);

it("are up to date: npm run docs", async () => {
  // Not at the top: what it reads is built first. It has no types.
  const { pages } = (await import(path.join(REPOSITORY, "tools/docs/pages.mjs"))) as {
    pages(): Promise<{ file: string; text: string }[]>;
  };
  for (const { file, text } of await pages())
    expect(readFileSync(path.join(REPOSITORY, file), "utf8") === text, `${file} is out of date: npm run docs`).toBe(
      true,
    );
}, 60_000);

// What runs on one transport alone is listed, and the list is of files that there are.
import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { ENGINE_ONCE } from "../support/engine-once.mjs";

const FOLDER = path.resolve(import.meta.dirname, "../engine");

it("every engine test that runs once is there, and has a reason", () => {
  for (const [name, reason] of Object.entries(ENGINE_ONCE)) {
    expect(existsSync(path.join(FOLDER, `${name}.test.ts`)), name).toBe(true);
    expect(reason, name).not.toBe("");
  }
});

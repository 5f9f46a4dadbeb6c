// Before the browser suite: the package is built, and the Chromium known or installed, also when `vitest` was started by hand. After it: where
// the pictures are that the tests took.
import { existsSync, rmSync } from "node:fs";
import { build } from "../../tools/build.mjs";
import { findChromium } from "../../tools/chromium.mjs";
import { CHROMIUM_VARIABLE } from "../../operate/show/chromium";
import { SCREENSHOTS } from "./screenshots";

export async function setup(): Promise<() => void> {
  await build();
  process.env[CHROMIUM_VARIABLE] ??= await findChromium({ log: console.log });
  rmSync(SCREENSHOTS, { recursive: true, force: true });
  return () => {
    if (existsSync(SCREENSHOTS)) console.log(`Screenshots: ${SCREENSHOTS}`);
  };
}

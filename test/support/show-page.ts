// Pages of `hogflow show` for the browser: written by the built package to a folder that goes with the test file.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type * as page from "../../operate/show/page-html";
import type { ShowData } from "../../show/data";

const require = createRequire(import.meta.url);

/** The document, by the built package. */
export const builtPage: typeof page.pageHtml = (...given) =>
  (require("../../dist/operate/show/page-html.js") as typeof page).pageHtml(...given);

/** Writes pages, and gives their files. */
export function usePages(): (data: ShowData) => string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-show-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return (data) => {
    const file = path.join(folder, `page-${++count}.html`);
    writeFileSync(file, builtPage(data));
    return file;
  };
}

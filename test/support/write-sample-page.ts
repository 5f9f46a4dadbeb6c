// Writes the page of the sample to a file, to be looked at in a browser: `npx tsx test/support/write-sample-page.ts sample.html`. It takes the page that
// `node tools/build.mjs` has built.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as page from "../../operate/show/page-html";
import { sampleShowData } from "./show-sample";

const { pageHtml } = createRequire(__filename)("../../dist/operate/show/page-html.js") as typeof page;
const file = process.argv[2] ?? "sample-page.html";
writeFileSync(file, pageHtml(sampleShowData()));
console.log(file);

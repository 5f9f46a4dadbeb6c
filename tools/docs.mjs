// `npm run docs`: writes the pages of docs/ that are made from the code: commands, rules and the API reference. With --check it writes nothing and fails
// when a page is out of date.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setUp, REPOSITORY } from "./setup.mjs";
import { pages } from "./docs/pages.mjs";

const isCheck = process.argv.includes("--check");
try {
  await setUp();
  const stale = [];
  for (const { file, text } of await pages({ log: console.log })) {
    const target = path.join(REPOSITORY, file);
    if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
    stale.push(file);
    if (isCheck) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  if (stale.length === 0) console.log("All pages are up to date.");
  else if (isCheck) {
    console.error(`Out of date: ${stale.join(", ")}. Run: npm run docs`);
    process.exitCode = 1;
  } else console.log(`Written: ${stale.join(", ")}. Next: read the difference, and commit it.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

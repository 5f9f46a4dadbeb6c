// `npm run site`: builds the documentation site of this version into .site, and fails where a link or its anchor leads nowhere. `-- --serve` then serves it.
// A workflow adds `--into <folder>`, where the versions before it are, and `--address <url>`, where people will read it.
import path from "node:path";
import { parseArgs } from "node:util";
import { onInterrupt } from "./engine/interrupt.mjs";
import { secondsSince } from "./engine/process.mjs";
import { installPackages, REPOSITORY } from "./setup.mjs";

const USAGE_ERROR = 2;
const DEFAULT_FOLDER = path.join(REPOSITORY, ".site");
const PORT = 8090;

async function main() {
  const { values } = parseArgs({
    options: {
      serve: { type: "boolean" },
      into: { type: "string" },
      address: { type: "string" },
      port: { type: "string" },
    },
  });
  const into = values.into === undefined ? DEFAULT_FOLDER : path.resolve(values.into);
  const root = values.address === undefined ? "/" : new URL(values.address).pathname.replace(/\/*$/, "/");
  await installPackages();
  // Not at the top: they need the packages.
  const { buildSite, serveSite } = await import("../site/build.mjs");
  const started = Date.now();
  console.log("Building the site …");
  const { folder, pages, links } = await buildSite({ into, root });
  console.log(
    `${path.relative(process.cwd(), folder)}: ${pages} pages, ${links} links, in ${secondsSince(started)} s.`,
  );
  if (!values.serve) return console.log("Next: npm run site -- --serve");
  const { url, stop } = await serveSite(into, { port: Number(values.port ?? PORT) });
  onInterrupt(() => void stop());
  console.log(`Serving ${url}; end it with Ctrl+C.`);
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = error.code?.startsWith?.("ERR_PARSE_ARGS") ? USAGE_ERROR : 1;
}

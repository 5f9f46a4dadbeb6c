// Builds the site of this version beside those before it, fails where a link or its anchor leads nowhere, and serves what was built to this machine.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { Parser } from "htmlparser2";
import semver from "semver";
import sirv from "sirv";
import { onInterrupt } from "../tools/engine/interrupt.mjs";
import { runCommand } from "../tools/engine/process.mjs";
import { repositoryAddress } from "../tools/repository-address.mjs";
import { checkPages, ROOT } from "./pages.mjs";

const LIMIT_MS = 10 * 60_000;

/**
 * Builds this version into `<into>/v<version>`, replaces it where it is there, and keeps the others.
 * @param {{ into: string, root?: string, env?: Readonly<Record<string, string | undefined>> }} options `root` is the path of the site on its host
 * @returns {Promise<{ folder: string, pages: number, links: number }>} the folder of this version
 */
export async function buildSite({ into, root = "/", env = process.env }) {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const fresh = mkdtempSync(path.join(os.tmpdir(), "hogflow-site-"));
  const forget = onInterrupt(() => rmSync(fresh, { recursive: true, force: true }));
  try {
    checkPages();
    const vitepress = path.join(ROOT, "node_modules", "vitepress", "bin", "vitepress.js");
    const { code, stdout, stderr } = await runCommand(process.execPath, [vitepress, "build", "site"], {
      cwd: ROOT,
      timeoutMs: LIMIT_MS,
      env: {
        ...env,
        // A test's own value would make it a build for development.
        NODE_ENV: "production",
        HOGFLOW_SITE_BASE: root,
        HOGFLOW_SITE_OUT: fresh,
        HOGFLOW_SITE_ADDRESS: repositoryAddress({ manifest, env }),
      },
    });
    if (code !== 0) throw new Error(`VitePress could not build the site:\n${stdout}${stderr}`);
    const checked = checkLinks(fresh, `${root}v${manifest.version}/`);
    const folder = path.join(into, `v${manifest.version}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(into, { recursive: true });
    cpSync(fresh, folder, { recursive: true });
    writeRoot(into, root);
    return { folder, ...checked };
  } finally {
    forget();
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What is beside the versions: their list, newest first, and pages that lead to the newest that is no pre-release. */
function writeRoot(into, root) {
  const versions = semver.rsort(readdirSync(into).flatMap((name) => (/^v\d/.test(name) ? [name.slice(1)] : [])));
  const newest = `${root}v${versions.find((version) => semver.prerelease(version) === null) ?? versions[0]}/`;
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>pulumi-hogflow</title><link rel="icon" href="data:,">`;
  const files = {
    "versions.json": `${JSON.stringify(versions)}\n`,
    "index.html": `${page}<meta http-equiv="refresh" content="0; url=${newest}"><p><a href="${newest}">Documentation of pulumi-hogflow</a></p></html>\n`,
    "404.html": `${page}<p>This page does not exist. <a href="${newest}">Documentation of pulumi-hogflow</a></p></html>\n`,
    // GitHub would leave out names that begin with an underscore.
    ".nojekyll": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(into, name), text);
}

/** Every link and every file that the pages of a version ask for is there, with its anchor. */
export function checkLinks(folder, base) {
  const pages = new Map(
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith(".html"))
      .map((name) => [name.split(path.sep).join("/"), readPage(readFileSync(path.join(folder, name), "utf8"))]),
  );
  const dead = [];
  let count = 0;
  for (const [page, { targets }] of pages)
    for (const target of targets) {
      const url = new URL(target, `http://site${base}${page}`);
      if (url.host !== "site") continue;
      count += 1;
      if (!url.pathname.startsWith(base)) {
        dead.push(`${page}: ${target} leads out of the version`);
        continue;
      }
      const name = decodeURI(url.pathname.slice(base.length)).replace(/(^|\/)$/, "$1index.html");
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (!existsSync(path.join(folder, name))) dead.push(`${page}: ${target}`);
      else if (anchor !== "" && !pages.get(name)?.anchors.has(anchor))
        dead.push(`${page}: ${target} (the page has no such anchor)`);
    }
  if (dead.length > 0) throw new Error(`Dead links of the site:\n${dead.map((line) => `  ${line}`).join("\n")}`);
  return { pages: pages.size, links: count };
}

function readPage(html) {
  const page = { anchors: new Set(), targets: [] };
  const parser = new Parser({
    onopentag(_, { id, href, src }) {
      if (id !== undefined) page.anchors.add(id);
      for (const target of [href, src]) if (target !== undefined) page.targets.push(target);
    },
  });
  parser.end(html);
  return page;
}

/** Serves a folder of versions to this machine alone. */
export function serveSite(folder, { port }) {
  const server = http.createServer(sirv(folder, { dev: true }));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const stop = () => new Promise((done) => (server.close(done), server.closeAllConnections()));
      resolve({ url: `http://127.0.0.1:${server.address().port}/`, stop });
    });
  });
}

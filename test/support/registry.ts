// A registry on this machine that has the packed package, as if it were published; for everything else it sends on to the registry that npm uses here.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const REPOSITORY = path.dirname(path.dirname(import.meta.dirname));
const run = promisify(execFile);
const LONG_AGO = "2026-01-01T00:00:00.000Z";
const SHELL = process.platform === "win32";

export interface Registry {
  url: string;
  /** What the package managers take it from. */
  env: Record<string, string>;
  close(): Promise<void>;
}

/** Packs dist/ as it is, and serves it. */
export async function startRegistry(): Promise<Registry> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-registry-"));
  const args = ["pack", "--json", "--ignore-scripts", "--silent", "--pack-destination", folder];
  const packed = JSON.parse((await run("npm", args, { cwd: REPOSITORY, shell: SHELL })).stdout);
  const { filename } = Array.isArray(packed) ? packed[0] : (Object.values(packed)[0] as any);
  const archive = await readFile(path.join(folder, filename));
  await rm(folder, { recursive: true, force: true });
  const manifest = JSON.parse(await readFile(path.join(REPOSITORY, "package.json"), "utf8"));
  const upstream = (await run("npm", ["config", "get", "registry"], { shell: SHELL })).stdout.trim().replace(/\/$/, "");

  const server = createServer((request, response) => {
    const file = `/${manifest.name}/-/${filename}`;
    if (request.url === `/${manifest.name}`) {
      const { name, version, dependencies, peerDependencies, peerDependenciesMeta, bin, engines } = manifest;
      const dist = {
        tarball: `${url}${file}`,
        shasum: createHash("sha1").update(archive).digest("hex"),
        integrity: `sha512-${createHash("sha512").update(archive).digest("base64")}`,
      };
      const one = { name, version, dependencies, peerDependencies, peerDependenciesMeta, bin, engines, dist };
      response.setHeader("content-type", "application/json");
      // Some take nothing that was published in the last days.
      const time = { created: LONG_AGO, modified: LONG_AGO, [version]: LONG_AGO };
      response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions: { [version]: one }, time }));
    } else if (request.url === file) response.end(archive);
    else response.writeHead(302, { location: `${upstream}${request.url}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: {
      npm_config_registry: `${url}/`,
      pnpm_config_registry: `${url}/`,
      YARN_REGISTRY: `${url}/`,
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
    },
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

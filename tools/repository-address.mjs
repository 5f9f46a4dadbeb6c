// Where this repository is on the web: as package.json says, else as GitHub Actions says. Nothing else knows, so outside of both there is no address.
import { statSync } from "node:fs";
import path from "node:path";

const SHAPE = /^(?:git\+)?(https?:\/\/.+?)(?:\.git)?\/?$/;

/**
 * The address of the repository's page, without a slash at its end, or undefined.
 * @param {{ manifest: { repository?: string | { url: string } }, env: Readonly<Record<string, string | undefined>> }} from
 */
export function repositoryAddress({ manifest, env }) {
  const { repository } = manifest;
  const given = typeof repository === "object" ? repository.url : repository;
  if (given !== undefined) return SHAPE.exec(given)?.[1] ?? fail(given);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
  return server && name ? `${server}/${name}` : undefined;
}

function fail(given) {
  throw new Error(
    `"repository" in package.json is ${given}: write the address of its page, https://…, with or without git+ and .git.`,
  );
}

/**
 * The address of a file or folder of the repository, as it is in a release.
 * @param {string} address of the repository
 * @param {{ root: string, file: string, ref: string, raw?: boolean }} what `file` is relative to `root`; `raw` is for pictures
 */
export function fileAddress(address, { root, file, ref, raw = false }) {
  const kind = raw ? "raw" : statSync(path.join(root, file)).isDirectory() ? "tree" : "blob";
  return `${address}/${kind}/${ref}/${file.replace(/\/$/, "")}`;
}

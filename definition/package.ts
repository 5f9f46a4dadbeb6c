// What this package says of itself: its version, and where its releases are.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const PACKAGE_NAME = "pulumi-hogflow";

interface Manifest {
  version: string;
  repository?: string | { url: string };
}

/** Set where the package is bundled into one file, which may be anywhere. */
declare const BUNDLED_MANIFEST: Manifest | undefined;

let cached: Manifest | undefined;
const manifest = (): Manifest =>
  (cached ??= typeof BUNDLED_MANIFEST === "undefined" ? nearestManifest() : BUNDLED_MANIFEST);

/** The sources and the compiled files lie at different depths below package.json: the nearest one with our name counts. */
function nearestManifest(): Manifest {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest & { name?: unknown };
      if (found.name === PACKAGE_NAME && typeof found.version === "string") return found;
    } catch {
      // Not here: look one folder up.
    }
    if (folder === dirname(folder)) return { version: "0" };
  }
}

export const packageVersion = (): string => manifest().version;

const addressIn = ({ repository }: Manifest): string | undefined => {
  const url = typeof repository === "string" ? repository : repository?.url;
  return /^(?:git\+)?(https:\/\/.+?)(?:\.git)?\/?$/.exec(url ?? "")?.[1];
};

/** A page of the documentation as it is in this version: its address where package.json names the repository, else its file. */
export function pageOf(file: string, from = manifest()): string {
  const address = addressIn(from);
  return address === undefined
    ? `${file} in the repository of ${PACKAGE_NAME}`
    : `${address}/blob/v${from.version}/${file}`;
}

/**
 * Where the engine downloads the plugin of this version from: the release of the repository that package.json names. Undefined where it names none on GitHub, as in
 * a checkout: the repository is written there when the package is packed.
 */
export function pluginDownloadUrl(from = manifest()): string | undefined {
  const [, name] = /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+)$/.exec(addressIn(from) ?? "") ?? [];
  // Not by GitHub's API (github://), which answers 60 requests an hour to all that share an address.
  return name && `https://github.com/${name}/releases/download/v${from.version}`;
}

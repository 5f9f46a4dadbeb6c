/** How this client introduces itself: name and version of the package, and of Node. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const NAME = "pulumi-hogflow";

let cached: string | undefined;

export function defaultUserAgent(): string {
  return (cached ??= `${NAME}/${packageVersion()} (node/${process.versions.node})`);
}

/** Set where the package is bundled into one file, which may be anywhere. */
declare const BUNDLED_VERSION: string | undefined;

/** The sources and the compiled files lie at different depths below package.json: the nearest one with our name counts. */
export function packageVersion(): string {
  if (typeof BUNDLED_VERSION === "string") return BUNDLED_VERSION;
  for (let folder = __dirname; ; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (name === NAME && typeof version === "string") return version;
    } catch {
      // Not here: look one folder up.
    }
    if (folder === dirname(folder)) return "0";
  }
}

/** How this client introduces itself: name and version of the package, and of Node. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const NAME = "pulumi-hogflow";

let cached: string | undefined;

export function defaultUserAgent(): string {
  return (cached ??= `${NAME}/${packageVersion()} (node/${process.versions.node})`);
}

/** The sources and the compiled files lie at different depths below package.json: the nearest one with our name counts. */
export function packageVersion(): string {
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

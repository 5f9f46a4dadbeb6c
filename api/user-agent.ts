/** How this client introduces itself: name and version of the package, and of Node. */
import { PACKAGE_NAME, packageVersion } from "../definition/package";

let cached: string | undefined;

export function defaultUserAgent(): string {
  return (cached ??= `${PACKAGE_NAME}/${packageVersion()} (node/${process.versions.node})`);
}

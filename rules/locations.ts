// Files and lines of the program behind a path, from what the SDK sends along as `sources` (design L14).
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, own } from "../definition/canonical/values";
import { isPart, locationInPart } from "../definition/schema/source-part";

const HAS_LINE = /:\d+$/;

/** The locations of a path and of everything above it, the nearest first. `line` counts inside the text at the path, which may be a separate file. */
export function locationsOf(path: Path, sources: unknown, line?: number): string[] {
  if (!isDict(sources)) return [];
  const locations: string[] = [];
  for (let length = path.length; length > 0; length -= 1) {
    const found = own(sources, formatPath(path.slice(0, length)));
    for (const location of Array.isArray(found) ? found : []) {
      if (typeof location !== "string") continue;
      const here = length === path.length ? line : undefined;
      const exact = isPart(location)
        ? locationInPart(location, here)
        : here !== undefined && !HAS_LINE.test(location)
          ? `${location}:${here}`
          : location;
      if (exact !== undefined && !locations.includes(exact)) locations.push(exact);
    }
  }
  return locations;
}

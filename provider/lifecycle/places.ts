// Files and lines of the program behind a path, from what the SDK sends along as `sources` (design L14).
import { formatPath, type Path } from "../canonical/paths";
import { isDict, own } from "../canonical/values";

const HAS_LINE = /:\d+$/;

/** The places of a path and of everything above it, the nearest first. `line` counts inside the text at the path, which may be a file of its own. */
export function placesOf(path: Path, sources: unknown, line?: number): string[] {
  if (!isDict(sources)) return [];
  const places: string[] = [];
  for (let length = path.length; length > 0; length -= 1) {
    const found = own(sources, formatPath(path.slice(0, length)));
    for (const place of Array.isArray(found) ? found : []) {
      if (typeof place !== "string") continue;
      const exact = length === path.length && line !== undefined && !HAS_LINE.test(place) ? `${place}:${line}` : place;
      if (!places.includes(exact)) places.push(exact);
    }
  }
  return places;
}

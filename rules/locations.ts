// Files and lines of the program behind a path, from what the SDK sends along as `sources` (design L14).
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, own } from "../definition/canonical/values";
import { isPart, placeInPart } from "../definition/schema/source-part";

const HAS_LINE = /:\d+$/;

/** The places of a path and of everything above it, the nearest first. `line` counts inside the text at the path, which may be a file of its own. */
export function placesOf(path: Path, sources: unknown, line?: number): string[] {
  if (!isDict(sources)) return [];
  const places: string[] = [];
  for (let length = path.length; length > 0; length -= 1) {
    const found = own(sources, formatPath(path.slice(0, length)));
    for (const place of Array.isArray(found) ? found : []) {
      if (typeof place !== "string") continue;
      const here = length === path.length ? line : undefined;
      const exact = isPart(place)
        ? placeInPart(place, here)
        : here !== undefined && !HAS_LINE.test(place)
          ? `${place}:${here}`
          : place;
      if (exact !== undefined && !places.includes(exact)) places.push(exact);
    }
  }
  return places;
}

// A location as findings write it, such as `flows/welcome.ts:12`, as file and line.
import path from "node:path";
import type { Position } from "./failures";

/** `folder` is what the location is relative to. */
export function positionOf(location: string | undefined, folder: string): Position | undefined {
  if (location === undefined) return undefined;
  const [, file, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/.exec(location) ?? [];
  if (file === undefined || file === "") return undefined;
  return {
    file: path.resolve(folder, file),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}

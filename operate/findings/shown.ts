// Findings as the formats take them, of files and of programs alike, with paths relative to one folder.
import path from "node:path";
import type { LocatedFinding, ProgramReport } from "../program/validate-program";
import { existsSync } from "node:fs";
import type { FileFinding } from "../validate";
import type { Finding } from "../../rules/finding";
import { positionOf } from "../program/position";

/** A finding, what it is about, and where. */
export interface ShownFinding extends Finding {
  /** Path of the file, with slashes: relative to the folder that the format shows paths in. Absent where nobody knows. */
  file?: string;
  line?: number;
  column?: number;
  /** Name of the flow or schedule. Absent where the finding is about the program. */
  flow?: string;
}

/** `folder`: what paths are relative to. */
export function shownOfProgram(
  { findings }: Pick<ProgramReport, "findings">,
  programDir: string,
  folder: string,
): ShownFinding[] {
  return findings.map(({ resource, kind: _, position, locations, ...finding }: LocatedFinding) => ({
    ...finding,
    ...(locations === undefined
      ? {}
      : { locations: locations.map((location) => relocated(location, programDir, folder)) }),
    ...(position === undefined ? {} : { ...position, file: below(folder, position.file) }),
    ...(resource === undefined ? {} : { flow: resource }),
  }));
}

/** Locations of files are as they were named: relative to the folder that the command runs in. */
export const shownOfFiles = (findings: readonly FileFinding[], cwd: string, folder: string): ShownFinding[] =>
  findings.map((finding) => {
    const position = positionOf(finding.locations?.[0], cwd);
    if (position === undefined) return finding;
    return {
      ...finding,
      ...position,
      file: finding.file === STANDARD_INPUT ? finding.file : below(folder, position.file),
    };
  });

const STANDARD_INPUT = "standard input";

/** The folder of the repository around a folder, which annotations are relative to; the folder itself where there is none. */
export function repositoryAround(folder: string): string {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, ".git"))) return dir;
    if (dir === path.dirname(dir)) return path.resolve(folder);
  }
}

function relocated(location: string, from: string, to: string): string {
  const position = positionOf(location, from);
  if (position === undefined) return location;
  return [below(to, position.file), position.line, position.column].filter((part) => part !== undefined).join(":");
}

/** What is not below the folder keeps its whole path. */
function below(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return (relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative) ? file : relative)
    .split(path.sep)
    .join("/");
}

// What a page that is served says of a program with errors.
import type { ShownFinding, Trouble } from "../../show/data";
import { maskData } from "../mask";
import type { LocatedFinding } from "../program/validate-program";
import type { Workspace } from "../workspace";
import { locationOf } from "./flow-version";
import { present } from "./present";
import type { ShowSource } from "./source";

/** Absent: there is none. */
export function troubleOf(
  { problems, isFinished }: Pick<ShowSource, "problems" | "isFinished">,
  workspace: Pick<Workspace, "dir" | "programDir">,
): Trouble | undefined {
  if (!problems.some(({ severity }) => severity === "error")) return undefined;
  return {
    what: isFinished ? "Its flows are shown all the same." : "It stops before it has made all of its flows.",
    findings: maskData(problems.map((finding) => shown(finding, workspace))),
  };
}

const shown = (
  { rule, severity, path, what, why, fix, position }: LocatedFinding,
  { dir, programDir }: Pick<Workspace, "dir" | "programDir">,
): ShownFinding => ({
  rule,
  severity,
  path,
  what,
  ...present({ why, fix, location: locationOf(position, { program: programDir, root: dir }) }),
});

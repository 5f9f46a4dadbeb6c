// Findings as a terminal shows them: location, severity and what is wrong in the first line, what it is about, why and how to fix it below.
import { oneLine } from "../definition/plain-text";
import { sentence } from "../operate/findings/sentences";
import type { ShownFinding } from "../operate/findings/shown";
import type { ProgramReport } from "../operate/program/validate-program";
import type { Io } from "./io";
import { counted } from "./texts";

/** One text of several lines for each finding. */
export const findingLines = (findings: readonly ShownFinding[], io: Io): string[] =>
  findings.map(({ severity, path, file, line, column, what, why, fix, rule, flow }) => {
    const location = file === undefined ? (flow ?? "program") : joined(":", file, line, column);
    const head = `${oneLine(location)}: ${io.style(severity, severity === "error" ? "red" : "yellow", "bold")}: ${sentence(oneLine(what))} ${io.style(`[${rule}]`, "dim")}`;
    const about = joined(": ", flow, path === "" ? undefined : path);
    const more = [why, fix].filter((part) => part !== undefined && part !== "").map((part) => sentence(part!));
    return [
      head,
      ...(about === "" ? [] : [`    ${io.style(oneLine(about), "dim")}`]),
      ...more.map((part) => `    ${oneLine(part)}`),
    ].join("\n");
  });

/** How many findings there are, and in what. */
export function programVerdict({ findings, checked, stack }: ProgramReport): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const flows = checked.filter(({ kind }) => kind === "flow").length;
  const schedules = checked.length - flows;
  const what = [
    ...(flows > 0 || schedules === 0 ? [counted(flows, "flow")] : []),
    ...(schedules > 0 ? [counted(schedules, "schedule")] : []),
  ].join(" and ");
  const where = stack === undefined ? what : `${what} of stack ${stack}`;
  return findings.length === 0
    ? `${where}: no problems found.`
    : `${counted(errors, "error")}, ${counted(findings.length - errors, "warning")} in ${where}.`;
}

const joined = (between: string, ...parts: (string | number | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(between);
